/** What members lends to journeys and campaigns, and what it announces to them. */
import { z } from 'zod'
import type { Announce, ScheduleEvent } from '../../../kernel/effect.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'

export { goals } from './goals.ts'
export { type DayWithin, daysWithin, nobody, oneOrMore, TimeOfDay, WholeDays } from './parts.ts'
export { triggers } from './triggers.ts'

/** The slice event under which something that a program of the shop told of a customer comes to journeys. */
export const shopTold = 'members.shop-told'

/** What a program told: `source` is unique per customer and happening. */
export type ShopTold = {
  customerId: string
  personId: string
  kind: string
  at: Date
  source: string
  data: Record<string, unknown> | null
}

const dayMs = 86_400_000

const Told = z.object({
  customerId: z.string(),
  kind: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  source: z.string(),
  data: z.record(z.string(), z.json()).nullable(),
})

/** The job by which it becomes an announcement, in the commit that takes the request (law 12). */
export function tellOf({ personId, at, ...told }: ShopTold, now: Date): ScheduleEvent {
  const payload = { ...told, personId, at: at.toISOString() }
  const lock = [`customer:${personId}`]
  return { kind: 'ScheduleEvent', name: shopTold, key: told.source, at: now, account: '', lock, payload }
}

export async function onShopTold({ event, work }: SliceEventSeen): Promise<Announce[]> {
  const { customerId, kind, at, source, data } = Told.parse(event.what.payload)
  const daysAgo = Math.floor((work.now.getTime() - at.getTime()) / dayMs)
  return [{ kind: 'Announce', trigger: 'event', cause: source, customerId, at, data: { ...data, kind, daysAgo } }]
}
