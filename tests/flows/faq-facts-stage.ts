/** The example brand's answers from the asker's own orders, on a real database. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { importKind } from '../../src/app/import/schema.ts'
import type { RightsParts } from '../../src/app/rights.ts'
import { deskSettings } from '../../src/desk/server/settings.ts'
import { slices } from '../../src/app/slices.ts'
import { createRegistry, loadFolder } from '../../src/content/index.ts'
import { answerFact, factsOf } from '../../src/domains/faq/facts/index.ts'
import { faqKind, faqKindWith, type FaqEntry, type Talk } from '../../src/domains/faq/schema.ts'
import * as handoff from '../../src/domains/handoff/index.ts'
import * as members from '../../src/domains/members/index.ts'
import * as orders from '../../src/domains/orders/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { Effect, EffectOf, Recipient } from '../../src/kernel/effect.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { virtualJobs } from '../../src/kernel/jobs.ts'
import { Transaction } from '../../src/kernel/work.ts'
import { virtualClock } from '../support/clock.ts'
import { testSecrets } from '../support/secrets.ts'

const start = new Date('2026-11-22T04:00:00Z')
export const hour = 3_600_000

export type Placed = Partial<orders.OrderTold> & { orderNo: string; status: orders.OrderStatus; ago?: number }

type Asking = { inGroup?: boolean; beside?: string[]; pick?: number }

export type Customer = {
  customerId: string
  contactId: string
  /** Her direct thread, which need not be there yet. */
  threadId: string
  /** Orders of hers, so many hours ago. */
  ordered(...placed: Placed[]): Promise<void>
  ask(entry: string, asking?: Asking): Promise<Answered>
}

export type Answered = {
  outcome: string
  effects: Effect[]
  sent: EffectOf<'SendMessage'>[]
  /** The words of each message. */
  texts: string[]
}

export async function factsStage(db: Database) {
  const clock = virtualClock(start)
  const ids = systemIds(clock)
  const facts = factsOf([orders.slice])
  const content = await exampleContent()
  const secrets = await testSecrets(db)
  const jobs = virtualJobs(clock)
  const handing = handoff.handoffSlice([])
  let inboxId = 0n

  const rights = (): RightsParts => {
    const keepers = [members.slice, orders.slice, handing]
    return { slices: keepers, secrets, ids, jobs, now: clock.now(), by: 'cli:test' }
  }

  /** Answers once, and opens the cases that are asked for. */
  const answer = (entry: FaqEntry, talk: Talk, beside: FaqEntry[] = [], pick = 0): Promise<Answered> =>
    db.transaction(async (connection) => {
      const work = new Transaction(connection, clock.now())
      const on = { talk, work, content, ids, facts, answers: ['m-1'], account: 'main', pick, beside }
      const { effects, outcome } = await answerFact(entry, { ...on, inboxId: (inboxId += 1n) })
      for (const effect of effects) {
        if (effect.kind === 'OpenCase') await handing.applies?.OpenCase?.(effect, { work, content, ids })
      }
      await work.flush()
      const sent = effects.filter((effect) => effect.kind === 'SendMessage')
      return { outcome, effects, sent, texts: sent.map(wordsOf) }
    })

  const entryNamed = (id: string): FaqEntry => {
    const item = content.items(faqKind).find(({ data }) => data.id === id)
    if (!item) throw new Error(`the example brand has no entry ${id}`)
    return item.data
  }

  const record = async (customerId: string, placed: Placed[]): Promise<void> => {
    const found = await db.pool.query<{ person_id: string }>('SELECT person_id FROM customer WHERE id = $1', [
      customerId,
    ])
    const buyer = { customerId, personId: found.rows[0]!.person_id }
    const all = placed.map(({ ago = 24, ...more }) => {
      const told: orders.OrderTold = {
        ...{ shop: 'mall', cents: 19_900n, refundOf: null, carrier: null, trackingNo: null, deliveredAt: null },
        ...{ orderedAt: new Date(clock.now().getTime() - ago * hour), items: [], province: '浙江省', city: '杭州市' },
        ...{ area: '华东', address: '文一西路 1 号', source: `test:${more.orderNo}`, ...more },
      }
      return { ...orders.makeReady(told, secrets), buyer }
    })
    const on = { now: clock.now(), secrets, totals: 'keep' as const, announceNew: false }
    await db.transaction((tx) => orders.recordOrders(tx, all, on))
  }

  /** Where somebody asks: directly, or in a group of the rule `fans`. */
  const talkOf = (customerId: string, contactId: string, inGroup = false): Talk => {
    const recipient: Recipient = inGroup
      ? { kind: 'group', account: 'main', roomId: 'room', threadId: ids.derived('thread', 'default', 'group', 'room') }
      : { kind: 'direct', account: 'main', contactId, threadId: directThread(contactId), customerId }
    return { threadId: recipient.threadId, customerId, contactId, rule: inGroup ? 'fans' : null, recipient }
  }
  const directThread = (contactId: string): string => ids.derived('thread', 'main', 'direct', contactId)

  /** Somebody with a contact of her own; a friend of the account unless told otherwise. */
  const customer = async ({ name = '王芳', friend = true, staff = false } = {}): Promise<Customer> => {
    const customerId = randomUUID()
    const contactId = `contact-${customerId}`
    await db.pool.query(
      'INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, staff) VALUES ($1, $1, $2, $2, $3)',
      [customerId, start, staff],
    )
    await db.pool.query(
      `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, friend_of, first_seen_at, last_seen_at)
       VALUES ($1, 'default', $2, $3, 'customer', $4, $5, $6, $6)`,
      [randomUUID(), contactId, customerId, name, friend ? { main: start.toISOString() } : {}, start],
    )
    return {
      ...{ customerId, contactId, threadId: directThread(contactId) },
      ordered: (...placed) => record(customerId, placed),
      ask: (entry, { inGroup = false, beside = [], pick = 0 } = {}) =>
        answer(entryNamed(entry), talkOf(customerId, contactId, inGroup), beside.map(entryNamed), pick),
    }
  }

  return {
    ...{ clock, rights, customer, answer, entryNamed, talkOf },
    cases: () => handoff.listCases(db.pool, { open: true }),
  }
}

export function wordsOf({ body }: EffectOf<'SendMessage'>): string {
  return body.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
}

/** The example brand's content, checked with what facts allow in answers. */
async function exampleContent(): Promise<Content> {
  const facts = factsOf(slices)
  const kinds = (slice: (typeof slices)[number]) =>
    (slice.kinds ?? []).map((kind) => (kind.name === 'faq' ? (faqKindWith(facts) as typeof kind) : kind))
  const registry = createRegistry([
    ...slices.map((slice) => ({ ...slice, kinds: kinds(slice) })),
    { name: 'import', kinds: [importKind] },
    { name: 'desk', settings: [deskSettings] },
  ])
  const dir = fileURLToPath(new URL('../../content', import.meta.url))
  const { content, findings } = await loadFolder(dir, registry)
  if (!content) throw new Error(`the example brand is not in order: ${JSON.stringify(findings)}`)
  return content
}
