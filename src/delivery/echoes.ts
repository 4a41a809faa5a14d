/**
 * Echoes of sends that this process still remembers, recognised without asking the database: nearly all of them come
 * while their send is on its way or moments after. What is not recognised here goes the road of events (settle/), which
 * knows every send there ever was.
 *
 * The danger: a message that a human typed must not pass for an echo. So a send is matched once, by target and content,
 * and forgotten after a short time; and an account that declares no echoes is never matched.
 */
import type { Database } from '../kernel/db.ts'
import type { Message, Place } from '../kernel/event.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock, Gateway } from '../kernel/ports.ts'
import { hashOfBody, hashOfEcho } from './hash.ts'
import { markEchoed } from './record/repo.ts'
import type { Claimed, Ending } from './schema.ts'

type Expected = { row: Claimed; key: string; echo: { messageId: string; at: Date } | null; sent: boolean; at: number }

/** How long after its end a send is remembered. */
const memoryMs = 30_000
/** How many echoes are known again in memory; an older one is found in the thread. */
const remembered = 10_000
/** How long a mark may wait for others; losing it in a crash costs nothing but the mark. */
const flushMs = 250

export class Echoes {
  readonly #parts: { gateway: Gateway; db: Database; clock: Clock; log: Log }
  /** In the order of their sends. */
  readonly #byRow = new Map<bigint, Expected>()
  /** Those without an echo, by target and content; the oldest first. */
  readonly #unheard = new Map<string, Expected[]>()
  /** Ids of echoes that were recognised: a platform may tell them again. */
  readonly #heard = new Set<string>()
  #marks: { id: bigint; at: Date }[] = []
  #flushing = false

  constructor(parts: { gateway: Gateway; db: Database; clock: Clock; log: Log }) {
    this.#parts = parts
  }

  /** A send of `row` begins. */
  expect(row: Claimed): void {
    const { gateway, clock } = this.#parts
    if (!gateway.echoes) return
    const at = clock.now().getTime()
    for (const old of this.#byRow.values()) {
      if (old.at > at - memoryMs) break
      this.#forget(old)
    }
    const expected: Expected = { row, key: keyOf(placeOf(row), hashOfBody(row.body)), echo: null, sent: false, at }
    this.#byRow.delete(row.id)
    this.#byRow.set(row.id, expected)
    const alike = this.#unheard.get(expected.key)
    if (alike) alike.push(expected)
    else this.#unheard.set(expected.key, [expected])
  }

  /**
   * Whether this message of ours is the echo of a remembered send, the oldest one that fits. Each send is matched once;
   * the same echo told again is still one.
   */
  recognises(place: Place, message: Message): boolean {
    if (this.#heard.has(message.id)) return true
    const hash = hashOfEcho(message)
    const expected = hash === null ? undefined : this.#unheard.get(keyOf(place, hash))?.[0]
    if (!expected) return false
    this.#noLongerUnheard(expected)
    this.#hear(message.id)
    expected.echo = { messageId: message.id, at: this.#parts.clock.now() }
    if (expected.sent) this.#mark(expected)
    return true
  }

  /** How a send ended, in the light of its echo: what the platform showed was sent, whatever became of the call. */
  ended(row: Claimed, ending: Ending): Ending {
    const expected = this.#byRow.get(row.id)
    if (!expected) return ending
    if (ending.kind === 'sent' || (ending.kind === 'unknown' && expected.echo)) {
      expected.sent = true
      if (!expected.echo) return ending
      this.#mark(expected)
      return { kind: 'sent', messageId: expected.echo.messageId }
    }
    // An echo that comes later settles it in the database.
    this.#forget(expected)
    return ending
  }

  /** Writes the marks that wait. */
  async flush(): Promise<void> {
    const marks = this.#marks
    this.#marks = []
    if (marks.length === 0) return
    try {
      await markEchoed(this.#parts.db.pool, marks)
    } catch (error) {
      this.#parts.log.warn({ err: error, marks: marks.length }, 'echoes not marked')
    }
  }

  #hear(messageId: string): void {
    this.#heard.add(messageId)
    for (const oldest of this.#heard) {
      if (this.#heard.size <= remembered) break
      this.#heard.delete(oldest)
    }
  }

  #mark({ row, echo }: Expected): void {
    if (echo) this.#marks.push({ id: row.id, at: echo.at })
    // Sent and heard: nothing more is to be known of it.
    this.#byRow.delete(row.id)
    if (this.#flushing) return
    this.#flushing = true
    this.#parts.clock.after(flushMs, () => {
      this.#flushing = false
      void this.flush()
    })
  }

  #forget(expected: Expected): void {
    this.#noLongerUnheard(expected)
    if (this.#byRow.get(expected.row.id) === expected) this.#byRow.delete(expected.row.id)
  }

  #noLongerUnheard(expected: Expected): void {
    const others = this.#unheard.get(expected.key)?.filter((one) => one !== expected) ?? []
    if (others.length > 0) this.#unheard.set(expected.key, others)
    else this.#unheard.delete(expected.key)
  }
}

function placeOf({ recipient }: Claimed): Place {
  return recipient.kind === 'group'
    ? { kind: 'group', roomId: recipient.roomId }
    : { kind: 'direct', contactId: recipient.contactId }
}

function keyOf(place: Place, hash: string): string {
  return `${place.kind === 'group' ? place.roomId : place.contactId}\n${place.kind}\n${hash}`
}
