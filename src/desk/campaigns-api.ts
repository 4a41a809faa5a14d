/**
 * What the pages of campaigns and the desk's server say to each other, as JSON under /api. For managers alone: others are
 * answered 403 `managers-only`. Instants are ISO texts in UTC, shares numbers from 0 to 1.
 */
import { z } from 'zod'
import type { Difference } from './rehearsal/schema.ts'

/** A run with its recipients in numbers: `notSent` is without the holdout. */
export type RunLine = {
  id: string
  slot: string
  state: 'waiting' | 'freezing' | 'sending' | 'done' | 'stopped' | 'missed'
  reason: string | null
  paused: boolean
  audience: number
  sent: number
  unknown: number
  waiting: number
  notSent: number
  holdout: number
}

/** `gone`: content has it no more (or as a draft); what it left can be read, and what still runs be stopped. */
export type CampaignLine = {
  id: string
  title: string
  gone: boolean
  /** Titles of the segment, ids of the group rules. */
  to: string[]
  next: string | null
  /** `by`: the name of the adviser, or `cli:…`; '' unless approved. */
  approval: { state: 'approved' | 'waived' | 'needed'; by: string }
  /** Since when. */
  paused: string | null
  last: RunLine | null
  /** Runs that are not over. */
  open: number
}

/** What should be known before anything else. `until`: the latest instant at which a run that waits may still begin. */
export type CampaignNotice =
  | { kind: 'waiting'; campaign: string; title: string; slot: string; until: string | null }
  | { kind: 'missed'; campaign: string; title: string; slot: string; reason: string }

/** GET /api/campaigns. `previews`: whether content names groups for them. `today` and days are of the brand's zone. */
export type CampaignList = {
  campaigns: CampaignLine[]
  notices: CampaignNotice[]
  previews: boolean
  today: string
}

/** GET /api/campaigns/:id: its runs, the newest first. */
export type CampaignDetail = { line: CampaignLine; runs: RunLine[]; previews: boolean }

/** GET /api/campaigns/:id/proposal: what would be approved, with values as they might be. `percent` of those who get it. */
export type Proposal = {
  id: string
  title: string
  fingerprint: string
  to: string[]
  next: string | null
  holdout: number
  variants: { id: string; percent: number; messages: string[] }[]
}

/** POST /api/campaigns/:id/approve: 409 `campaign-changed` when it is no longer what she has seen. */
export const ApproveBody = z.strictObject({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/) })
/** POST /api/campaigns/:id/pause, /resume, /stop and /preview. */
export const NothingBody = z.strictObject({})
/** How many runs were meant; of a preview 0. */
export type CampaignDone = { done: true; runs: number }

type Share = { of: number; count: number; low: number; high: number }
/** `variant` null: the holdout. Not sent and put off, by reason. Lift in shares (0.02: two points). */
export type VariantLine = {
  variant: string | null
  recipients: number
  sent: number
  unknown: number
  waiting: number
  deferred: Record<string, number>
  notSent: Record<string, number>
  replied: number
  clicked: number
  optedOut: number
  goal: Share | null
  lift: { points: number; low: number; high: number } | null
}

/** GET /api/campaigns/:id/runs/:run, and as CSV with /report.csv behind it. `goal`: its kind. */
export type RunReportLine = { run: RunLine; title: string; goal: string | null; variants: VariantLine[] }

const longestDays = 60
function isDay(text: string): boolean {
  const day = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === text
}

/** POST /api/rehearsals: 202 with its line; 409 `rehearsal-busy` while somebody else's plays. `seed`: customers who react. */
export const RehearsalBody = z.strictObject({
  from: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .refine(isDay),
  days: z.int().min(1).max(longestDays),
  content: z.enum(['saved', 'live']),
  seed: z.int().min(0).max(999_999_999).nullable(),
})
export type RehearsalWish = z.infer<typeof RehearsalBody>

/** As JSON has it. */
export type DifferenceLine = Omit<Difference, 'slot'> & { slot: string | null }

/**
 * GET /api/rehearsals/:id, which also says that she still looks: one that nobody asks for is dropped. `share`: 0 to 1.
 * `differences`: from what is live to what is saved; null where live content was played. `failures`: events that could not
 * be handled. The page itself: /api/rehearsals/:id/page?lang=zh. POST /api/rehearsals/:id/cancel ends it.
 */
export type RehearsalLine = { id: string; wish: RehearsalWish } & (
  | { state: 'playing'; share: number }
  | { state: 'done'; differences: DifferenceLine[] | null; failures: string[] }
  | { state: 'failed'; message: string | null }
  | { state: 'cancelled' }
)
