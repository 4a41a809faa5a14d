/** A persona by its words: whatever was said under another hash may sound different now. */
import { createHash } from 'node:crypto'
import type { Persona } from './schema.ts'

const hashes = new WeakMap<Persona, string>()

/** SHA-256 of everything that the page says, in hex. */
export function personaHash(persona: Persona): string {
  const known = hashes.get(persona)
  if (known !== undefined) return known
  const hash = hashOf([persona])
  hashes.set(persona, hash)
  return hash
}

export function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
