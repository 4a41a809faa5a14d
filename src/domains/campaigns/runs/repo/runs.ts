/** Runs, the clocks of drops, and approvals. */
import type { Queryable } from '../../../../kernel/work.ts'
import type { FrozenDrop } from '../../drops/index.ts'
import type { DropClock } from '../decide.ts'
import type { Run, RunReason, RunState } from '../schema.ts'

type RunRow = {
  id: string
  campaign: string
  slot: Date
  state: RunState
  reason: RunReason | null
  content_version: string
  fingerprint: string
  drop: FrozenDrop
  created_at: Date
  frozen_at: Date | null
  ended_at: Date | null
  audience: number
  paused_at: Date | null
}

const columns = `id, campaign, slot, state, reason, content_version, fingerprint, drop, created_at, frozen_at, ended_at,
  audience, paused_at`

function runOf(row: RunRow): Run {
  return {
    id: row.id,
    campaign: row.campaign,
    slot: row.slot,
    state: row.state,
    reason: row.reason,
    contentVersion: row.content_version,
    fingerprint: row.fingerprint,
    drop: row.drop,
    createdAt: row.created_at,
    frozenAt: row.frozen_at,
    endedAt: row.ended_at,
    audience: row.audience,
    pausedAt: row.paused_at,
  }
}

const clockName = (campaign: string): string => `drop:${campaign}`

/** The clocks of these drops, locked: whoever ticks meanwhile, in whatever process, waits and then finds nothing new. */
export async function lockClocks(db: Queryable, campaigns: readonly string[]): Promise<Map<string, DropClock>> {
  const { rows } = await db.query<{ name: string; looked_at: Date; paused_at: Date | null }>({
    name: 'campaigns-clocks',
    text: 'SELECT name, looked_at, paused_at FROM campaign_clock WHERE name = ANY ($1) ORDER BY name FOR UPDATE',
    values: [campaigns.map(clockName)],
  })
  const clocks = new Map(rows.map((row) => [row.name, { lookedAt: row.looked_at, pausedAt: row.paused_at }]))
  return new Map(campaigns.flatMap((id) => (clocks.has(clockName(id)) ? [[id, clocks.get(clockName(id))!]] : [])))
}

/** Every slot of these drops until then has been looked at. A clock never goes back. */
export async function windClocks(db: Queryable, campaigns: readonly string[], now: Date): Promise<void> {
  await db.query({
    name: 'campaigns-wind',
    text: `INSERT INTO campaign_clock (name, looked_at) SELECT name, $2 FROM unnest($1::text[]) AS n (name) ORDER BY name
           ON CONFLICT (name) DO UPDATE SET looked_at = excluded.looked_at
           WHERE campaign_clock.looked_at < excluded.looked_at`,
    values: [campaigns.map(clockName), now],
  })
}

/** Pauses a drop, or lets it go on: slots that come while it is paused are missed. */
export async function setPaused(db: Queryable, campaign: string, pausedAt: Date | null, now: Date): Promise<void> {
  await db.query(
    `INSERT INTO campaign_clock (name, looked_at, paused_at) VALUES ($1, $3, $2)
     ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at`,
    [clockName(campaign), pausedAt, now],
  )
}

export async function listPaused(db: Queryable): Promise<Map<string, Date>> {
  const { rows } = await db.query<{ name: string; paused_at: Date }>(
    "SELECT name, paused_at FROM campaign_clock WHERE name LIKE 'drop:%' AND paused_at IS NOT NULL",
  )
  return new Map(rows.map((row) => [row.name.slice('drop:'.length), row.paused_at]))
}

export type NewRun = Pick<
  Run,
  'id' | 'campaign' | 'slot' | 'state' | 'reason' | 'contentVersion' | 'fingerprint' | 'drop'
>

/** Makes a run of a slot; nothing happens where that slot has one already. */
export async function insertRun(db: Queryable, run: NewRun, now: Date): Promise<void> {
  await db.query({
    name: 'campaigns-run-insert',
    text: `INSERT INTO campaign_run (id, campaign, slot, state, reason, content_version, fingerprint, drop, created_at, ended_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $4 = 'missed' THEN $9::timestamptz END)
           ON CONFLICT (campaign, slot) DO NOTHING`,
    values: [
      run.id,
      run.campaign,
      run.slot,
      run.state,
      run.reason,
      run.contentVersion,
      run.fingerprint,
      JSON.stringify(run.drop),
      now,
    ],
  })
}

