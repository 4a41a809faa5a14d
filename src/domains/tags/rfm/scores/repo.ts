/** The scores that tagging keeps for each person (customer_rfm), as they are read by people. */
import type { Database } from '../../../../kernel/db.ts'
import type { ScoreGroup } from './decide.ts'

/** One person's scores as kept; `monetary` in the shop's currency. */
export type KeptScore = {
  person: string
  lastAt: Date | null
  frequency: number
  monetary: number
  r: number
  f: number
  m: number
  /** The three as digits, 111 to 555. */
  score: number
  computedAt: Date
}

const batchSize = 5_000

/** Best first. */
export async function listScoreGroups(db: Database): Promise<ScoreGroup[]> {
  const { rows } = await db.pool.query<ScoreGroup>(
    `SELECT r * 100 + f * 10 + m AS score, count(*)::int AS people, avg(frequency) AS "averageFrequency",
       round(avg(monetary), 2)::float8 AS "averageAmount"
     FROM customer_rfm GROUP BY 1 ORDER BY 1 DESC`,
  )
  return rows
}

/** Everybody's scores by person id, in batches that are read as they are asked for. */
export async function* readScores(db: Database): AsyncGenerator<KeptScore[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await db.pool.query<KeptScore>({
      name: 'rfm-read-scores',
      text: `SELECT person_id AS person, last_at AS "lastAt", frequency, monetary::float8 AS monetary, r, f, m,
               r * 100 + f * 10 + m AS score, computed_at AS "computedAt"
             FROM customer_rfm WHERE person_id > $1 ORDER BY person_id LIMIT $2`,
      values: [after, batchSize],
    })
    if (rows.length > 0) yield rows
    if (rows.length < batchSize) return
    after = rows.at(-1)!.person
  }
}
