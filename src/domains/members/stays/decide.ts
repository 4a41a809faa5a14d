/** What a member list tells about comings and goings, and who is welcomed when. */
import type { Newcomer } from './schema.ts'

/**
 * What changed between the stays that we know and a member list.
 *
 * An empty list is not believed: a client that has not synchronised shows none, and a group has at least us. A stay that
 * began after the list was read is not over because the list lacks it.
 */
export function reconcileMembers(
  open: readonly { id: string; identityId: string; joinedAt: Date }[],
  listed: readonly string[],
  readAt: Date,
): { joined: string[]; left: string[] } {
  if (listed.length === 0) return { joined: [], left: [] }
  const there = new Set(open.map((stay) => stay.identityId))
  const named = new Set(listed)
  return {
    joined: [...named].filter((id) => !there.has(id)),
    left: open.filter((stay) => !named.has(stay.identityId) && stay.joinedAt <= readAt).map((stay) => stay.id),
  }
}

/** How far the platform's clock may be ahead of ours, in ms. */
const clockSkewMs = 5_000

/**
 * Whether a join at `at` is how this open stay began. A member list that is read right after somebody came tells of her
 * before the platform's own news does; a stay whose join was seen is not begun twice.
 */
export function isJoinOf(open: { joinedAt: Date; joinSeen: boolean }, at: Date): boolean {
  return !open.joinSeen && at.getTime() <= open.joinedAt.getTime() + clockSkewMs
}

/** Of no use after this long: who joined ten minutes ago is not greeted as if she came through the door now. */
export const welcomeLastsMs = 600_000
/** A group that people join all the time is welcomed after this many batch times at the latest. */
const batchesAtMost = 4

/**
 * When the next welcome of a group is due. Each newcomer moves it, so that all who come together are named together;
 * the first of them does not wait for ever.
 */
export function welcomeAt(now: Date, waitingSince: Date | null, batchMs: number): Date {
  const quiet = now.getTime() + batchMs
  if (waitingSince === null) return new Date(quiet)
  return new Date(Math.max(now.getTime(), Math.min(quiet, waitingSince.getTime() + batchesAtMost * batchMs)))
}

/** Who of the waiting is named now; the others' time has passed, or they turned out to be nobody to welcome. */
export function toWelcome(waiting: readonly Newcomer[], now: Date): Newcomer[] {
  return waiting.filter(
    ({ role, joinedAt }) => role === 'customer' && now.getTime() - joinedAt.getTime() <= welcomeLastsMs,
  )
}
