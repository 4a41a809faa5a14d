/** What of a person's own orders is told to her, and when one of them is late. */
import { z } from 'zod'
import { settingsSection } from '../../../kernel/content.ts'
import { Duration } from '../../../kernel/duration.ts'
import type { OrderTold } from '../schema.ts'

/** An order or a refund of hers; `at` is its own date. */
export type OwnOrder = Pick<
  OrderTold,
  'shop' | 'orderNo' | 'cents' | 'refundOf' | 'status' | 'carrier' | 'trackingNo' | 'deliveredAt'
> & {
  at: Date
  /** Of a refund: the order that it takes back, where we have it. */
  original: { at: Date; isHers: boolean } | null
}

export const ordersSettings = settingsSection({
  name: 'orders',
  title: 'What customers are told of their own orders',
  schema: z.strictObject({
    shipWithin: Duration.prefault('72h').describe('An order that is not on its way by then is late'),
    deliverWithin: Duration.prefault('7d').describe(
      'A parcel that has not arrived by then is late; counted from when it should have left',
    ),
    refundWithin: Duration.prefault('7d').describe('A refund that is not done by then is late'),
    recent: Duration.prefault('60d').describe('Nobody means an order that is older than this: a human is asked'),
  }),
})
export type OrdersSettings = z.output<typeof ordersSettings.schema>