/** Runs that are not over, the oldest slot first. */
export async function listOpenRuns(db: Queryable): Promise<Run[]> {
  const { rows } = await db.query<RunRow>({
    name: 'campaigns-runs-open',
    text: `SELECT ${columns} FROM campaign_run WHERE state NOT IN ('done', 'stopped', 'missed') ORDER BY slot, id`,
  })
  return rows.map(runOf)
}

/** Runs by their slots, the newest first; of one campaign where it is named. */
export async function listRuns(
  db: Queryable,
  { campaign, from, limit }: { campaign?: string | undefined; from?: Date | undefined; limit: number },
): Promise<Run[]> {
  const { rows } = await db.query<RunRow>(
    `SELECT ${columns} FROM campaign_run
     WHERE ($1::text IS NULL OR campaign = $1) AND ($2::timestamptz IS NULL OR slot >= $2) ORDER BY slot DESC, id LIMIT $3`,
    [campaign ?? null, from ?? null, limit],
  )
  return rows.map(runOf)
}

/** The newest run of each campaign that ever had one, also of those that are gone from content. */
export async function listLastRuns(db: Queryable): Promise<Run[]> {
  const { rows } = await db.query<RunRow>({
    name: 'campaigns-runs-last',
    text: `SELECT DISTINCT ON (campaign) ${columns} FROM campaign_run ORDER BY campaign, slot DESC`,
  })
  return rows.map(runOf)
}

export async function findRun(db: Queryable, id: string): Promise<Run | undefined> {
  const { rows } = await db.query<RunRow>(`SELECT ${columns} FROM campaign_run WHERE id = $1`, [id])
  return rows[0] && runOf(rows[0])
}

/** The run, locked until the transaction ends. */
export async function lockRun(db: Queryable, id: string): Promise<Run | undefined> {
  const { rows } = await db.query<RunRow>({
    name: 'campaigns-run-lock',
    text: `SELECT ${columns} FROM campaign_run WHERE id = $1 FOR UPDATE`,
    values: [id],
  })
  return rows[0] && runOf(rows[0])
}

/** Ends it, or lets it begin. Nothing happens when it is no longer in the state that was seen. */
export async function moveRun(
  db: Queryable,
  run: Pick<Run, 'id' | 'state'>,
  to: RunState,
  { now, reason = null }: { now: Date; reason?: RunReason | null },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'campaigns-run-move',
    text: `UPDATE campaign_run SET state = $3, reason = $4,
             ended_at = CASE WHEN $3 IN ('done', 'stopped', 'missed') THEN $5::timestamptz END
           WHERE id = $1 AND state = $2`,
    values: [run.id, run.state, to, reason, now],
  })
  return rowCount === 1
}

/** A run that waits becomes that of the drop as it is now. */
export async function renewRun(
  db: Queryable,
  { id, contentVersion, fingerprint, drop }: Pick<Run, 'id' | 'contentVersion' | 'fingerprint' | 'drop'>,
): Promise<void> {
  await db.query(
    `UPDATE campaign_run SET content_version = $2, fingerprint = $3, drop = $4 WHERE id = $1 AND state = 'waiting'`,
    [id, contentVersion, fingerprint, JSON.stringify(drop)],
  )
}

export async function pauseRun(db: Queryable, id: string, pausedAt: Date | null): Promise<void> {
  await db.query('UPDATE campaign_run SET paused_at = $2 WHERE id = $1', [id, pausedAt])
}

export async function insertApproval(
  db: Queryable,
  approval: { campaign: string; fingerprint: string; by: string; at: Date },
): Promise<void> {
  await db.query(
    `INSERT INTO campaign_approval (campaign, fingerprint, by, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (campaign, fingerprint) DO NOTHING`,
    [approval.campaign, approval.fingerprint, approval.by, approval.at],
  )
}

/** Who approved what, by `<campaign> <fingerprint>`. */
export async function findApprovals(
  db: Queryable,
  drops: readonly { campaign: string; fingerprint: string }[],
): Promise<Map<string, { by: string; at: Date }>> {
  const { rows } = await db.query<{ campaign: string; fingerprint: string; by: string; at: Date }>({
    name: 'campaigns-approvals',
    text: `SELECT a.campaign, a.fingerprint, a.by, a.at FROM campaign_approval a
           JOIN unnest($1::text[], $2::text[]) AS k (campaign, fingerprint) USING (campaign, fingerprint)`,
    values: [drops.map(({ campaign }) => campaign), drops.map(({ fingerprint }) => fingerprint)],
  })
  return new Map(rows.map((row) => [`${row.campaign} ${row.fingerprint}`, { by: row.by, at: row.at }]))
}
