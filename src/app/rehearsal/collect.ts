/** From what the scratch database holds after the last day to what a rehearsal shows. */
import { deliverySettings, paceAllows } from '../../delivery/index.ts'
import type { AccountShown, JourneyShown, Rehearsal, RunShown, Sample } from '../../desk/rehearsal/schema.ts'
import { frozenOf, journeysOf, listDrops, listRuns, type Run, sampleOf } from '../../domains/campaigns/index.ts'
import { brandSection } from '../../content/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { lent } from '../slices.ts'
import {
  countExpired,
  countLate,
  countPerPerson,
  listCalendar,
  listCollisions,
  listDeferrals,
  listHours,
  listJourneys,
  listOutcomes,
  type Span,
} from './repo.ts'

export type Collecting = {
  content: Content
  from: string
  days: number
  span: Span
  accounts: readonly string[]
  /** Before anybody joined. */
  people: { customers: number; groups: number }
  behaviour: Rehearsal['behaviour']
  /** Drops that nobody has approved in life. */
  needApproval: ReadonlySet<string>
}

const hourMs = 60 * 60_000
const busiestShown = 6
const runsAtMost = 10_000

export async function collect(db: Database, on: Collecting): Promise<Rehearsal> {
  const { content, span, from, days } = on
  const { pool } = db
  const [runs, journeys, calendar, deferrals, collisions, perPerson] = await Promise.all([
    runsOf(db, on),
    journeysShown(db, on),
    listCalendar(pool, span),
    listDeferrals(pool, span),
    listCollisions(pool, span),
    countPerPerson(pool, span),
  ])
  const titles = new Map<string, string>([
    ...listDrops(content).map(({ id, title }) => [`drop:${id}`, title] as const),
    ...journeys.map(({ id, title }) => [`journey:${id}`, title] as const),
  ])
  return {
    ...{ from, days, zone: content.zone, brand: content.settings(brandSection).name, contentVersion: content.version },
    ...on.people,
    behaviour: on.behaviour,
    ...{ runs, journeys, deferrals, collisions, perPerson },
    calendar: calendar.map((cell) => ({
      ...cell,
      title: titles.get(cell.source) ?? cell.source,
      kind: cell.source.startsWith('journey:') ? 'journey' : 'drop',
    })),
    accounts: await accountsOf(db, on),
    samples: samplesOf(content),
    empty: emptyOf(runs),
  }
}

async function runsOf(db: Database, { span, needApproval }: Collecting): Promise<RunShown[]> {
  const [runs, outcomes] = await Promise.all([
    listRuns(db.pool, { from: span.from, limit: runsAtMost }),
    listOutcomes(db.pool, span),
  ])
  return runs
    .filter(({ slot }) => slot < span.until)
    .sort((one, other) => one.slot.getTime() - other.slot.getTime() || (one.campaign < other.campaign ? -1 : 1))
    .map((run): RunShown => {
      const mine = outcomes.filter((one) => one.run === run.id)
      const sent = mine.find(({ outcome }) => outcome === 'sent')
      return {
        ...shownOf(run),
        needsApproval: needApproval.has(run.campaign),
        outcomes: Object.fromEntries(mine.map(({ outcome, count }) => [outcome, count])),
        firstAt: sent?.firstAt ?? null,
        lastAt: sent?.lastAt ?? null,
      }
    })
}

function shownOf({
  campaign,
  drop,
  slot,
  state,
  reason,
  audience,
}: Run): Pick<RunShown, 'campaign' | 'title' | 'slot' | 'state' | 'reason' | 'audience'> {
  return { campaign, title: drop.title, slot, state, reason, audience }
}

async function journeysShown(db: Database, { content, span }: Collecting): Promise<JourneyShown[]> {
  const rows = await listJourneys(db.pool, span)
  return journeysOf(content).map(({ id, title }): JourneyShown => {
    const mine = rows.filter((row) => row.id === id)
    const counts = (what: (typeof mine)[number]['what']): Record<string, number> =>
      Object.fromEntries(mine.filter((row) => row.what === what).map(({ name, count }) => [name, count]))
    return {
      id,
      title,
      entered: counts('entered')[''] ?? 0,
      sent: counts('sent')[''] ?? 0,
      ended: counts('ended'),
      notSent: counts('not-sent'),
    }
  })
}

async function accountsOf(db: Database, { content, span, accounts }: Collecting): Promise<AccountShown[]> {
  const [hours, expired, late] = await Promise.all([
    listHours(db.pool, span),
    countExpired(db.pool, span),
    countLate(db.pool, span),
  ])
  const perHour = paceAllows(content.settings(deliverySettings), hourMs)
  return accounts.map((account) => {
    const mine = hours.filter((hour) => hour.account === account)
    return {
      ...{ account, perHour, expired: expired.get(account) ?? 0, late: late.get(account) ?? 0 },
      sent: mine.reduce((sum, { sent }) => sum + sent, 0),
      busiest: mine.slice(0, busiestShown).map(({ hour, sent }) => ({ hour, sent, full: sent >= perHour })),
    }
  })
}

/** As nobody's in particular: with the values that slices give as examples. */
function samplesOf(content: Content): Sample[] {
  return listDrops(content).flatMap((drop) =>
    frozenOf(drop, content).variants.map(({ id: variant, messages }) => ({
      ...{ source: `drop:${drop.id}`, variant },
      messages: sampleOf(messages, content, lent.placeholders),
    })),
  )
}

/** Runs that went out to nobody; one that was missed says so itself. */
function emptyOf(runs: readonly RunShown[]): string[] {
  return [
    ...new Set(
      runs.flatMap(({ campaign, state, audience }) =>
        state !== 'missed' && audience === 0 ? [`drop:${campaign}`] : [],
      ),
    ),
  ]
}
