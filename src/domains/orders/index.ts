/** Orders: what customers bought and gave back, how far each order has come, and where it went. */
import type { Slice } from '../../kernel/slice.ts'
import { facts, ordersSettings } from './facts/index.ts'
import { goals, onStatusChanged, triggers } from './journeys/index.ts'
import { rights } from './rights.ts'
import { orderStatusChanged } from './schema.ts'

export { centsOf, decimalOf, readAmount } from './money.ts'
export { makeReady, type Recording, recordOrders } from './record.ts'
export type { ReadyOrder } from './repo.ts'
export * from './schema.ts'

export const slice: Slice = {
  name: 'orders',
  settings: [ordersSettings],
  replies: {
    'orders.summary': {
      title: 'Tells a customer how many orders of hers we know, what they come to, and the day of the last',
      placeholders: ['count', 'spend', 'last'],
    },
  },
  events: { [orderStatusChanged]: onStatusChanged },
  facts,
  triggers,
  goals,
  rights,
}
