import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fifths, type PlainOrder, plainBars, plainRfm, plainScore } from '../../src/domains/tags/rfm/plain/decide.ts'

const order = (customer: string, day: string, amount: number): PlainOrder => ({
  customer,
  day,
  cents: BigInt(Math.round(amount * 100)),
})

/**
 * The R package rfm 0.3.0, README.md and docs/articles/rfm-introduction.html: rfm_table_order(rfm_data_orders, …) as of
 * 2006-12-31; its 995 customers give these bars (rounded in its documentation: 115, 181, 297, 482; 4, 5, 6, 8; 256, 382,
 * 506, 666).
 */
const published = {
  fifths: {
    recencyDays: [570n, 900n, 1_482n, 2_405n],
    orders: [15n, 20n, 25n, 35n],
    cents: [127_400n, 190_500n, 252_700n, 332_500n],
  },
  rows: [
    ['Abbey O’Reilly', 205, 6, 472, 343],
    ['Add Senger', 140, 3, 340, 412],
    ['Aden Lesch', 194, 4, 405, 323],
    ['Aden Murphy', 98, 7, 596, 544],
    ['Admiral Senger', 132, 5, 448, 433],
    ['Agness O’Keefe', 90, 9, 843, 555],
    ['Aileen Barton', 84, 9, 763, 555],
    ['Ailene Hermann', 281, 8, 699, 355],
    ['Aiyanna Bruen', 246, 4, 157, 321],
    ['Akeelah Walsh', 160, 7, 779, 445],
  ] as const,
}

test.for(published.rows)(
  '%s has the score that the R package rfm publishes',
  ([customer, recencyDays, orders, amount, score]) => {
    const total = { customer, recencyDays, orders, cents: BigInt(amount) * 100n }
    expect(plainScore(total, published.fifths).score).toBe(score)
  },
)

test('the bars are read as the package writes them', () => {
  expect(plainBars(published.fifths)).toEqual({
    recencyDays: [115, 181, 297.4, 482],
    orders: [4, 5, 6, 8],
    amount: [255.8, 382, 506.4, 666],
  })
})

test('bars are those of bins(mtcars, "mpg", 5) in the package’s own tests: type 7, plus one', () => {
  const mpg = [
    21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4, 30.4, 33.9,
    21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4,
  ]
  const { fifths } = plainRfm(
    mpg.map((amount, car) => order(`car ${car}`, '2006-01-01', amount)),
    '2006-12-31',
  )
  expect(plainBars(fifths!).amount).toEqual([16.2, 18.92, 22, 25.08])
})

test('an order on the day itself has recency 0, one after it does not count, a refund lowers the amount alone', () => {
  const { rows } = plainRfm(
    [
      order('a', '2026-03-01', 100),
      order('a', '2026-03-31', -30),
      order('b', '2026-03-31', 50.55),
      order('b', '2026-04-01', 999),
      order('c', '2026-04-01', 10),
      order('d', '2026-03-01', -5),
    ],
    '2026-03-31',
  )
  expect([...rows].map(({ customer, recencyDays, orders, cents }) => [customer, recencyDays, orders, cents])).toEqual([
    ['a', 30, 1, 7_000n],
    ['b', 0, 1, 5_055n],
  ])
})

test('who are all alike score 5, 1 and 1, as in the package', () => {
  const { rows } = plainRfm(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((customer) => order(customer, '2026-01-01', 20)),
    '2026-03-31',
  )
  expect([...rows].map(({ score }) => score)).toEqual(Array(6).fill(511))
})

test('nobody has ordered: there is no bar and no row', () => {
  const { fifths, rows } = plainRfm([order('a', '2026-04-01', 10)], '2026-03-31')
  expect([fifths, [...rows]]).toEqual([null, []])
})

const someOrders = fc.array(
  fc.record({
    customer: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    day: fc.integer({ min: 1, max: 28 }).map((day) => `2026-02-${String(day).padStart(2, '0')}`),
    cents: fc.bigInt({ min: -20_000n, max: 100_000n }),
  }),
  { minLength: 1, maxLength: 60 },
)

test('scores are 1 to 5, and who bought later, more often or for more never scores less', () => {
  fc.assert(
    fc.property(someOrders, (orders) => {
      const rows = [...plainRfm(orders, '2026-02-28').rows]
      for (const a of rows) {
        expect([a.r, a.f, a.m].every((score) => score >= 1 && score <= 5)).toBe(true)
        expect(a.score).toBe(a.r * 100 + a.f * 10 + a.m)
        for (const b of rows) {
          if (a.recencyDays <= b.recencyDays) expect(a.r).toBeGreaterThanOrEqual(b.r)
          if (a.orders >= b.orders) expect(a.f).toBeGreaterThanOrEqual(b.f)
          if (a.cents >= b.cents) expect(a.m).toBeGreaterThanOrEqual(b.m)
        }
      }
    }),
  )
})

test('fifths are five times the quantiles of type 7', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 50 }), (values) => {
      const sorted = [...values].sort((a, b) => a - b)
      const found = fifths(BigInt64Array.from(values, BigInt))
      for (const [i, k] of [1, 2, 3, 4].entries()) {
        const place = ((sorted.length - 1) * k) / 5
        const low = sorted[Math.floor(place)]!
        const high = sorted[Math.ceil(place)]!
        expect(Number(found[i]) / 5).toBeCloseTo(low + (place - Math.floor(place)) * (high - low), 6)
      }
    }),
  )
})
