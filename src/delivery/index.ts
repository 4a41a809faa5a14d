/** The one door out (DESIGN: the road of a message, steps 5 and 6; laws 2, 3, 5, 6). */
export { slice } from './apply.ts'
export type { Delivery, DeliveryOptions } from './delivery.ts'
export { openDelivery } from './delivery.ts'
export type { OutboxEntry } from './rights/repo.ts'
export { countOutbox, listOutbox } from './rights/repo.ts'
export { deliverySettings } from './schema.ts'
export type { Echo } from './settle/index.ts'
export { settleByHand, settleEcho } from './settle/index.ts'
