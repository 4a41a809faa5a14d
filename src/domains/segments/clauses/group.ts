/** `group: vip`: is in a group with this rule of groups.yaml now. */
import { z } from 'zod'
import type { SegmentClause } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { oneOrMore } from './parts.ts'

export const groupClause: SegmentClause<string[]> = {
  title: 'Is in a group with this rule of groups.yaml, or with one of these',
  schema: oneOrMore(z.string().min(1)),
  persons: (rules, { bind }) => ({
    in: `SELECT g.person_id FROM room JOIN membership s ON s.group_id = room.id JOIN customer g ON g.id = s.customer_id
     WHERE room.rule = ANY (${bind(rules, 'text[]')}) AND s.left_at IS NULL`,
  }),
  async seen(db, personId, rules, { content }) {
    const { rows } = await db.query<{ rule: string; topic: string; joined_at: Date; left_at: Date | null }>(
      `SELECT room.rule, room.topic, s.joined_at, s.left_at
       FROM membership s JOIN room ON room.id = s.group_id JOIN customer g ON g.id = s.customer_id
       WHERE g.person_id = $1 AND room.rule = ANY ($2::text[]) ORDER BY s.left_at DESC NULLS FIRST, s.joined_at`,
      [personId, rules],
    )
    const stays = rows.map(({ rule, topic, joined_at, left_at }) => {
      const left = left_at ? `, left ${dayIn(content.zone, left_at)}` : ''
      return `${topic} (${rule}) since ${dayIn(content.zone, joined_at)}${left}`
    })
    const holds = rows.some((row) => row.left_at === null)
    return { holds, fact: stays.join('; ') || `in no group of ${rules.join(' or ')}`, data: { stays: rows } }
  },
  references: (rules) => rules.map((id) => ({ at: [], kind: 'groups', id })),
}
