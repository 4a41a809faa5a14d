import type { Evidence, Facts, WantedTag } from '../schema.ts'
import type { LifecycleDimension } from './schema.ts'

type Stage = 'new' | 'active' | 'dormant' | 'leaving' | 'back'

/**
 * Exactly one stage, by the days since we first met her and since we last heard of her. Who was dormant or leaving and
 * is heard of again is `back` for a while: that is why the stage she has is looked at.
 */
export function wanted(facts: Facts, dimension: LifecycleDimension, now: Date): WantedTag[] {
  const first = firstOf(facts)
  const last = lastOf(facts)
  const has = facts.current.find((tag) => tag.dimension === dimension.id && tag.source === 'rule')
  const { stage, until } = stageOf(dimension, { firstAt: first.at, lastAt: last.at, has }, now.getTime())
  // Whom an import made, and nobody has seen yet, was last seen at the epoch: that is no date to show.
  const { kind, ref, at } = stage === 'new' || last.at <= 0 ? first : last
  return [
    {
      dimension: dimension.id,
      value: dimension[stage].id,
      source: 'rule',
      strength: 1,
      until: until === null ? null : new Date(until),
      rule: `${dimension.id}/${stage}`,
      evidence: [{ kind, ref, at: new Date(at).toISOString() }],
    },
  ]
}

type Times = { firstAt: number; lastAt: number; has: { value: string; since: Date } | undefined }

/** Times in milliseconds; `until`: when the stage changes if nothing is heard of her. */
function stageOf(
  dimension: LifecycleDimension,
  { firstAt, lastAt, has }: Times,
  now: number,
): { stage: Stage; until: number | null } {
  const newUntil = firstAt + dimension.new.for
  if (now < newUntil) return { stage: 'new', until: newUntil }
  const dormantFrom = lastAt + dimension.dormant.after
  const leavingFrom = lastAt + dimension.leaving.after
  if (now >= leavingFrom) return { stage: 'leaving', until: null }
  if (now >= dormantFrom) return { stage: 'dormant', until: leavingFrom }
  if (has?.value === dimension.dormant.id || has?.value === dimension.leaving.id) {
    return { stage: 'back', until: Math.min(now + dimension.back.for, dormantFrom) }
  }
  const backUntil = has?.value === dimension.back.id ? has.since.getTime() + dimension.back.for : now
  if (now < backUntil) return { stage: 'back', until: Math.min(backUntil, dormantFrom) }
  return { stage: 'active', until: dormantFrom }
}

/** Evidence with its time in milliseconds. */
type Sign = { kind: Evidence['kind']; ref: string; at: number }

function firstOf({ firstSeenAt, orders }: Facts): Sign {
  let first: Sign = { kind: 'profile', ref: 'first-seen', at: firstSeenAt.getTime() }
  for (const order of orders) {
    const at = order.at.getTime()
    if (at < first.at) first = { kind: 'order', ref: order.orderNo, at }
  }
  return first
}

/** The last sign of life: an order, something she did or said, or that we saw her at all. */
function lastOf({ lastSeenAt, orders, interactions, messages }: Facts): Sign {
  let last: Sign = { kind: 'profile', ref: 'last-seen', at: lastSeenAt.getTime() }
  const look = (kind: Sign['kind'], ref: string | bigint, date: Date): void => {
    const at = date.getTime()
    if (at < last.at) return
    // Of two at the same instant, such as a message and the interaction that it was, always the same one.
    if (at > last.at || last.kind === 'profile' || `${kind}${ref}` > `${last.kind}${last.ref}`)
      last = { kind, ref: String(ref), at }
  }
  for (const order of orders) if (order.cents > 0n) look('order', order.orderNo, order.at)
  for (const interaction of interactions) look('interaction', interaction.id, interaction.at)
  for (const message of messages) look('message', message.id, message.at)
  return last
}
