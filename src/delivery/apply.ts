/** The slice of delivery: `SendMessage` becomes rows of the outbox, in the transaction of the event that asked for it. */
import type { Body, SendMessage } from '../kernel/effect.ts'
import type { Slice } from '../kernel/slice.ts'
import type { BatchWrite, Queryable } from '../kernel/work.ts'
import { batchWishes } from './batches/repo.ts'
import { insertRows } from './express/repo.ts'
import { hashOfBody } from './hash.ts'
import { takeBack } from './recall/index.ts'
import { cancelRests } from './record/repo.ts'
import { rights } from './rights/repo.ts'
import type { NewRow, Reservation } from './schema.ts'
import { limitsSettings } from './limits/index.ts'
import { deliverySettings } from './schema.ts'
import { splitText } from './split.ts'

/** After threads, customers and messages: its rows point at them. */
const outboxRows: BatchWrite<NewRow> = { name: 'outbox', order: 70, run: insert }

/** Whoever delivers in this process: keeps a place for what can leave at once, and is woken by commits for the rest. */
export type WayOut = {
  reserve(account: string, threadId: string, key: string): Reservation | undefined
  wake(account: string, threadId: string): void
  /** Something is to be taken back: look now. */
  recall(): void
  /** What was held is let go: look now. */
  release(): void
  /** Batches are to be stopped: cancel what waits of them. */
  stopBatches(): void
}
export const waysOut = new Set<WayOut>()

export const slice: Slice = {
  name: 'delivery',
  settings: [deliverySettings, limitsSettings],
  applies: {
    SendMessage(effect, { work, content }) {
      const { account, threadId } = effect.to
      const { partBytes } = content.settings(deliverySettings)
      const rows = rowsOf(effect, partBytes, work.now)
      const reservation = isExpress(effect, rows) ? reserve(effect) : undefined
      for (const row of rows) work.write(outboxRows, reservation ? { ...row, reservation } : row)
      if (reservation) work.afterRollback((lost) => reservation.rolledBack(lost))
      work.afterCommit(() => {
        if (reservation?.committed()) return
        for (const way of waysOut) way.wake(account, threadId)
      })
    },
    async RecallMessage(effect, { work }) {
      const further = await takeBack(effect, work)
      work.afterCommit(() => {
        for (const way of waysOut) way.recall()
      })
      return further
    },
    CancelSend: ({ key, reason }, { work }) => work.write(cancelledKeys, { key, reason, now: work.now }),
    HoldSends: ({ batch }, { work }) => work.write(batchWishes, { kind: 'hold', batch, now: work.now }),
    ReleaseSends({ batch }, { work }) {
      work.write(batchWishes, { kind: 'release', batch })
      work.afterCommit(() => {
        for (const way of waysOut) way.release()
      })
    },
    StopSends({ batch, reason }, { work }) {
      work.write(batchWishes, { kind: 'stop', batch, reason, now: work.now })
      work.afterCommit(() => {
        for (const way of waysOut) way.stopBatches()
      })
    },
  },
  rights,
}

const cancelledKeys: BatchWrite<{ key: string; reason: string; now: Date }> = {
  name: 'outbox-cancel',
  order: 71,
  async run(db, rows) {
    const rests = rows.map(({ key, reason }) => ({ key, part: -1, reason }))
    if (rows[0]) await cancelRests(db, rests, rows[0].now)
  },
}

/** Whether it may leave at once if its account is free: a reply that is one message, with nothing to load or to wait for. */
function isExpress({ purpose, batch }: SendMessage, rows: readonly NewRow[]): boolean {
  const [row] = rows
  // A batch may be held, which the claim looks at.
  return (
    purpose === 'reply' &&
    batch === undefined &&
    rows.length === 1 &&
    row?.notBefore === null &&
    !('mediaId' in row.body)
  )
}

function reserve({ to: { account, threadId }, key }: SendMessage): Reservation | undefined {
  for (const way of waysOut) {
    const reservation = way.reserve(account, threadId, key)
    if (reservation) return reservation
  }
  return undefined
}

async function insert(db: Queryable, rows: readonly NewRow[]): Promise<void> {
  const sending = await insertRows(db, rows)
  for (const { reservation, key, to } of rows) {
    if (reservation) reservation.row = sending.find((row) => row.key === key && row.threadId === to.threadId) ?? null
  }
}

/** One row per part; a text without words has none, and what is said after it waits for its delay all the same. */
export function rowsOf(effect: SendMessage, partBytes: number, now: Date): NewRow[] {
  const { delays = [] } = effect
  let delay = 0
  const bodies = effect.body.flatMap((whole, i) => {
    delay += delays[i] ?? 0
    return partsOf(whole, partBytes).map((body) => {
      const part = { body, delay }
      delay = 0
      return part
    })
  })
  // The first part has none in front of it: its delay counts from when the whole may go.
  const first = bodies[0]?.delay ?? 0
  const begin = first > 0 ? new Date(Math.max(now.getTime(), effect.notBefore?.getTime() ?? 0) + first) : null
  return bodies.map(({ body, delay }, part) => ({
    key: effect.key,
    part,
    parts: bodies.length,
    to: effect.to,
    purpose: effect.purpose,
    body,
    bodyHash: hashOfBody(body),
    answers: effect.answers ?? [],
    batch: effect.batch ?? null,
    rank: effect.rank ?? 0,
    offer: effect.offer ?? null,
    delay: part === 0 ? 0 : delay,
    notBefore: begin ?? effect.notBefore ?? null,
    notAfter: effect.notAfter ?? null,
    createdAt: now,
    reservation: null,
  }))
}

/** Who is mentioned is mentioned once, in the first part. */
function partsOf(body: Body, partBytes: number): Body[] {
  if (body.type !== 'text') return [body]
  // PostgreSQL stores neither NUL nor half of a surrogate pair.
  const parts = splitText(body.text.replaceAll('\0', '').toWellFormed(), partBytes)
  return parts.map((text, i) => (i === 0 && body.mentions?.length ? { ...body, text } : { type: 'text', text }))
}
