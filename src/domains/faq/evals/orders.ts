/** The asker's own orders in a case: as little as is needed to say how far one has come. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'

/** As in the orders slice; the FAQ may not import it. */
const statuses = ['placed', 'paid', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded'] as const

export const OrderFixture = z.strictObject({
  orderNo: z.string().min(1).describe('Number of the order'),
  ago: Duration.describe('How long before the case begins it was placed: 2d'),
  amount: z.number().describe('In yuan; negative for a refund'),
  status: z.enum(statuses),
  items: z.array(z.string().min(1)).default([]).describe('What was bought'),
  carrier: z.string().optional(),
  trackingNo: z.string().optional(),
  deliveredAgo: Duration.optional().describe('How long before the case begins it arrived'),
  refundOf: z.string().optional().describe('Of a refund: the number of the order that it takes back'),
})
export type OrderFixture = z.output<typeof OrderFixture>
