/** `interaction: {kind: praise, within: 90d, count: {min: 2}}`: what somebody did that counts. */
import { z } from 'zod'
import type { ClauseSql, SegmentClause } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { before, Binding, contains, Count, inRange, oneOrMore, Within } from './parts.ts'

const InteractionArgs = z.strictObject({
  kind: oneOrMore(z.string().min(1)).describe('A kind of interactions.yaml, or several which count together'),
  within: Within.optional(),
  count: Count.optional().describe('How often; without it at least once. `{max: 0}` is never'),
})
type InteractionArgs = z.output<typeof InteractionArgs>

export const interactionClause: SegmentClause<InteractionArgs> = {
  title: 'What the person did: asked, praised, complained, shared, brought somebody, within which time',
  schema: InteractionArgs,
  persons(args, on) {
    const where = whereOf(args, on)
    const did = `SELECT i.person_id FROM interaction i WHERE ${where}`
    const { min = 0, max } = args.count ?? { min: 1 }
    if (min === 1 && max === undefined) return { in: did }
    if (max === 0) return { notIn: did }
    return {
      per: {
        from: 'interaction i',
        where,
        person: 'i.person_id',
        measures: { count: 'count(*)' },
        holds: (measure) => inRange(measure('count'), args.count ?? {}, on.bind, 'bigint'),
        holdsForNone: min === 0,
      },
    }
  },
  async seen(db, personId, args, { now, content }) {
    const { bind, values } = new Binding([personId])
    const { rows } = await db.query<{ count: bigint; last: Date | null }>(
      `SELECT count(*) AS count, max(i.at) AS last FROM interaction i
       WHERE i.person_id = $1 AND ${whereOf(args, { bind, now, content })}`,
      values,
    )
    const { count, last } = rows[0]!
    const fact = `${count} × ${args.kind.join(', ')}${last ? `, the last on ${dayIn(content.zone, last)}` : ''}`
    return {
      holds: contains(args.count ?? { min: 1 }, Number(count)),
      fact,
      data: { count: Number(count), lastAt: last },
    }
  },
  references: ({ kind }) => kind.map((id) => ({ at: ['kind'], kind: 'interactions', id })),
}

function whereOf({ kind, within }: InteractionArgs, { bind, now }: ClauseSql): string {
  const [only] = kind
  return [
    kind.length === 1 ? `i.kind = ${bind(only, 'text')}` : `i.kind = ANY (${bind(kind, 'text[]')})`,
    ...(within === undefined ? [] : [`i.at >= ${bind(before(now, within), 'timestamptz')}`]),
    `i.at <= ${bind(now, 'timestamptz')}`,
  ].join(' AND ')
}
