/** Campaigns and runs as pages show them. */
import {
  type Drop,
  findRun,
  listLastRuns,
  listOpenRuns,
  listPaused,
  listRuns,
  listStandings,
  nextSlotOf,
  countRecipients,
  type Run,
  type RunCounts,
  type Standing,
} from '../../../domains/campaigns/index.ts'
import { rosterOf } from '../../../domains/handoff/index.ts'
import { listSegments } from '../../../domains/segments/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { CampaignDetail, CampaignLine, CampaignNotice, RunLine } from '../../campaigns-api.ts'

export type Looking = { db: Queryable; content: Content; now: Date }

const nothing: RunCounts = { sent: 0, unknown: 0, waiting: 0, notSent: 0, holdout: 0 }
/** Slots that were missed so long ago are no news any more. */
const missedForMs = 14 * 86_400_000
const missedShown = 20
const runsShown = 100

/** Those of content in the order of the files, then those that are gone, by id. */
export async function listCampaigns(on: Looking): Promise<{ campaigns: CampaignLine[]; notices: CampaignNotice[] }> {
  const { db, content, now } = on
  const [standings, paused, last, open, lately] = await Promise.all([
    listStandings(db, content),
    listPaused(db),
    listLastRuns(db),
    listOpenRuns(db),
    listRuns(db, { from: new Date(now.getTime() - missedForMs), limit: 1_000 }),
  ])
  const counts = await countRecipients(
    db,
    last.map(({ id }) => id),
  )
  const lineOf = (id: string, standing: Standing | undefined): CampaignLine => {
    const run = last.find(({ campaign }) => campaign === id)
    return {
      ...standingLine({ id, standing, run }, on),
      paused: paused.get(id)?.toISOString() ?? null,
      last: run ? runLine(run, counts.get(run.id)) : null,
      open: open.filter(({ campaign }) => campaign === id).length,
    }
  }
  const there = new Map(standings.map((standing) => [standing.drop.id, standing]))
  const gone = last.flatMap(({ campaign }) => (there.has(campaign) ? [] : [campaign])).sort()
  return {
    campaigns: [...there.keys(), ...gone].map((id) => lineOf(id, there.get(id))),
    notices: [
      ...open.filter(({ state }) => state === 'waiting').map((run) => waitingNotice(run, there.get(run.campaign))),
      ...lately
        .filter(({ state }) => state === 'missed')
        .slice(0, missedShown)
        .map((run) => missedNotice(run)),
    ],
  }
}

/** Undefined when there never was one of that id. */
export async function findCampaign(on: Looking, id: string): Promise<Omit<CampaignDetail, 'previews'> | undefined> {
  const { campaigns } = await listCampaigns(on)
  const line = campaigns.find((one) => one.id === id)
  if (!line) return undefined
  const runs = await listRuns(on.db, { campaign: id, limit: runsShown })
  const counts = await countRecipients(
    on.db,
    runs.map((run) => run.id),
  )
  return { line, runs: runs.map((run) => runLine(run, counts.get(run.id))) }
}

/** The run of that campaign; undefined when it has none of that id. */
export async function findRunOf(db: Queryable, campaign: string, id: string): Promise<Run | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(id)) return undefined
  const run = await findRun(db, id)
  return run?.campaign === campaign ? run : undefined
}

export function runLine(run: Run, counts: RunCounts = nothing): RunLine {
  const { id, slot, state, reason, audience } = run
  return { id, slot: slot.toISOString(), state, reason, paused: run.pausedAt !== null, audience, ...counts }
}

/** Whom it goes to: titles of segments, ids of group rules. */
export function audienceOf({ to }: Pick<Drop, 'to'>, content: Content): string[] {
  const title = listSegments(content).find(({ id }) => id === to.segment)?.title ?? to.segment
  return [...(title === undefined ? [] : [title]), ...(to.groups?.rules ?? [])]
}

type Shown = Pick<CampaignLine, 'id' | 'title' | 'gone' | 'to' | 'next' | 'approval'>

function standingLine(
  { id, standing, run }: { id: string; standing: Standing | undefined; run: Run | undefined },
  { content, now }: Looking,
): Shown {
  if (!standing) {
    const { title } = run?.drop ?? { title: id }
    return { id, title, gone: true, to: [], next: null, approval: { state: 'waived', by: '' } }
  }
  const { drop, approved, approvedBy } = standing
  const by = approvedBy === null ? '' : (rosterOf(content).get(approvedBy.replace(/^desk:/u, ''))?.name ?? approvedBy)
  return {
    ...{ id, title: drop.title, gone: false, to: audienceOf(drop, content) },
    next: nextSlotOf(drop, content, now)?.toISOString() ?? null,
    approval: { state: approvedBy !== null ? 'approved' : approved ? 'waived' : 'needed', by },
  }
}

function waitingNotice({ campaign, drop, slot }: Run, standing: Standing | undefined): CampaignNotice {
  const until = standing ? new Date(slot.getTime() + standing.drop.late).toISOString() : null
  return { kind: 'waiting', campaign, title: drop.title, slot: slot.toISOString(), until }
}

function missedNotice({ campaign, drop, slot, reason }: Run): CampaignNotice {
  return { kind: 'missed', campaign, title: drop.title, slot: slot.toISOString(), reason: reason ?? '' }
}
