/** Freezing: who is to get a run, as of one moment, written down before anybody gets anything. */
import type { Content } from '../../../kernel/content.ts'
import type { Database } from '../../../kernel/db.ts'
import type { Clock, Ids } from '../../../kernel/ports.ts'
import { countMembersIn, listGroupPlaces } from '../../members/index.ts'
import { membersOf, membersQuery } from '../../segments/index.ts'
import { dueOf, variantOf } from '../drops/index.ts'
import { campaignsSettings } from '../schema.ts'
import {
  claimFreezing,
  deleteWritten,
  endFreezing,
  leaveFreezing,
  touchFreezing,
  writeRecipients,
} from './repo/freezing.ts'
import type { NewRecipient, Run } from './schema.ts'

export type FreezeHouse = { db: Database; content: Content; clock: Clock; ids: Ids }

/** Whoever has not been heard of for so long while freezing is dead, or so slow that another one is faster. */
const deadAfterMs = 60_000
const touchEveryMs = 10_000

/**
 * Writes the audience of a run and lets it go out; false when another process is at it, or has taken it over. Killed in the
 * middle, it begins again: nothing has been handed over before the end. Throws what the segment throws, and leaves the
 * run to whoever tries next.
 */
export async function freeze(house: FreezeHouse, run: Run): Promise<boolean> {
  const { db, content, clock, ids } = house
  const freezer = ids.fresh()
  const now = clock.now()
  const claim = { runId: run.id, freezer, now, contentVersion: content.version }
  const deadBefore = new Date(now.getTime() - deadAfterMs)
  if (!(await claimFreezing(db.pool, { ...claim, deadBefore }))) return false
  try {
    const limit = content.settings(campaignsSettings).chunk
    while ((await deleteWritten(db.pool, run.id, freezer, limit)) === limit);
    const writing = { ...house, run, freezer, now, limit }
    if (!(await freezeGroups(writing)) || !(await freezePersons(writing))) return false
    return await endFreezing(db.pool, run.id, freezer, clock.now())
  } catch (error) {
    await leaveFreezing(db.pool, run.id, freezer).catch(() => undefined)
    throw error
  }
}

type Writing = FreezeHouse & { run: Run; freezer: string; now: Date; limit: number }

async function freezePersons({ db, content, clock, run, freezer, now, limit }: Writing): Promise<boolean> {
  const { segment } = run.drop.to
  if (segment === undefined) return true
  let touched = clock.now()
  let before: Promise<boolean> = Promise.resolve(true)
  for await (const persons of membersOf(db, content, segment, now, limit)) {
    // One chunk is written while the next is read.
    if (!(await before)) return false
    before = writeRecipients(db.pool, { runId: run.id, freezer, kind: 'direct', now }, recipientsOf(run, persons))
    before.catch(() => undefined)
    if (clock.now().getTime() - touched.getTime() >= touchEveryMs) {
      touched = clock.now()
      await touchFreezing(db.pool, run.id, freezer, touched)
    }
  }
  return before
}

/** Groups bound to the rules, where enough of the segment are members. */
async function freezeGroups({ db, content, run, freezer, now, limit }: Writing): Promise<boolean> {
  const { groups } = run.drop.to
  if (!groups) return true
  const { members } = groups
  const places = await listGroupPlaces(db.pool, groups.rules)
  const counts = members
    ? await db.transaction(async (tx) => {
        const ids = places.map(({ groupId }) => groupId)
        return countMembersIn(tx, await membersQuery(tx, content, members.segment, now, [ids]))
      })
    : new Map<string, number>()
  const chosen = places.filter(({ groupId }) => !members || (counts.get(groupId) ?? 0) >= members.atLeast)
  for (let from = 0; from < chosen.length; from += limit) {
    const threads = chosen.slice(from, from + limit).map(({ threadId }) => threadId)
    const rows = recipientsOf(run, threads)
    if (!(await writeRecipients(db.pool, { runId: run.id, freezer, kind: 'group', now }, rows))) return false
  }
  return true
}

function recipientsOf({ drop, slot }: Run, targets: readonly string[]): NewRecipient[] {
  return targets.map((target) => ({
    target,
    variant: variantOf(drop, target),
    dueAt: dueOf(slot, drop.spread, target),
  }))
}
