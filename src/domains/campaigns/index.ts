/** Campaigns: what goes out to many at its time, what follows from what somebody does, and who got what, and why not. */
import type { Slice } from '../../kernel/slice.ts'
import { listSameCustomers } from '../members/index.ts'
import { holidaysKind } from './calendar/index.ts'
import { complianceBrandKind, complianceKind } from './compliance/index.ts'
import { dropsKind } from './drops/index.ts'
import {
  exportEnrolments,
  forgetEnrolments,
  journeysKind,
  type Lent,
  mergeEnrolments,
  onAnnounced,
  onWalk,
  unlinkEnrolments,
  walkOn,
} from './journeys/index.ts'
import { click, clicked, interactionKinds, onClicked } from './links/index.ts'
import {
  exportRecipient,
  forgetRecipients,
  handOver,
  mergeRecipients,
  moveLinks,
  onHandOver,
  onPreview,
  preview,
} from './runs/index.ts'
import { campaignsSettings } from './schema.ts'

export { dropsOf as listDrops, type Drop, fingerprintOf, type FrozenDrop, frozenOf } from './drops/index.ts'
export { type Goals, reportOf, type RunReport, type VariantReport } from './goals/index.ts'
export { sweepRuns } from './goals/keeping.ts'
export {
  enterDue,
  journeysOf,
  type JourneyStanding,
  type Lent,
  listJourneys,
  pauseJourney,
  shopEventsOf,
  stopJourney,
  sweepVisits,
  wakeWaiting,
  walksDue,
} from './journeys/index.ts'
export { clicked, findUrl, isReader, isToken, linkPath, sweepLinks } from './links/index.ts'
export { type Placeholders, sampleOf } from './messages/index.ts'
export * from './runs/index.ts'
export { campaignsSettings } from './schema.ts'

type Lending = readonly Pick<Slice, 'name' | 'goals' | 'placeholders' | 'triggers' | 'steps'>[]

/** What slices lend, by name. Throws when two lend one name. */
function lentBy<K extends 'goals' | 'placeholders' | 'triggers' | 'steps'>(
  slices: Lending,
  what: K,
): NonNullable<Slice[K]> {
  const all: Record<string, unknown> = {}
  for (const slice of slices) {
    for (const [name, one] of Object.entries(slice[what] ?? {})) {
      if (all[name]) throw new Error(`The name «${name}» among the ${what} of ${slice.name} is taken already.`)
      all[name] = one
    }
  }
  return all as NonNullable<Slice[K]>
}

const own = { name: 'campaigns', goals: { click } }

/** What the slices lend to campaigns, with what campaigns has itself. */
export function campaignsLent(others: Lending): Lent {
  const all = [...others, own]
  const [triggers, steps] = [lentBy(all, 'triggers'), lentBy(all, 'steps')]
  const [goals, placeholders] = [lentBy(all, 'goals'), lentBy(all, 'placeholders')]
  return { triggers, steps, goals, placeholders }
}

/** The slice, with what the slices lend. */
export function campaignsSlice(lent: Lent): Slice {
  const { goals, placeholders } = lent
  return {
    ...own,
    kinds: [holidaysKind, complianceKind, complianceBrandKind, dropsKind({ goals, placeholders }), journeysKind(lent)],
    settings: [campaignsSettings],
    interactionKinds,
    replies: {
      'campaigns.preview': { title: 'Heads a preview in a test group', placeholders: ['title', 'variant'] },
    },
    applies: { Announce: (effect, on) => onAnnounced(effect, on, lent) },
    events: {
      [walkOn]: (seen) => onWalk(seen, lent),
      [handOver]: (seen) => onHandOver(seen, placeholders),
      [clicked]: onClicked,
      [preview]: (seen) => onPreview(seen, placeholders),
    },
    rights: {
      async onMerge(db, from, into, now) {
        await mergeRecipients(db, from, into, now)
        await mergeEnrolments(db, from, into, now)
        await moveLinks(db, await listSameCustomers(db, from), into)
      },
      async onUnlink(db, from) {
        const hers = await listSameCustomers(db, from)
        await unlinkEnrolments(db, hers, from)
        await moveLinks(db, hers, from)
      },
      async forget(db, customerId, now) {
        const hers = await listSameCustomers(db, customerId)
        await forgetEnrolments(db, hers)
        await forgetRecipients(db, hers, now)
      },
      async exportOf(db, customerId) {
        const hers = await listSameCustomers(db, customerId)
        return { ...(await exportRecipient(db, hers)), journeys: await exportEnrolments(db, hers) }
      },
    },
  }
}
