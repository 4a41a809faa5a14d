import { createHash, randomBytes, randomFillSync } from 'node:crypto'
import type { Clock, Ids } from './ports.ts'

function uuid(bytes: Buffer, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** Random bytes are asked for in bulk: each call costs as much as hundreds of ids. */
const bulk = Buffer.alloc(4_096)
let used = bulk.length

function random16(): Buffer {
  if (used === bulk.length) {
    randomFillSync(bulk)
    used = 0
  }
  used += 16
  return Buffer.from(bulk.subarray(used - 16, used))
}

/** Ids for life: UUID v7 (RFC 9562 section 5.7) when fresh, UUID v8 over SHA-256 when derived. */
export function systemIds(clock: Clock): Ids {
  return {
    fresh() {
      const bytes = random16()
      bytes.writeUIntBE(clock.now().getTime(), 0, 6)
      return uuid(bytes, 7)
    },
    derived(...words) {
      return uuid(createHash('sha256').update(JSON.stringify(words)).digest().subarray(0, 16), 8)
    },
    random() {
      return randomBytes(6).readUIntBE(0, 6) / 2 ** 48
    },
  }
}
