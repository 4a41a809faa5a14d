/** An order that we have is told again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../src/domains/orders/decide.ts'
import { type OrderKept, OrderStatus, type OrderTold } from '../../src/domains/orders/index.ts'

const buyer = { customerId: 'c1', personId: 'p1' }
const told: OrderTold = {
  shop: 'mall',
  orderNo: 'A1',
  orderedAt: new Date('2026-02-03T04:05:06Z'),
  cents: 19_900n,
  refundOf: null,
  status: 'paid',
  carrier: null,
  trackingNo: null,
  deliveredAt: null,
  items: [],
  province: null,
  city: null,
  area: null,
  address: null,
  source: 'import:r2:7',
}
const kept: OrderKept = {
  ...told,
  ...buyer,
  id: 1n,
  items: [{ sku: 'S1', name: null, category: null, quantity: 1, cents: 19_900n }],
  province: '浙江省',
  city: '杭州市',
  area: '华东',
  address: 'a street',
  source: 'import:r1:2',
}

const given = (more: Partial<OrderKept> = {}) => ({ ...told, ...buyer, ...more })

test('what is not said leaves what we have', () => {
  expect(decide(kept, given(), 'keep')).toEqual({ kind: 'unchanged' })
})

test('the newer word wins field by field, and says where it comes from', () => {
  const verdict = decide(kept, given({ status: 'shipped', carrier: 'SF', trackingNo: 'SF1' }), 'keep')
  expect(verdict).toEqual({
    kind: 'changed',
    order: { ...kept, status: 'shipped', carrier: 'SF', trackingNo: 'SF1', source: 'import:r2:7' },
  })
})

test('a place is taken as a whole: a new city does not keep the old area', () => {
  const verdict = decide(kept, given({ province: '广东省', city: '深圳市' }), 'keep')
  expect(verdict).toMatchObject({ order: { province: '广东省', city: '深圳市', area: null } })
})

test('another total is refused, or holds where the newer total is to hold', () => {
  expect(decide(kept, given({ cents: 1n }), 'keep')).toEqual({ kind: 'refused', reason: 'other-totals' })
  expect(decide(kept, given({ cents: 1n }), 'replace')).toMatchObject({ kind: 'changed', order: { cents: 1n } })
})

test('a buyer and what a refund takes back never change', () => {
  expect(decide(kept, given({ personId: 'p2' }), 'replace')).toEqual({ kind: 'refused', reason: 'other-customer' })
  expect(decide(kept, given({ refundOf: 'A0' }), 'replace')).toEqual({ kind: 'refused', reason: 'other-refund' })
})

test('told twice is told once, and a status never goes back', () => {
  const status = fc.constantFrom(...OrderStatus.options)
  fc.assert(
    fc.property(status, status, fc.option(fc.constantFrom('SF', 'JD')), (before, after, carrier) => {
      const verdict = decide({ ...kept, status: before }, given({ status: after, carrier }), 'keep')
      const now = verdict.kind === 'changed' ? verdict.order : { ...kept, status: before }
      const rank = (one: OrderStatus): number => OrderStatus.options.indexOf(one)
      expect(rank(now.status)).toBe(Math.max(rank(before), rank(after)))
      expect(decide(now, given({ status: after, carrier }), 'keep')).toEqual({ kind: 'unchanged' })
    }),
  )
})
