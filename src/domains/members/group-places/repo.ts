/** Groups as places where something may be posted that nobody asked for. */
import type { Queryable } from '../../../kernel/work.ts'

/** A group that one of our accounts speaks in. */
export type GroupPlace = {
  threadId: string
  groupId: string
  roomId: string
  topic: string
  /** '' where it is bound to none. */
  rule: string
  account: string
}

type Row = { thread_id: string; group_id: string; room_id: string; topic: string; rule: string; speaker: string }

const columns = `t.id AS thread_id, r.id AS group_id, r.room_id, r.topic, coalesce(r.rule, '') AS rule, r.speaker`
const spoken = `thread t JOIN room r ON r.id = t.group_id
  JOIN group_account a ON a.group_id = r.id AND a.account = r.speaker AND a.left_at IS NULL`

function placeOf(row: Row): GroupPlace {
  const { topic, rule } = row
  return { threadId: row.thread_id, groupId: row.group_id, roomId: row.room_id, account: row.speaker, topic, rule }
}

/**
 * The groups bound to one of these rules, where the account that speaks is still in, by their ids. `rooms`: and these, by
 * the platform's ids, whatever they are bound to.
 */
export async function listGroupPlaces(
  db: Queryable,
  rules: readonly string[],
  rooms: readonly string[] = [],
): Promise<GroupPlace[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${columns} FROM ${spoken}
     WHERE t.kind = 'group' AND (r.rule = ANY ($1) OR r.room_id = ANY ($2)) ORDER BY t.id`,
    [rules, rooms],
  )
  return rows.map(placeOf)
}

/** The same groups by their threads; one that we are no longer in is left out. */
export async function findGroupPlaces(db: Queryable, threadIds: readonly string[]): Promise<Map<string, GroupPlace>> {
  const { rows } = await db.query<Row>({
    name: 'members-group-places',
    text: `SELECT ${columns} FROM ${spoken} WHERE t.id = ANY ($1::uuid[])`,
    values: [threadIds],
  })
  return new Map(rows.map((row) => [row.thread_id, placeOf(row)]))
}

/**
 * How many of these persons are in each group now; a group with none of them is left out. `persons` is a query with the
 * column `person_id` whose first value is free for the groups: `membersQuery(…, [groupIds])` of segments.
 */
export async function countMembersIn(
  db: Queryable,
  persons: { text: string; values: unknown[] },
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ group_id: string; count: bigint }>(
    `SELECT m.group_id, count(DISTINCT c.person_id) AS count
     FROM membership m JOIN customer c ON c.id = m.customer_id JOIN (${persons.text}) s ON s.person_id = c.person_id
     WHERE m.left_at IS NULL AND m.group_id = ANY ($1::uuid[]) GROUP BY m.group_id`,
    persons.values,
  )
  return new Map(rows.map((row) => [row.group_id, Number(row.count)]))
}
