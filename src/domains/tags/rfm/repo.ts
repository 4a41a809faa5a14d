/** RFM over the whole base, in SQL. */
import type { Database } from '../../../kernel/db.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { priority } from '../due/repo.ts'
import type { RfmBars } from '../schema.ts'
import { barsAbove, countedFrom, stepsOf, thousandthsOf } from './decide.ts'
import type { RfmSettings } from './schema.ts'

/** People whom fifths can be made of; with fewer the bars of content hold. */
const fewest = 5

/** As JSON in rfm_bars. */
type StoredBars = { r: number[]; f: number[]; m: number[] }

/** `moved`: people whose stored scores differ under the new bars; they wait for tagging. */
export type ComputedBars = { people: number; bars: RfmBars | null; moved: number }

/**
 * Computes the bars of the base at `now`, stores them, and marks for tagging whoever's scores move by it. `bars` is null
 * when there are fewer than five people. With fixed bars nothing is computed.
 */
export async function computeBars(
  db: Pick<Database, 'transaction'>,
  settings: RfmSettings,
  now: Date,
): Promise<ComputedBars | null> {
  if (settings.scores === 'bars') return null
  return db.transaction(async (tx) => {
    // Everybody is read, also over a connection that is set up to look people up (connection/repo.ts).
    const ways = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
    await tx.query(`SELECT ${ways.map((way) => `set_config('enable_${way}', 'on', true)`).join(', ')}`)
    await measureBase(tx, settings, now)
    const { people, bars } = await quintiles(tx, settings)
    if (!bars) return { people, bars, moved: 0 }
    const stored: StoredBars = { r: bars.recencyDays, f: bars.frequency, m: bars.monetary }
    await tx.query('INSERT INTO rfm_bars (computed_at, people, bars) VALUES ($1, $2, $3)', [now, people, stored])
    return { people, bars, moved: await markMoved(tx, bars, now) }
  })
}

/** The bars that were computed last; null before the first time. */
export async function latestBars(db: Queryable): Promise<RfmBars | null> {
  const { rows } = await db.query<{ bars: StoredBars }>('SELECT bars FROM rfm_bars ORDER BY id DESC LIMIT 1')
  const stored = rows[0]?.bars
  return stored ? { recencyDays: stored.r, frequency: stored.f, monetary: stored.m } : null
}

/** Who was brought in by whom, once for each pair of persons; not oneself, and nobody of ours (law 13). */
const brought = `SELECT DISTINCT inviter.person_id AS by_id, guest.person_id
  FROM customer guest
  JOIN customer inviter ON inviter.id = guest.invited_by AND inviter.person_id <> guest.person_id
  JOIN customer person ON person.id = guest.person_id AND person.forgotten_at IS NULL AND NOT person.staff`

/**
 * What those whom these people brought in have spent, net and in cents, over the window of the settings: what
 * `Facts.referredCents` must be. Who brought in nobody is left out.
 */
export async function findReferredCents(
  db: Queryable,
  personIds: readonly string[],
  settings: RfmSettings,
  now: Date,
): Promise<Map<string, bigint>> {
  const { rows } = await db.query<{ person_id: string; cents: bigint }>({
    name: 'rfm-referred',
    text: `SELECT b.by_id AS person_id, (sum(o.amount) * 100)::bigint AS cents
           FROM (${brought} WHERE inviter.person_id = ANY($1::uuid[])) b
           JOIN orders o ON o.person_id = b.person_id AND o.status <> 'cancelled' AND o.ordered_at <= $2
             AND o.ordered_at > $3
           GROUP BY b.by_id`,
    values: [personIds, now, countedFrom(settings, now) ?? '-infinity'],
  })
  return new Map(rows.map(({ person_id, cents }) => [person_id, cents]))
}

/**
 * Puts `measuresOf` of everybody into rfm_measure, a table of this transaction: one reading of orders, one of
 * interactions. Rounding must stay that of decide.ts, step by step.
 */
