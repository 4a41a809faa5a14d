/** Answers from the asker's own orders, on a real database and with the example brand's words. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountsKind } from '../../src/app/accounts.ts'
import { importKind } from '../../src/app/import/schema.ts'
import { forgetCustomer, linkCustomers, type RightsParts, unlinkCustomer } from '../../src/app/rights.ts'
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
import { folderWith } from '../support/content-files.ts'
import { testDatabase } from '../support/database.ts'
import { testSecrets } from '../support/secrets.ts'

const start = new Date('2026-11-22T04:00:00Z')
const hour = 3_600_000
const clock = virtualClock(start)
const ids = systemIds(clock)
const facts = factsOf([orders.slice])
const keepers = [members.slice, orders.slice, handoff.slice]
let db: Database
let content: Content
let rights: () => RightsParts
let inboxId = 0n

/** The example brand's registry, with what the facts allow in answers. */
const registry = createRegistry([
  ...slices.map((slice) => ({
    ...slice,
    kinds: (slice.kinds ?? []).map((kind) => (kind.name === 'faq' ? (faqKindWith(facts) as typeof kind) : kind)),
  })),
  { name: 'accounts', kinds: [accountsKind] },
  { name: 'import', kinds: [importKind] },
])

beforeAll(async () => {
  ;({ db } = await testDatabase())
  const secrets = await testSecrets(db)
  const jobs = virtualJobs(clock)
  rights = () => ({ slices: keepers, secrets, ids, jobs, now: clock.now(), by: 'cli:test' })
  const loaded = await loadFolder(fileURLToPath(new URL('../../content', import.meta.url)), registry)
  expect(loaded.findings.filter(({ file }) => file === 'faq/my-orders.yaml')).toEqual([])
  content = loaded.content!
})

beforeEach(async () => {
  await db.pool.query('TRUNCATE orders, customer, identity, thread, handoff_case, customer_link CASCADE')
})

type Placed = Partial<orders.OrderTold> & { orderNo: string; status: orders.OrderStatus; ago?: number }

/** Somebody with a contact of her own; a friend of the account unless told otherwise. */
async function customer({ name = '王芳', friend = true, staff = false } = {}) {
  const customerId = randomUUID()
  const contactId = `contact-${customerId}`
  const roomThread = randomUUID()
  const threadId = ids.derived('thread', 'main', 'direct', contactId)
  await db.pool.query(
    'INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, staff) VALUES ($1, $1, $2, $2, $3)',
    [customerId, start, staff],
  )
  await db.pool.query(
    `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, friend_of, first_seen_at, last_seen_at)
     VALUES ($1, 'default', $2, $3, 'customer', $4, $5, $6, $6)`,
    [randomUUID(), contactId, customerId, name, friend ? { main: start.toISOString() } : {}, start],
  )

  const orderedBefore = async (...placed: Placed[]): Promise<void> => {
    const { secrets } = rights()
    const { rows } = await db.pool.query<{ person_id: string }>('SELECT person_id FROM customer WHERE id = $1', [
      customerId,
    ])
    const buyer = { customerId, personId: rows[0]!.person_id }
    const all = placed.map(({ ago = 24, ...more }) => ({
      ...orders.makeReady(
        {
          ...{ shop: 'mall', cents: 19_900n, refundOf: null, carrier: null, trackingNo: null, deliveredAt: null },
          ...{ orderedAt: new Date(clock.now().getTime() - ago * hour), items: [], province: '浙江省', city: '杭州市' },
          ...{ area: '华东', address: '文一西路 1 号', source: `test:${more.orderNo}`, ...more },
        },
        secrets,
      ),
      buyer,
    }))
    const on = { now: clock.now(), secrets, totals: 'keep' as const, announceNew: false }
    await db.transaction((tx) => orders.recordOrders(tx, all, on))
  }

  const ask = async (entryId: string, { inGroup = false, beside = [] as string[] } = {}) => {
    const recipient: Recipient = inGroup
      ? { kind: 'group', account: 'main', roomId: 'room', threadId: roomThread }
      : { kind: 'direct', account: 'main', contactId, threadId, customerId }
    const rule = inGroup ? 'fans' : null
    const talk: Talk = { threadId: recipient.threadId, customerId, contactId, rule, recipient }
    return asked(entryId, talk, beside)
  }
  return { customerId, contactId, threadId, orderedBefore, ask }
}

