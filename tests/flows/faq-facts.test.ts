/** Answers from the asker's own orders, on a real database and with the example brand's words. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { forgetCustomer, linkCustomers, unlinkCustomer } from '../../src/app/rights.ts'
import { listEntries } from '../../src/domains/handoff/index.ts'
import { OrderStatus } from '../../src/domains/orders/index.ts'
import { testDatabase } from '../support/database.ts'
import { factsStage, hour, type Placed, wordsOf } from './faq-facts-stage.ts'

const { db } = await testDatabase()
const { clock, rights, customer, answer, entryNamed, talkOf, cases } = await factsStage(db)

beforeEach(async () => {
  await db.pool.query('TRUNCATE orders, customer, identity, thread, handoff_case, case_entry, customer_link CASCADE')
})

describe('a question about her own order', () => {
  test('is answered directly, from her orders alone, though another customer bears her name', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.ordered({ orderNo: 'E1111', status: 'shipped', carrier: '顺丰速运', trackingNo: 'SF4692' })
    await berta.ordered({ orderNo: 'E2222', status: 'paid' })
    const { outcome, sent, texts } = await anna.ask('my-parcel')
    expect(outcome).toBe('fact')
    expect(sent).toMatchObject([
      {
        to: { kind: 'direct', contactId: anna.contactId },
        purpose: 'reply',
        key: expect.stringMatching(/^reply:\d+$/) as string,
        answers: ['m-1'],
      },
    ])
    expect(sent[0]?.notAfter).toEqual(new Date(clock.now().getTime() + 300_000))
    expect(texts).toEqual([expect.stringMatching(/1111.*11 月 21 日.*顺丰速运.*4692/)])
    const other = await berta.ask('my-parcel')
    expect(other.texts[0]).toContain('2222')
    expect(other.texts[0]).not.toMatch(/1111|4692/)
    expect(await cases()).toEqual([])
  })

  test('names every parcel that is under way', async () => {
    const anna = await customer()
    await anna.ordered({ orderNo: 'E1111', status: 'shipped' }, { orderNo: 'E2222', status: 'paid' })
    expect((await anna.ask('my-parcel')).texts[0]).toMatch(/2 单.*1111.*2222/s)
  })

  test('says nothing of where she lives', async () => {
    const anna = await customer()
    await anna.ordered({ orderNo: 'E1111', status: 'completed', deliveredAt: clock.now() })
    for (const entry of ['my-parcel', 'my-shipment', 'my-cancellation']) {
      expect((await anna.ask(entry)).texts.join()).not.toMatch(/杭州|浙江|文一西路/)
    }
  })

  test('is answered alike for all the customers that she is, and for each alone when they are parted', async () => {
    const [anna, alias] = [await customer(), await customer({ name: 'Anna' })]
    await anna.ordered({ orderNo: 'E1111', status: 'shipped' })
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
    await anna.ordered({ orderNo: 'E1111', status: 'paid', orderedAt: new Date('2026-11-20T15:59:59.999Z') })
    expect((await anna.ask('my-parcel')).texts[0]).toContain('11 月 20 日')
    const berta = await customer()
    await berta.ordered({ orderNo: 'E2222', status: 'paid', orderedAt: new Date('2026-11-20T16:00:00Z') })
    expect((await berta.ask('my-parcel')).texts[0]).toContain('11 月 21 日')
  })

  test('gives a refund to the cent', async () => {
    const anna = await customer()
    await anna.ordered(
      { orderNo: 'E1111', status: 'completed', cents: 123_456_789_012n, ago: 200 },
      { orderNo: 'T9', status: 'refunded', cents: -123_456_789_010n, refundOf: 'E1111', ago: 10 },
    )
    expect((await anna.ask('my-refund')).texts[0]).toMatch(/^1234567890\.10 元已经退了（尾号 1111 的订单）/)
  })
})

describe('asked in a group', () => {
  test('one line names her, and her figures go to her alone, in a thread that is there by then', async () => {
    const anna = await customer()
    await anna.ordered({ orderNo: 'E1111', status: 'shipped', trackingNo: 'SF4692' })
    const { outcome, sent, texts } = await anna.ask('my-parcel', { inGroup: true })
    expect(outcome).toBe('fact')
    expect(sent).toMatchObject([
      { to: { kind: 'group' }, body: [{ mentions: [anna.contactId] }] },
      {
        to: { kind: 'direct', threadId: anna.threadId, contactId: anna.contactId, customerId: anna.customerId },
      },
    ])
    expect(sent[1]?.key).toBe(`${sent[0]?.key}:direct`)
    expect(texts[0]).not.toMatch(/\d/)
    expect(texts[1]).toMatch(/1111.*4692/)
    const { rows } = await db.pool.query('SELECT kind, customer_id FROM thread WHERE id = $1', [anna.threadId])
    expect(rows).toEqual([{ kind: 'direct', customer_id: anna.customerId }])
  })

  test('the group reads the same when nothing is known, and the case belongs to the direct thread', async () => {
    const [known, unknown] = [await customer(), await customer()]
    await known.ordered({ orderNo: 'E1111', status: 'shipped' })
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
    await anna.ordered({ orderNo: 'E1111', status: 'shipped' })
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
    await anna.ordered({ orderNo: 'E1111', status: 'shipped' }, { orderNo: 'E2222', status: 'cancelled' })
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
    await anna.ordered({ orderNo: 'E1111', status: 'paid', ago: 73 })
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

  test('a late order of the next day, or another one, is written to the case that she has open', async () => {
    const anna = await customer()
    await anna.ordered({ orderNo: 'E1111', status: 'paid', ago: 73 })
    await anna.ask('my-parcel')
    await anna.ordered({ orderNo: 'E2222', status: 'paid', ago: 74 })
    await anna.ask('my-parcel')
    await clock.advance(24 * hour)
    await anna.ask('my-parcel')
    const open = await cases()
    expect(open).toHaveLength(1)
    expect((await listEntries(db.pool, open[0]!.id)).map(({ kind }) => kind)).toEqual(['opened', 'again', 'again'])
  })

  test('a refund that is late is owned up to with its amount', async () => {
    const anna = await customer()
    await anna.ordered(
      { orderNo: 'E1111', status: 'completed', ago: 300 },
      { orderNo: 'T1', status: 'paid', cents: -1_990n, refundOf: 'E1111', ago: 200 },
    )
    expect((await anna.ask('my-refund')).texts[0]).toMatch(/1111.*19\.90 元/)
    expect(await cases()).toMatchObject([{ reason: 'order-late', evidence: { fact: 'order.refund', order: '1111' } }])
  })

  test('who has no orders, or old ones alone, is told so and gets one case', async () => {
    const anna = await customer()
    await anna.ordered({ orderNo: 'E1111', status: 'completed', ago: 61 * 24 })
    const { outcome, texts } = await anna.ask('my-parcel')
    await anna.ask('my-parcel')
    expect([outcome, texts[0]]).toEqual(['handed', expect.stringContaining('没找到')])
    expect(texts[0]).not.toContain('1111')
    expect(await cases()).toMatchObject([
      { reason: 'order-unknown', evidence: { fact: 'order.delivery', entry: 'my-parcel', order: null } },
    ])
  })

  test('who was met in this very moment has nothing yet', async () => {
    expect((await answer(entryNamed('my-parcel'), talkOf(randomUUID(), 'newcomer'))).outcome).toBe('handed')
  })

  test('of a fact that nobody registers nothing is known', async () => {
    const { customerId, contactId } = await customer()
    const entry = { ...entryNamed('my-parcel'), fact: 'order.gone' }
    expect((await answer(entry, talkOf(customerId, contactId))).outcome).toBe('handed')
  })
})

test('a forgotten person is told nothing, and whoever comes after her knows nothing of hers', async () => {
  const anna = await customer()
  await anna.ordered({ orderNo: 'E1111', status: 'shipped' })
  await forgetCustomer(db, rights(), anna.customerId)
  expect(await anna.ask('my-parcel')).toMatchObject({ outcome: 'dropped', effects: [] })
  expect(await anna.ask('my-parcel', { inGroup: true })).toMatchObject({ outcome: 'dropped', effects: [] })
})

test('staff are told nothing', async () => {
  const berta = await customer({ staff: true })
  await berta.ordered({ orderNo: 'E1111', status: 'shipped' })
  expect(await berta.ask('my-parcel')).toMatchObject({ outcome: 'dropped', effects: [] })
})

const letters = (alphabet: string) => fc.string({ minLength: 6, maxLength: 14, unit: fc.constantFrom(...alphabet) })
const anyOrders = (alphabet: string, least: number) =>
  fc.array(
    fc.record({
      orderNo: letters(alphabet),
      trackingNo: letters(alphabet),
      carrier: letters(alphabet),
      status: fc.constantFrom(...OrderStatus.options),
      cents: fc.integer({ min: least, max: least + 9_999 }).map(BigInt),
      back: fc.option(fc.constantFrom(...OrderStatus.options)),
      ago: fc.integer({ min: 0, max: 70 * 24 }),
    }),
    { minLength: 1, maxLength: 4 },
  )

test('whatever two customers have ordered, neither reads a number, a carrier or an amount of the other’s', async () => {
  const foreign = { anna: /[wxyz]{4}|\d{6}\.\d\d/, berta: /[ghjk]{4}/ }
  await fc.assert(
    fc.asyncProperty(anyOrders('ghjk', 100), anyOrders('wxyz', 50_000_000), async (hers, theirs) => {
      await db.pool.query('TRUNCATE orders, handoff_case, case_entry')
      const people = { anna: await customer(), berta: await customer() }
      for (const [person, placed] of [[people.anna, hers] as const, [people.berta, theirs] as const]) {
        const all = placed.flatMap(({ back, ...order }, i): Placed[] => {
          const refundOf = order.orderNo
          const refund = { ...order, orderNo: `${refundOf}${i}`, cents: -order.cents, refundOf, status: back! }
          return back === null ? [order] : [order, refund]
        })
        await person.ordered(...all)
      }
      for (const name of ['anna', 'berta'] as const) {
        for (const entry of ['my-parcel', 'my-shipment', 'my-refund', 'my-cancellation']) {
          for (const inGroup of [false, true]) {
            const { texts, effects, sent } = await people[name].ask(entry, { inGroup })
            expect(JSON.stringify(effects)).not.toMatch(foreign[name])
            expect(texts.join('\n')).not.toMatch(foreign[name])
            expect(texts.every((text) => text.trim() !== '')).toBe(true)
            const inPublic = sent.filter(({ to }) => to.kind === 'group').map(wordsOf)
            expect(inPublic.join('\n')).not.toMatch(/[ghjkwxyz]{4}|\d/)
          }
        }
      }
    }),
    { numRuns: 25 },
  )
})
