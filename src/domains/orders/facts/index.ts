/** Facts about a person's own orders, by the names under which answers ask for them. */
import type { FactKind, FactValues } from '../../../kernel/slice.ts'
import { cancellation, delivery, last, type Own, refund } from './decide.ts'
import { listOwnOrders } from './repo.ts'
import { ordersSettings } from './schema.ts'

export { ordersSettings } from './schema.ts'

/** A fact that her latest orders tell, found in one statement. */
function ownFact(decide: (own: Own) => ReturnType<typeof delivery>, described: Omit<FactKind, 'ask'>): FactKind {
  return {
    ...described,
    async ask(db, personId, { now, content }) {
      const settings = content.settings(ordersSettings)
      const orders = await listOwnOrders(db, personId, new Date(now.getTime() - settings.recent))
      return decide({ orders, now, zone: content.zone, settings })
    },
  }
}

/** Whatever she bought, however long ago: whoever serves her wants to know it. */
const lastOrders: FactKind = {
  title: 'Her last orders, for whoever serves her',
  placeholders: [],
  async ask(db, personId, { now, content }) {
    const orders = await listOwnOrders(db, personId, new Date(0))
    return last({ orders, now, zone: content.zone, settings: content.settings(ordersSettings) })
  },
}

const parcel = { order: '1227', ordered: '2026-11-17', carrier: null, tracking: null, delivered: null }
const shipped = { ...parcel, state: 'shipped', carrier: 'SF', tracking: '4792' }

/** An order in each state that it may be in when none is under way. */
const atRest: FactValues[] = ['placed', 'delivered', 'cancelled', 'refunded'].map((state) => ({
  ...parcel,
  ...(state === 'delivered' && { carrier: 'SF', tracking: '4792', delivered: '2026-11-19' }),
  ...{ state, orders: 0, parcels: [] },
}))

export const facts: Readonly<Record<string, FactKind>> = {
  'order.last': lastOrders,
  'order.delivery': ownFact(delivery, {
    title: 'Where her parcels are, or what became of her last order',
    placeholders: ['state', 'order', 'ordered', 'carrier', 'tracking', 'delivered', 'orders', 'parcels'],
    examples: [
      { ...parcel, state: 'paid', orders: 1, parcels: [{ ...parcel, state: 'paid' }] },
      { ...shipped, orders: 1, parcels: [shipped] },
      { ...parcel, state: 'shipped', orders: 1, parcels: [{ ...parcel, state: 'shipped' }] },
      { ...shipped, orders: 2, parcels: [shipped, { ...parcel, state: 'paid', order: '1230' }] },
      { ...parcel, state: 'delivered', orders: 0, parcels: [] },
      ...atRest,
    ],
  }),
  'order.refund': ownFact(refund, {
    title: 'What became of her last refund',
    placeholders: ['state', 'amount', 'date', 'order', 'ordered', 'pending'],
    examples: ['pending', 'done', 'withdrawn', 'cancelled'].flatMap((state) => {
      const values = { state, amount: '189.00', pending: Number(state === 'pending') }
      return [
        { ...values, date: '2026-11-20', order: '1227', ordered: '2026-11-17' },
        { ...values, date: null, order: '1227', ordered: null },
        { ...values, date: '2026-11-20', order: null, ordered: null },
      ]
    }),
  }),
  'order.cancellation': ownFact(cancellation, {
    title: 'Whether her order was cancelled',
    placeholders: ['state', 'order', 'ordered', 'amount'],
    examples: ['placed', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'].map((state) => ({
      ...{ state, order: '1227', ordered: '2026-11-17', amount: '189.00' },
    })),
  }),
}
