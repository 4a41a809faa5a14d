/** The slice of delivery: `SendMessage` becomes rows of the outbox, in the transaction of the event that asked for it. */
import type { Body, SendMessage } from '../kernel/effect.ts'
import type { Slice } from '../kernel/slice.ts'
import type { BatchWrite } from '../kernel/work.ts'
import { hashOfBody } from './hash.ts'
import { insertRows } from './repo.ts'
import { rights } from './rights/repo.ts'
import type { NewRow } from './schema.ts'
import { deliverySettings } from './schema.ts'
import { splitText } from './split.ts'

/** After threads, customers and messages: its rows point at them. */
const outboxRows: BatchWrite<NewRow> = { name: 'outbox', order: 70, run: insertRows }

/** Whoever delivers in this process, to be woken by a commit that gave an account something to send. */
export const wakers = new Set<(account: string, threadId: string) => void>()

export const slice: Slice = {
  name: 'delivery',
  settings: [deliverySettings],
  applies: {
    SendMessage(effect, { work, content }) {
      const { partBytes } = content.settings(deliverySettings)
      for (const row of rowsOf(effect, partBytes, work.now)) work.write(outboxRows, row)
      work.afterCommit(() => {
        for (const wake of wakers) wake(effect.to.account, effect.to.threadId)
      })
    },
  },
  rights,
}

/** One row per part; a text without words has none. */
export function rowsOf(effect: SendMessage, partBytes: number, now: Date): NewRow[] {
  const bodies = effect.body.flatMap((body) => partsOf(body, partBytes))
  return bodies.map((body, part) => ({
    key: effect.key,
    part,
    parts: bodies.length,
    to: effect.to,
    purpose: effect.purpose,
    body,
    bodyHash: hashOfBody(body),
    answers: effect.answers ?? [],
    notBefore: effect.notBefore ?? null,
    notAfter: effect.notAfter ?? null,
    createdAt: now,
  }))
}

/** Who is mentioned is mentioned once, in the first part. */
function partsOf(body: Body, partBytes: number): Body[] {
  if (body.type !== 'text') return [body]
  // PostgreSQL stores neither NUL nor half of a surrogate pair.
  const parts = splitText(body.text.replaceAll('\0', '').toWellFormed(), partBytes)
  return parts.map((text, i) => (i === 0 && body.mentions?.length ? { ...body, text } : { type: 'text', text }))
}