async function asked(entryId: string, talk: Talk, besides: string[] = []) {
  return db.transaction(async (connection) => {
    const work = new Transaction(connection, clock.now())
    const on = { talk, work, content, ids, facts, answers: ['m-1'], inboxId: (inboxId += 1n), account: 'main', pick: 0 }
    const beside = besides.map(entryNamed)
    const { effects, outcome } = await answerFact(entryNamed(entryId), { ...on, beside })
    for (const effect of effects) {
      if (effect.kind === 'OpenCase') await handoff.slice.applies?.OpenCase?.(effect, { work, content, ids })
    }
    await work.flush()
    return { outcome, effects, sent: effects.filter(isSend), texts: effects.filter(isSend).map(textOf) }
  })
}

function entryNamed(id: string): FaqEntry {
  return content.items(faqKind).find(({ data }) => data.id === id)!.data
}

const isSend = (effect: Effect): effect is EffectOf<'SendMessage'> => effect.kind === 'SendMessage'
const textOf = ({ body }: EffectOf<'SendMessage'>): string =>
  body.map((part) => (part.type === 'text' ? part.text : '')).join('\n')

const cases = () => handoff.listCases(db.pool, { open: true })

describe('a question about her own order', () => {
  test('is answered directly, from her orders alone, though another customer bears her name', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped', carrier: '顺丰速运', trackingNo: 'SF4692' })
    await berta.orderedBefore({ orderNo: 'E2222', status: 'paid' })
    const { outcome, sent, texts } = await anna.ask('my-parcel')
    expect(outcome).toBe('fact')
    expect(sent).toMatchObject([
      {
        to: { kind: 'direct', contactId: anna.contactId },
        purpose: 'reply',
        key: `reply:${inboxId}`,
        answers: ['m-1'],
      },
    ])
    expect(sent[0]?.notAfter).toEqual(new Date(start.getTime() + 300_000))
    expect(texts).toEqual([expect.stringMatching(/1111.*11 月 21 日.*顺丰速运.*4692/)])
    const other = await berta.ask('my-parcel')
    expect(other.texts[0]).toContain('2222')
    expect(other.texts[0]).not.toMatch(/1111|4692/)
    expect(await cases()).toEqual([])
  })

  test('names every parcel that is under way', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped' }, { orderNo: 'E2222', status: 'paid' })
    expect((await anna.ask('my-parcel')).texts[0]).toMatch(/2 单.*1111.*2222/s)
  })

  test('says nothing of where she lives', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'completed', deliveredAt: start })
    for (const entry of ['my-parcel', 'my-shipment', 'my-cancellation']) {
      expect((await anna.ask(entry)).texts.join()).not.toMatch(/杭州|浙江|文一西路/)
    }
  })

  test('is answered alike for all the customers that she is, and for each alone when they are parted', async () => {
    const [anna, alias] = [await customer(), await customer({ name: 'Anna' })]
    await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped' })
    expect((await alias.ask('my-parcel')).outcome).toBe('handed')
    await linkCustomers(db, rights(), anna.customerId, alias.customerId)
    expect((await alias.ask('my-parcel')).texts[0]).toContain('1111')
    expect((await anna.ask('my-parcel')).texts[0]).toContain('1111')
    await unlinkCustomer(db, rights(), anna.customerId)
    expect((await alias.ask('my-parcel')).texts[0]).not.toContain('1111')
    expect((await anna.ask('my-parcel')).texts[0]).toContain('1111')
  })

  test('gives the day of the brand, also at its midnight', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'paid', orderedAt: new Date('2026-11-20T15:59:59.999Z') })
    expect((await anna.ask('my-parcel')).texts[0]).toContain('11 月 20 日')
    const berta = await customer()
    await berta.orderedBefore({ orderNo: 'E2222', status: 'paid', orderedAt: new Date('2026-11-20T16:00:00Z') })
    expect((await berta.ask('my-parcel')).texts[0]).toContain('11 月 21 日')
  })

  test('gives a refund to the cent', async () => {
    const anna = await customer()
    await anna.orderedBefore(
      { orderNo: 'E1111', status: 'completed', cents: 123_456_789_012n, ago: 200 },
      { orderNo: 'T9', status: 'refunded', cents: -123_456_789_010n, refundOf: 'E1111', ago: 10 },
    )
    expect((await anna.ask('my-refund')).texts[0]).toMatch(/^1234567890\.10 元已经退了（尾号 1111 的订单）/)
  })
})

