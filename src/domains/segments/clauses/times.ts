/** `joined: {within: 7d}` and `active: {within: 30d}`: when somebody came to us, and when she was last heard of. */
import { z } from 'zod'
import type { ClauseSql, SegmentClause } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { before, mergedWhere, Within } from './parts.ts'

const JoinedArgs = z
  .strictObject({
    after: z.iso.date().optional().describe('On this day or later, such as 2026-11-01'),
    before: z.iso.date().optional().describe('Before this day'),
    within: Within.optional(),
  })
  .refine((args) => Object.keys(args).length > 0, { error: 'after, before or within' })
type JoinedArgs = z.output<typeof JoinedArgs>

/** Of customers who are one person the first that we met counts. */
export const joinedClause: SegmentClause<JoinedArgs> = {
  title: 'When we first met the person',
  schema: JoinedArgs,
  persons(args, on) {
    const { since, until } = bounds(args, on)
    const parts = [
      ...since.map((from) => `c.first_seen_at >= ${from} AND NOT c.id IN (${mergedWhere(`first_seen_at < ${from}`)})`),
      ...until.map((to) => `(c.first_seen_at < ${to} OR c.id IN (${mergedWhere(`first_seen_at < ${to}`)}))`),
    ]
    return { where: parts.join(' AND ') }
  },
  async seen(db, personId, args, { now, content }) {
    const { rows } = await db.query<{ first: Date; holds: boolean }>(
      `SELECT first, first >= coalesce($2::date::timestamp AT TIME ZONE $5, '-infinity')
         AND first < coalesce($3::date::timestamp AT TIME ZONE $5, 'infinity')
         AND first >= coalesce($4::timestamptz, '-infinity') AS holds
       FROM (SELECT min(first_seen_at) AS first FROM customer WHERE person_id = $1) s WHERE first IS NOT NULL`,
      [personId, args.after, args.before, args.within === undefined ? null : before(now, args.within), content.zone],
    )
    const [row] = rows
    if (!row) return { holds: false, fact: 'never met' }
    return { holds: row.holds, fact: `first met ${dayIn(content.zone, row.first)}`, data: { firstSeenAt: row.first } }
  },
}

function bounds(args: JoinedArgs, { bind, now, content }: ClauseSql): { since: string[]; until: string[] } {
  const startOf = (day: string): string =>
    `(${bind(day, 'date')}::timestamp AT TIME ZONE ${bind(content.zone, 'text')})`
  return {
    since: [
      ...(args.after === undefined ? [] : [startOf(args.after)]),
      ...(args.within === undefined ? [] : [bind(before(now, args.within), 'timestamptz')]),
    ],
    until: args.before === undefined ? [] : [startOf(args.before)],
  }
}

const ActiveArgs = z
  .strictObject({
    within: Within.optional().describe('Heard of within this time, such as 30d'),
    notWithin: Within.optional().describe('Not heard of within this time'),
  })
  .refine((args) => Object.keys(args).length > 0, { error: 'within or notWithin' })
type ActiveArgs = z.output<typeof ActiveArgs>

/** Of customers who are one person the last that was heard of counts. */
export const activeClause: SegmentClause<ActiveArgs> = {
  title: 'When the person was last heard of',
  schema: ActiveArgs,
  persons({ within, notWithin }, { bind, now }) {
    const heardSince = (ms: number): string => {
      const since = bind(before(now, ms), 'timestamptz')
      return `(c.last_seen_at >= ${since} OR c.id IN (${mergedWhere(`last_seen_at >= ${since}`)}))`
    }
    const parts = [
      ...(within === undefined ? [] : [heardSince(within)]),
      ...(notWithin === undefined ? [] : [`NOT ${heardSince(notWithin)}`]),
    ]
    return { where: parts.join(' AND ') }
  },
  async seen(db, personId, { within, notWithin }, { now, content }) {
    const last = await findLastSeen(db, personId)
    if (!last) return { holds: false, fact: 'never heard of' }
    const holds =
      (within === undefined || last >= before(now, within)) &&
      (notWithin === undefined || last < before(now, notWithin))
    return { holds, fact: `last heard of ${dayIn(content.zone, last)}`, data: { lastSeenAt: last } }
  },
}

async function findLastSeen(db: Queryable, personId: string): Promise<Date | null> {
  const { rows } = await db.query<{ last: Date | null }>(
    'SELECT max(last_seen_at) AS last FROM customer WHERE person_id = $1',
    [personId],
  )
  return rows[0]?.last ?? null
}
