import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measuresOf, scoreOf } from '../../src/domains/tags/rfm/decide.ts'
import { readPlainRfm } from '../../src/domains/tags/rfm/plain/repo.ts'
import { type PlainRfm, plainBars, plainRfm } from '../../src/domains/tags/rfm/plain/decide.ts'
import { computeBars, findReferredCents, latestBars, measureBase } from '../../src/domains/tags/rfm/repo.ts'
import { rfmSchema } from '../../src/domains/tags/rfm/schema.ts'
import type { Facts, InteractionFact, OrderFact } from '../../src/domains/tags/schema.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const now = new Date('2026-03-31T12:00:00.000Z')
const hourMs = 3_600_000
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * hourMs)

type Bought = { hours: number; cents: bigint; status: string }
type Said = { hours: number; kind: string; weight: number }
type Someone = { id: string; orders: Bought[]; said: Said[]; invitedBy?: string; staff?: boolean; mergedInto?: string }

const someone = (more: Partial<Someone> = {}): Someone => ({ id: randomUUID(), orders: [], said: [], ...more })
const bought = (hours: number, cents: bigint, status = 'completed'): Bought => ({ hours, cents, status })

/** The whole base, in the place of whatever was there. */
async function keep(people: readonly Someone[]): Promise<void> {
  await db.pool.query('TRUNCATE customer, orders, interaction, rfm_bars, customer_rfm, tag_due CASCADE')
  for (const { id, invitedBy, staff, mergedInto } of people) {
    await db.pool.query(
      `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, invited_by, staff) VALUES ($1, $2, $3, $3, $4, $5)`,
      [id, mergedInto ?? id, now, invitedBy ?? null, staff ?? false],
    )
  }
  const orders = people.flatMap((one) => one.orders.map((order) => ({ ...one, ...order })))
  const said = people.flatMap((one) => one.said.map((each) => ({ ...one, ...each })))
  await db.pool.query(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
     SELECT 'shop', n::text, c, p, at, cents / 100.0, status, 'test', at, at
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::text[]) WITH ORDINALITY
       AS o (c, p, at, cents, status, n)`,
    [
      orders.map(({ id }) => id),
      orders.map(({ id, mergedInto }) => mergedInto ?? id),
      orders.map(({ hours }) => hoursAgo(hours)),
      orders.map(({ cents }) => cents),
      orders.map(({ status }) => status),
    ],
  )
  await db.pool.query(
    `INSERT INTO interaction (customer_id, person_id, kind, at, weight, source)
     SELECT c, p, kind, at, weight, 'test:' || n
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::real[]) WITH ORDINALITY
       AS i (c, p, at, kind, weight, n)`,
    [
      said.map(({ id }) => id),
      said.map(({ id, mergedInto }) => mergedInto ?? id),
      said.map(({ hours }) => hoursAgo(hours)),
      said.map(({ kind }) => kind),
      said.map(({ weight }) => weight),
    ],
  )
}

function factsOf(one: Someone, all: readonly Someone[], referredCents: bigint): Facts {
  const hers = all.filter(({ id, mergedInto }) => id === one.id || mergedInto === one.id)
  const order = ({ hours, cents, status }: Bought): OrderFact => ({
    id: 1n,
    orderNo: '',
    at: hoursAgo(hours),
    cents,
    status,
    refundOf: null,
    categories: [],
    skus: [],
    province: null,
    city: null,
    area: null,
  })
  const each = ({ hours, kind, weight }: Said): InteractionFact => ({
    id: 1n,
    kind,
    at: hoursAgo(hours),
    weight,
    source: '',
  })
  return {
    personId: one.id,
    firstSeenAt: now,
    lastSeenAt: now,
    profile: {},
    orders: hers.flatMap(({ orders }) => orders.map(order)),
    interactions: hers.flatMap(({ said }) => said.map(each)),
    messages: [],
    referredCents,
    consent: { profiling: true, sensitive: false },
    current: [],
  }
}

const arbitraryBought = fc.record({
  hours: fc.integer({ min: -48, max: 24 * 400 }),
  cents: fc.bigInt({ min: -50_000n, max: 500_000n }),
  status: fc.constantFrom('completed', 'paid', 'cancelled', 'refunded'),
})
const arbitrarySaid = fc.record({
  hours: fc.integer({ min: -48, max: 24 * 400 }),
  kind: fc.constantFrom('question', 'praise', 'complaint'),
  weight: fc.constantFrom(0.1, 0.3, 0.0625, 1, 2.345, -0.5),
})
/** Up to twelve people; some invited by one before them, some the same person as one before them, some of ours. */
const arbitraryBase = fc
  .array(
    fc.record({
      orders: fc.array(arbitraryBought, { maxLength: 5 }),
      said: fc.array(arbitrarySaid, { maxLength: 4 }),
      inviter: fc.option(fc.nat(11)),
      same: fc.option(fc.nat(11), { freq: 5 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => {
    const people: Someone[] = []
    for (const { inviter, same, ...one } of drawn) {
      const before = people[same ?? 99]
      people.push({
        ...someone(one),
        ...(before ? { mergedInto: before.mergedInto ?? before.id } : {}),
        ...(people[inviter ?? 99] ? { invitedBy: people[inviter ?? 99]!.id } : {}),
      })
    }
    return people
  })
const arbitrarySettings = fc
  .record({
    window: fc.constantFrom(undefined, '90d', '365d'),
    order: fc.constantFrom(1, 2.5),
    question: fc.constantFrom(undefined, 0, 0.25),
    referred: fc.constantFrom(0, 0.1, 0.333),
  })
  .map(({ window, order, question, referred }) =>
    rfmSchema.parse({
      ...(window ? { window } : {}),
      frequency: { order, ...(question === undefined ? {} : { interactions: { question } }) },
      monetary: { referred },
    }),
  )

test('the SQL over the base and the pure function agree on everybody', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryBase, arbitrarySettings, async (people, settings) => {
      await keep(people)
      const persons = people.filter(({ mergedInto }) => mergedInto === undefined)
      const ids = persons.map(({ id }) => id)
      const referred = await findReferredCents(db.pool, ids, settings, now)
      type Row = { person_id: string; last_at: Date | null; days: number | null; thousandths: bigint; cents: bigint }
      const measured = await db.transaction(async (tx) => {
        await measureBase(tx, settings, now)
        return (await tx.query<Row>('SELECT * FROM rfm_measure')).rows
      })
      expect(measured).toHaveLength(persons.length)
      for (const row of measured) {
        const one = persons.find(({ id }) => id === row.person_id)!
        expect({ lastAt: row.last_at, days: row.days, thousandths: Number(row.thousandths), cents: row.cents }).toEqual(
          measuresOf(factsOf(one, people, referred.get(one.id) ?? 0n), settings, now),
        )
      }
    }),
    { numRuns: 40 },
  )
})

test('each fifth of a base of ten has two people with each score, and the bars are kept', async () => {
  const people = Array.from({ length: 10 }, (_, n) =>
    someone({ orders: Array.from({ length: n + 1 }, () => bought(24 * (n + 1), BigInt(1_000 * (n + 1)))) }),
  )
  await keep(people)
  const settings = rfmSchema.parse({})
  const computed = await computeBars(db, settings, now)
  const bars = await latestBars(db.pool)
  expect(computed).toEqual({ people: 10, bars, moved: 0 })
  const scores = people.map((one) => scoreOf(factsOf(one, people, 0n), settings, bars, now))
  expect(scores.map(({ r, f, m }) => `${r}${f}${m}`)).toEqual([
    '511',
    '511',
    '422',
    '422',
    '333',
    '333',
    '244',
    '244',
    '155',
    '155',
  ])
})

test('whoever’s kept scores differ under the new bars waits for tagging, nobody else', async () => {
  const people = Array.from({ length: 5 }, (_, n) =>
    someone({ orders: [bought(24 * (n + 1), BigInt(1_000 * (n + 1)))] }),
  )
  await keep(people)
  const save = (one: Someone, r: number, f: number, m: number) =>
    db.pool.query('INSERT INTO customer_rfm VALUES ($1, $2, 1, 1, $3, $4, $5, $2)', [one.id, now, r, f, m])
  await save(people[0]!, 5, 1, 1)
  await save(people[1]!, 4, 1, 5)
  await save(people[2]!, 1, 1, 3)
  expect(await computeBars(db, rfmSchema.parse({}), now)).toMatchObject({ moved: 2 })
  const { rows } = await db.pool.query<{ person_id: string }>('SELECT person_id FROM tag_due')
  expect(rows.map(({ person_id }) => person_id).sort()).toEqual([people[1]!.id, people[2]!.id].sort())
})

test('fewer than five people have no fifths, and fixed bars need none', async () => {
  await keep([1, 2, 3, 4].map((n) => someone({ orders: [bought(n, 100n)] })))
  expect(await computeBars(db, rfmSchema.parse({}), now)).toEqual({ people: 4, bars: null, moved: 0 })
  expect(await latestBars(db.pool)).toBeNull()
  expect(await computeBars(db, rfmSchema.parse({ scores: 'bars' }), now)).toBeNull()
})

test('our own people are not in the base, and nobody is paid for bringing herself or one of us in', async () => {
  const [her, ours] = [someone(), someone({ staff: true, orders: [bought(1, 90_000n)] })]
  const guest = someone({
    invitedBy: her.id,
    orders: [bought(1, 5_000n), bought(2, -1_000n), bought(3, 7n, 'cancelled')],
  })
  const herself = someone({ invitedBy: her.id, mergedInto: her.id, orders: [bought(1, 300n)] })
  await keep([her, { ...ours, invitedBy: her.id }, guest, herself])
  expect(await findReferredCents(db.pool, [her.id, guest.id], rfmSchema.parse({}), now)).toEqual(
    new Map([[her.id, 4_000n]]),
  )
  await keep([her, ours, guest, herself, someone(), someone(), someone()])
  expect(await computeBars(db, rfmSchema.parse({}), now)).toMatchObject({ people: 5 })
})

test('the plain form from the database is that of the pure function, with days in the brand’s zone', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryBase, async (people) => {
      await keep(people)
      const zone = 'Asia/Shanghai'
      const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
      const orders = people.flatMap(({ id, mergedInto, orders }) =>
        orders
          .filter(({ status }) => status !== 'cancelled')
          .map(({ hours, cents }) => ({ customer: mergedInto ?? id, day: dayOf.format(hoursAgo(hours)), cents })),
      )
      const expected = plainRfm(orders, '2026-03-31')
      const found: PlainRfm[] = []
      let bars
      await readPlainRfm(
        db,
        { asOf: '2026-03-31', zone },
        {
          async begin(_, fifths) {
            bars = fifths && plainBars(fifths)
          },
          async rows(batch) {
            found.push(...batch)
          },
        },
      )
      expect(bars).toEqual(expected.fifths && plainBars(expected.fifths))
      expect(found).toEqual([...expected.rows].sort((a, b) => (a.customer < b.customer ? -1 : 1)))
    }),
    { numRuns: 40 },
  )
})

test('an order a minute before midnight in Shanghai belongs to that day', async () => {
  const at = (instant: string): number => (now.getTime() - Date.parse(instant)) / hourMs
  await keep([
    someone({ orders: [bought(at('2026-03-30T15:59:00Z'), 100n)] }),
    someone({ orders: [bought(at('2026-03-30T16:01:00Z'), 100n)] }),
  ])
  const counts: number[] = []
  const reading = { begin: async (customers: number) => void counts.push(customers), rows: async () => {} }
  await readPlainRfm(db, { asOf: '2026-03-30', zone: 'Asia/Shanghai' }, reading)
  await readPlainRfm(db, { asOf: '2026-03-31', zone: 'Asia/Shanghai' }, reading)
  expect(counts).toEqual([1, 2])
})