describe('asked in a group', () => {
  test('one line names her, and her figures go to her alone, in a thread that is there by then', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped', trackingNo: 'SF4692' })
    const { outcome, sent, texts } = await anna.ask('my-parcel', { inGroup: true })
    expect(outcome).toBe('fact')
    expect(sent).toMatchObject([
      { to: { kind: 'group' }, key: `reply:${inboxId}`, body: [{ mentions: [anna.contactId] }] },
      {
        to: { kind: 'direct', threadId: anna.threadId, contactId: anna.contactId, customerId: anna.customerId },
        key: `reply:${inboxId}:direct`,
      },
    ])
    expect(texts[0]).not.toMatch(/\d/)
    expect(texts[1]).toMatch(/1111.*4692/)
    const { rows } = await db.pool.query('SELECT kind, customer_id FROM thread WHERE id = $1', [anna.threadId])
    expect(rows).toEqual([{ kind: 'direct', customer_id: anna.customerId }])
  })

  test('the group reads the same when nothing is known, and the case belongs to the direct thread', async () => {
    const [known, unknown] = [await customer(), await customer()]
    await known.orderedBefore({ orderNo: 'E1111', status: 'shipped' })
    const lines = [await known.ask('my-parcel', { inGroup: true }), await unknown.ask('my-parcel', { inGroup: true })]
    expect(lines[0]?.texts[0]).toBe(lines[1]?.texts[0])
    expect(await cases()).toMatchObject([{ threadId: unknown.threadId, reason: 'order-unknown' }])
  })

  test('who is no friend of the account is asked to become one, and nothing of hers is looked up', async () => {
    const anna = await customer({ friend: false })
    const { sent, texts, outcome } = await anna.ask('my-parcel', { inGroup: true })
    expect(sent).toMatchObject([{ to: { kind: 'group' }, body: [{ mentions: [anna.contactId] }] }])
    expect(texts[0]).toContain('加我好友')
    expect([outcome, await cases()]).toEqual(['fact', []])
    expect((await anna.ask('my-parcel')).outcome).toBe('handed')
  })

  test('while a human writes with her directly, she is sent there and not written to', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped' })
    await anna.ask('my-parcel', { inGroup: true })
    await db.pool.query('UPDATE thread SET silent_until = $2 WHERE id = $1', [
      anna.threadId,
      new Date(clock.now().getTime() + hour),
    ])
    const { sent, texts } = await anna.ask('my-parcel', { inGroup: true })
    expect(sent.map(({ to }) => to.kind)).toEqual(['group'])
    expect(texts[0]).toContain('顾问')
  })
})

describe('a message that asks for more', () => {
  test('is answered whole: what is for everybody where it was asked, what is hers directly, the same matter once', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped' }, { orderNo: 'E2222', status: 'cancelled' })
    const beside = ['ship-free-threshold', 'my-shipment', 'my-cancellation']
    const { sent, texts } = await anna.ask('my-parcel', { inGroup: true, beside })
    expect(sent.map(({ to }) => to.kind)).toEqual(['group', 'direct'])
    expect(texts[0]).toContain('包邮')
    expect(texts[0]).not.toMatch(/1111|2222/)
    expect(texts[1]?.match(/1111/g)).toHaveLength(1)
    expect(texts[1]).toMatch(/1111.*2222/s)
    const direct = await anna.ask('my-parcel', { beside })
    expect(direct.texts).toEqual([expect.stringMatching(/1111.*2222.*包邮/s)])
  })

  test('is answered as far as everybody may read it, when the rest cannot reach her', async () => {
    const anna = await customer({ friend: false })
    const { texts } = await anna.ask('my-parcel', { inGroup: true, beside: ['ship-free-threshold'] })
    expect(texts).toEqual([expect.stringMatching(/包邮.*加我好友/s)])
  })
})

