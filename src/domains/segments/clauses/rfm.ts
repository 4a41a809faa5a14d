/** `rfm: {r: {min: 4}, total: {min: 12}}`: scores 1 to 5, as tagging last saw them. */
import { z } from 'zod'
import type { SegmentClause } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { contains, inRange, rangeOf } from './parts.ts'

const Score = rangeOf(z.int().min(1).max(5))

const RfmArgs = z
  .strictObject({
    r: Score.optional().describe('Recency'),
    f: Score.optional().describe('Frequency'),
    m: Score.optional().describe('Monetary value'),
    total: rangeOf(z.int().min(3).max(15)).optional().describe('The three together, 3 to 15'),
  })
  .refine((args) => Object.keys(args).length > 0, { error: 'r, f, m or total' })
type RfmArgs = z.output<typeof RfmArgs>

const columns = { r: 'r', f: 'f', m: 'm', total: '(r + f + m)' } as const
const names = Object.keys(columns) as (keyof typeof columns)[]

/** Who has no scores yet is in no range. */
export const rfmClause: SegmentClause<RfmArgs> = {
  title: 'Scores of recency, frequency and monetary value, 1 (worst) to 5 (best)',
  schema: RfmArgs,
  persons(args, { bind }) {
    const ranges = names.flatMap((name) => (args[name] ? [inRange(columns[name], args[name], bind, 'int')] : []))
    return { in: `SELECT person_id FROM customer_rfm WHERE ${ranges.join(' AND ')}` }
  },
  async seen(db, personId, args, { content }) {
    const { rows } = await db.query<{ r: number; f: number; m: number; computed_at: Date }>(
      'SELECT r, f, m, computed_at FROM customer_rfm WHERE person_id = $1',
      [personId],
    )
    const [row] = rows
    if (!row) return { holds: false, fact: 'no scores yet' }
    const { r, f, m } = row
    const scores = { r, f, m, total: r + f + m }
    const fact = `r ${r}, f ${f}, m ${m}, together ${scores.total}, as of ${dayIn(content.zone, row.computed_at)}`
    return { holds: names.every((name) => !args[name] || contains(args[name], scores[name])), fact, data: scores }
  },
}