export async function measureBase(tx: Queryable, settings: RfmSettings, now: Date): Promise<void> {
  // Sums for a million people fit into this; without it they are sorted on disk.
  await tx.query(`SET LOCAL work_mem = '192MB'`)
  await tx.query(`CREATE TEMP TABLE rfm_measure (
    person_id uuid NOT NULL, last_at timestamptz, days int, thousandths bigint NOT NULL, cents bigint NOT NULL
  ) ON COMMIT DROP`)
  const kinds = Object.entries(settings.frequency.interactions)
  await tx.query(
    `INSERT INTO rfm_measure
     WITH own AS (
       SELECT person_id, max(ordered_at) FILTER (WHERE amount >= 0) AS last_at,
         count(*) FILTER (WHERE amount >= 0) AS placed, (sum(amount) * 100)::bigint AS cents
       FROM orders WHERE status <> 'cancelled' AND ordered_at <= $1::timestamptz AND ordered_at > $2::timestamptz
       GROUP BY person_id
     ), said AS (
       SELECT person_id, max(at) AS last_at,
         sum(coalesce(k.thousandths, floor(weight::float8 * 1000 + 0.5)::bigint))::bigint AS thousandths
       FROM interaction LEFT JOIN unnest($4::text[], $5::bigint[]) AS k (kind, thousandths) USING (kind)
       WHERE at <= $1::timestamptz AND at > $2::timestamptz GROUP BY person_id
     ), referred AS (
       SELECT by_id AS person_id, sum(own.cents)::bigint AS cents
       FROM (${brought}) b JOIN own USING (person_id) GROUP BY by_id
     )
     SELECT p.id, last.at, floor(extract(epoch FROM $1::timestamptz - last.at) / 86400)::int,
       coalesce(own.placed, 0) * $3::bigint + coalesce(said.thousandths, 0),
       coalesce(own.cents, 0) + (greatest(referred.cents, 0) * $6::bigint + 500) / 1000
     FROM customer p
     LEFT JOIN own ON own.person_id = p.id
     LEFT JOIN said ON said.person_id = p.id
     LEFT JOIN referred ON referred.person_id = p.id
     CROSS JOIN LATERAL (SELECT greatest(own.last_at, said.last_at) AS at) last
     WHERE p.id = p.person_id AND p.forgotten_at IS NULL AND NOT p.staff`,
    [
      now,
      countedFrom(settings, now) ?? '-infinity',
      thousandthsOf(settings.frequency.order),
      kinds.map(([kind]) => kind),
      kinds.map(([, weight]) => thousandthsOf(weight)),
      thousandthsOf(settings.monetary.referred),
    ],
  )
}

type Quantiles = { people: bigint; days: number[] | null; thousandths: number[]; cents: number[] }

/** `percentile_cont` interpolates at (n − 1)·fraction, which is type 7, and leaves out who has no recency. */
async function quintiles(tx: Queryable, settings: RfmSettings): Promise<{ people: number; bars: RfmBars | null }> {
  const at = 'percentile_cont(ARRAY[0.2, 0.4, 0.6, 0.8]) WITHIN GROUP'
  const { rows } = await tx.query<Quantiles>(
    `SELECT count(*) AS people, ${at} (ORDER BY days::float8) AS days,
       ${at} (ORDER BY thousandths::float8) AS thousandths, ${at} (ORDER BY cents::float8) AS cents
     FROM rfm_measure`,
  )
  const { days, thousandths, cents, ...found } = rows[0]!
  const people = Number(found.people)
  if (people < fewest) return { people, bars: null }
  const recencyDays = days ? barsAbove(days) : settings.bars.recencyDays
  const frequency = barsAbove(thousandths).map((bar) => bar / 1_000)
  return { people, bars: { recencyDays, frequency, monetary: barsAbove(cents).map((bar) => bar / 100) } }
}

async function markMoved(tx: Queryable, bars: RfmBars, now: Date): Promise<number> {
  const steps = stepsOf(bars)
  const { rowCount } = await tx.query(
    `INSERT INTO tag_due (person_id, since, priority)
     SELECT person_id, $1, ${priority.scores} FROM rfm_measure JOIN customer_rfm c USING (person_id)
     WHERE c.r <> CASE WHEN days IS NULL THEN 1 ELSE 5 - width_bucket(days, $2::int[]) END
       OR c.f <> 1 + width_bucket(thousandths, $3::bigint[]) OR c.m <> 1 + width_bucket(cents, $4::bigint[])
     ON CONFLICT (person_id) DO UPDATE SET priority = least(tag_due.priority, excluded.priority)`,
    [now, steps.days, steps.thousandths, steps.cents],
  )
  return rowCount ?? 0
}