describe('what a human has to look at', () => {
  test('an order that is late is owned up to, and opens one case, however often and wherever she asks', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'paid', ago: 73 })
    const { outcome, texts } = await anna.ask('my-parcel')
    expect(outcome).toBe('handed')
    expect(texts[0]).toMatch(/1111.*还没发出/)
    await anna.ask('my-shipment')
    await anna.ask('my-parcel', { inGroup: true })
    expect(await cases()).toMatchObject([
      {
        ...{ threadId: anna.threadId, customerId: anna.customerId, reason: 'order-late' },
        evidence: { fact: 'order.delivery', entry: 'my-parcel', order: '1111' },
      },
    ])
  })

  test('a late order of the next day, or another one, is another case', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'paid', ago: 73 })
    await anna.ask('my-parcel')
    await anna.orderedBefore({ orderNo: 'E2222', status: 'paid', ago: 74 })
    await anna.ask('my-parcel')
    await clock.advance(24 * hour)
    await anna.ask('my-parcel')
    expect(await cases()).toHaveLength(3)
  })

  test('a refund that is late is owned up to with its amount', async () => {
    const anna = await customer()
    await anna.orderedBefore(
      { orderNo: 'E1111', status: 'completed', ago: 300 },
      { orderNo: 'T1', status: 'paid', cents: -1_990n, refundOf: 'E1111', ago: 200 },
    )
    expect((await anna.ask('my-refund')).texts[0]).toMatch(/1111.*19\.90 元/)
    expect(await cases()).toMatchObject([{ reason: 'order-late', evidence: { fact: 'order.refund', order: '1111' } }])
  })

  test('who has no orders, or old ones alone, is told so and gets one case', async () => {
    const anna = await customer()
    await anna.orderedBefore({ orderNo: 'E1111', status: 'completed', ago: 61 * 24 })
    const { outcome, texts } = await anna.ask('my-parcel')
    await anna.ask('my-parcel')
    expect([outcome, texts[0]]).toEqual(['handed', expect.stringContaining('没找到')])
    expect(texts[0]).not.toContain('1111')
    expect(await cases()).toMatchObject([
      { reason: 'order-unknown', evidence: { fact: 'order.delivery', entry: 'my-parcel', order: null } },
    ])
  })

  test('who was met in this very moment has nothing yet', async () => {
    const contactId = 'newcomer'
    const customerId = randomUUID()
    const threadId = ids.derived('thread', 'main', 'direct', contactId)
    const recipient: Recipient = { kind: 'direct', account: 'main', contactId, threadId, customerId }
    const { outcome } = await asked('my-parcel', { threadId, customerId, contactId, rule: null, recipient })
    expect(outcome).toBe('handed')
  })

  test('of a fact that nobody registers nothing is known', async () => {
    const anna = await customer()
    const entry = { ...entryNamed('my-parcel'), fact: 'order.gone' }
    const { threadId, customerId, contactId } = anna
    const recipient: Recipient = { kind: 'direct', account: 'main', contactId, threadId, customerId }
    const talk: Talk = { threadId, customerId, contactId, rule: null, recipient }
    const { outcome } = await db.transaction((connection) => {
      const work = new Transaction(connection, clock.now())
      const on = { talk, work, content, ids, facts, answers: [], inboxId: 1n, account: 'main', pick: 0 }
      return answerFact(entry, on)
    })
    expect(outcome).toBe('handed')
  })
})

test('a forgotten person is told nothing, and whoever comes after her knows nothing of hers', async () => {
  const anna = await customer()
  await anna.orderedBefore({ orderNo: 'E1111', status: 'shipped' })
  await forgetCustomer(db, rights(), anna.customerId)
  expect(await anna.ask('my-parcel')).toMatchObject({ outcome: 'dropped', effects: [] })
  expect(await anna.ask('my-parcel', { inGroup: true })).toMatchObject({ outcome: 'dropped', effects: [] })
})

test('staff are told nothing', async () => {
  const berta = await customer({ staff: true })
  await berta.orderedBefore({ orderNo: 'E1111', status: 'shipped' })
  expect(await berta.ask('my-parcel')).toMatchObject({ outcome: 'dropped', effects: [] })
})

