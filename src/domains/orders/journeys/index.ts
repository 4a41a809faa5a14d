/** What orders lends to journeys and campaigns, and what it announces to them. */
import { z } from 'zod'
import type { Announce } from '../../../kernel/effect.ts'
import {
  type GoalKind,
  goalKind,
  type JourneyTrigger,
  journeyTrigger,
  type SliceEventSeen,
} from '../../../kernel/slice.ts'
import { daysWithin, nobody, oneOrMore, TimeOfDay, WholeDays } from '../../members/index.ts'
import { OrderStatusChanged } from '../schema.ts'
import { announcementsOf, holdsOne } from './decide.ts'
import { findHeard, ordered, runsOut } from './repo.ts'

/** A status has changed: journeys may begin with it. */
export async function onStatusChanged({ event, work }: SliceEventSeen): Promise<Announce[]> {
  const { orderId, from, to } = OrderStatusChanged.parse(event.what.payload)
  const order = await findHeard(work.db, orderId)
  return order ? announcementsOf(order, { from, to }, work.now) : []
}

const Category = oneOrMore(z.string().min(1))
  .optional()
  .describe('Only orders with something of this category, or of one of these')
const Product = oneOrMore(z.string().min(1))
  .optional()
  .describe('Only orders with this product (its number), or one of these')

const FirstArgs = z.strictObject({
  category: Category,
  days: z.int().min(0).max(365).default(14).describe('Not where she ordered it more than so many days before we heard'),
})

/** data: {orderId, orderNo, skus, categories, daysAgo}. cause: `first-order`. */
const firstOrder: JourneyTrigger<z.output<typeof FirstArgs>> = {
  title: 'She paid for her first order',
  schema: FirstArgs,
  on: 'announced',
  matches: ({ category, days }, { categories, daysAgo }) => holdsOne(category, categories) && Number(daysAgo) <= days,
}

const DeliveredArgs = z.strictObject({
  category: Category,
  product: Product,
  days: z
    .int()
    .min(0)
    .max(365)
    .default(14)
    .describe('Not where it was delivered more than so many days before we heard'),
})

/** data: {orderId, orderNo, skus, categories, deliveredAt, daysAgo}. cause: `order:<order id>:delivered`. */
const orderDelivered: JourneyTrigger<z.output<typeof DeliveredArgs>> = {
  title: 'An order of hers was delivered',
  schema: DeliveredArgs,
  on: 'announced',
  matches: ({ category, product, days }, { categories, skus, daysAgo }) =>
    holdsOne(category, categories) && holdsOne(product, skus) && Number(daysAgo) <= days,
}

const ReplenishArgs = z.strictObject({
  category: z.string().min(1).describe('The category, as orders name it'),
  every: WholeDays.refine((days) => days > 0, { error: 'at least 1d' })
    .prefault('45d')
    .describe('How long it lasts where fewer than two intervals of hers are known'),
  before: WholeDays.prefault('0d').describe('So many days before it runs out, such as 5d'),
  at: TimeOfDay.default('10:00'),
})

/** cause: `replenish:<category>:<last order id>`. Her usual interval is the median of those between her last orders. */
const replenish: JourneyTrigger<z.output<typeof ReplenishArgs>> = {
  title: 'What she bought last of a category runs out, by how often she buys it',
  schema: ReplenishArgs,
  on: 'due',
  persons({ category, every, before, at }, { after, until, bind, content: { zone } }) {
    const days = daysWithin(zone, at, { after, until })
    if (days.length === 0) return nobody
    return runsOut({ category, everyDays: every, beforeDays: before }, days, zone, bind)
  },
}

export const triggers: Readonly<Record<string, JourneyTrigger>> = {
  firstOrder: journeyTrigger(firstOrder),
  orderDelivered: journeyTrigger(orderDelivered),
  replenish: journeyTrigger(replenish),
}

const OrderArgs = z.strictObject({
  category: Category,
  product: Product,
  spend: z
    .strictObject({ min: z.number().min(0).describe('At least') })
    .optional()
    .describe('Only orders of so much, in the shop’s currency'),
})

const order: GoalKind<z.output<typeof OrderArgs>> = {
  title: 'She bought something, and has not given it back',
  schema: OrderArgs,
  reached: ({ category, product, spend }, { after, until, bind }) =>
    ordered({ category, product, min: spend?.min }, { after, until }, bind),
}

export const goals: Readonly<Record<string, GoalKind>> = { order: goalKind(order) }