const letters = (alphabet: string) => fc.string({ minLength: 6, maxLength: 14, unit: fc.constantFrom(...alphabet) })
const anyOrders = (alphabet: string, least: number) =>
  fc.array(
    fc.record({
      orderNo: letters(alphabet),
      trackingNo: letters(alphabet),
      carrier: letters(alphabet),
      status: fc.constantFrom(...orders.OrderStatus.options),
      cents: fc.integer({ min: least, max: least + 9_999 }).map(BigInt),
      back: fc.option(fc.constantFrom(...orders.OrderStatus.options)),
      ago: fc.integer({ min: 0, max: 70 * 24 }),
    }),
    { minLength: 1, maxLength: 4 },
  )

test('whatever two customers have ordered, neither reads a number, a carrier or an amount of the other’s', async () => {
  const foreign = { anna: /[wxyz]{4}|\d{6}\.\d\d/, berta: /[ghjk]{4}/ }
  await fc.assert(
    fc.asyncProperty(anyOrders('ghjk', 100), anyOrders('wxyz', 50_000_000), async (hers, theirs) => {
      await db.pool.query('TRUNCATE orders, handoff_case')
      const people = { anna: await customer(), berta: await customer() }
      for (const [person, placed] of [[people.anna, hers] as const, [people.berta, theirs] as const]) {
        const all = placed.flatMap(({ back, ...order }, i): Placed[] => {
          const refundOf = order.orderNo
          const refund = { ...order, orderNo: `${refundOf}${i}`, cents: -order.cents, refundOf, status: back! }
          return back === null ? [order] : [order, refund]
        })
        await person.orderedBefore(...all)
      }
      for (const name of ['anna', 'berta'] as const) {
        for (const entry of ['my-parcel', 'my-shipment', 'my-refund', 'my-cancellation']) {
          for (const inGroup of [false, true]) {
            const { texts, effects, sent } = await people[name].ask(entry, { inGroup })
            expect(JSON.stringify(effects)).not.toMatch(foreign[name])
            expect(texts.join('\n')).not.toMatch(foreign[name])
            expect(texts.every((text) => text.trim() !== '')).toBe(true)
            const inPublic = sent.filter(({ to }) => to.kind === 'group').map(textOf)
            expect(inPublic.join('\n')).not.toMatch(/[ghjkwxyz]{4}|\d/)
          }
        }
      }
    }),
    { numRuns: 25 },
  )
})

describe('content with facts', () => {
  const entry = (fact: string, answer: string): string =>
    `- { id: own, questions: [到哪了], fact: ${fact}, answer: ${JSON.stringify(answer)} }\n`
  const findings = async (fact: string, answer: string): Promise<string[]> => {
    const dir = await folderWith({ 'faq/own.yaml': entry(fact, answer) })
    const only = createRegistry([{ name: 'faq', kinds: [faqKindWith(facts)] }])
    return (await loadFolder(dir, only)).findings
      .filter(({ file }) => file === 'faq/own.yaml')
      .map(({ message, expected }) => `${message} → ${expected}`)
  }

  test('is told of a fact that nobody knows, of placeholders that it does not fill, and of states without words', async () => {
    expect(await findings('order.gone', '好')).toEqual([expect.stringMatching(/«order.gone».*One of order.delivery/)])
    expect(await findings('order.delivery', '{{ phone }}')).toEqual([expect.stringContaining('`phone`')])
    expect(await findings('order.delivery', "{% if state == 'paid' %}好{% endif %}")).toEqual([
      expect.stringMatching(/says nothing for .*state: shipped/),
    ])
    expect(await findings('order.delivery', '好{% for parcel in parcels %}{{ parcel.phone }}{% endfor %}')).toEqual([
      expect.stringContaining('parcel.phone'),
    ])
    expect(await findings('order.delivery', '好 {{ order }}')).toEqual([])
  })

  test('may have placeholders only in an entry with a fact', async () => {
    const dir = await folderWith({ 'faq/own.yaml': '- { id: own, questions: [到哪了], answer: "{{ order }}" }\n' })
    const { findings } = await loadFolder(dir, createRegistry([{ name: 'faq', kinds: [faqKindWith(facts)] }]))
    expect(findings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('{{ order }}')]),
    )
  })
})
