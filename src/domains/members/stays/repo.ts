/** The stays of people in groups, many at a time, and who waits for a welcome. */
import type { BatchQuery, BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Role } from '../schema.ts'
import type { Newcomer, Stay } from './schema.ts'

export type StayKey = { groupId: string; identityId: string }
export type StaysSeen = { open: { id: string; joinedAt: Date; joinSeen: boolean } | null; welcomed: boolean }

/** What is known of persons in groups: the stay that is open, and whether any stay has brought a welcome. */
export const findStays: BatchQuery<StayKey, StaysSeen> = {
  name: 'members-stays',
  keyOf: ({ groupId, identityId }) => `${groupId} ${identityId}`,
  async run(db, keys) {
    const { rows } = await db.query<{
      key: string
      open_id: string | null
      joined_at: Date | null
      join_seen: boolean | null
      welcomed: boolean
    }>({
      name: 'members-stays',
      text: `SELECT k.group_id || ' ' || k.identity_id AS key, open.id AS open_id, open.joined_at, open.join_seen,
                    EXISTS (SELECT FROM membership m WHERE m.group_id = k.group_id AND m.identity_id = k.identity_id
                              AND m.welcomed_at IS NOT NULL) AS welcomed
             FROM unnest($1::uuid[], $2::uuid[]) AS k (group_id, identity_id)
             LEFT JOIN LATERAL (
               SELECT m.id, m.joined_at, m.join_seen FROM membership m
               WHERE m.group_id = k.group_id AND m.identity_id = k.identity_id AND m.left_at IS NULL
               ORDER BY m.joined_at DESC LIMIT 1
             ) AS open ON true`,
      values: [keys.map((key) => key.groupId), keys.map((key) => key.identityId)],
    })
    return new Map(
      rows.map(({ key, open_id: id, joined_at: joinedAt, join_seen: joinSeen, welcomed }) => [
        key,
        { open: id && joinedAt ? { id, joinedAt, joinSeen: joinSeen === true } : null, welcomed },
      ]),
    )
  },
}

export async function listOpenStays(
  db: Queryable,
  groupId: string,
): Promise<{ id: string; identityId: string; joinedAt: Date }[]> {
  const { rows } = await db.query<{ id: string; identity_id: string; joined_at: Date }>(
    'SELECT id, identity_id, joined_at FROM membership WHERE group_id = $1 AND left_at IS NULL ORDER BY joined_at, id',
    [groupId],
  )
  return rows.map((row) => ({ id: row.id, identityId: row.identity_id, joinedAt: row.joined_at }))
}

export const beginStays: BatchWrite<Stay> = {
  name: 'members-stays-begin',
  order: 18,
  async run(db, rows) {
    await db.query({
      name: 'members-stays-begin',
      text: `INSERT INTO membership
               (id, group_id, identity_id, customer_id, joined_at, inviter_id, join_seen, welcome_due)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::uuid[],
                                  $7::boolean[], $8::boolean[])`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.groupId),
        rows.map((row) => row.identityId),
        rows.map((row) => row.customerId),
        rows.map((row) => row.joinedAt),
        rows.map((row) => row.inviterId),
        rows.map((row) => row.joinSeen),
        rows.map((row) => row.welcomeDue),
      ],
    })
  },
}

/** The join of a stay that a member list had told of before: now it is known when it was, and through whom. */
export const seeJoins: BatchWrite<Pick<Stay, 'id' | 'joinedAt' | 'inviterId' | 'welcomeDue'>> = {
  name: 'members-stays-seen',
  order: 18,
  async run(db, rows) {
    await db.query({
      name: 'members-stays-seen',
      text: `UPDATE membership m
             SET joined_at = row.at, inviter_id = row.inviter_id, join_seen = true, welcome_due = row.welcome_due
             FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::boolean[]) AS row (id, at, inviter_id, welcome_due)
             WHERE m.id = row.id`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.joinedAt),
        rows.map((row) => row.inviterId),
        rows.map((row) => row.welcomeDue),
      ],
    })
  },
}

export const endStays: BatchWrite<{ id: string; at: Date; seen: boolean }> = {
  name: 'members-stays-end',
  order: 19,
  async run(db, rows) {
    await db.query({
      name: 'members-stays-end',
      text: `UPDATE membership m SET left_at = greatest(row.at, m.joined_at), leave_seen = row.seen, welcome_due = false
             FROM unnest($1::uuid[], $2::timestamptz[], $3::boolean[]) AS row (id, at, seen)
             WHERE m.id = row.id AND m.left_at IS NULL`,
      values: [rows.map((row) => row.id), rows.map((row) => row.at), rows.map((row) => row.seen)],
    })
  },
}

/** The newcomers of a group who wait for their welcome, in the order in which they came. */
export async function listNewcomers(db: Queryable, groupId: string): Promise<Newcomer[]> {
  const { rows } = await db.query<{ id: string; contact_id: string; name: string; role: Role; joined_at: Date }>(
    `SELECT m.id, i.contact_id, i.name, i.role, m.joined_at
     FROM membership m JOIN identity i ON i.id = m.identity_id
     WHERE m.group_id = $1 AND m.welcome_due AND m.left_at IS NULL ORDER BY m.joined_at, m.id`,
    [groupId],
  )
  return rows.map((row) => ({
    stayId: row.id,
    contactId: row.contact_id,
    name: row.name,
    role: row.role,
    joinedAt: row.joined_at,
  }))
}

/** The wait is over: with a welcome (`welcomedAt`) or, for a reason, without one. */
export const settleWelcomes: BatchWrite<{ stayId: string; welcomedAt: Date | null }> = {
  name: 'members-welcomes',
  order: 19,
  async run(db, rows) {
    await db.query({
      name: 'members-welcomes',
      text: `UPDATE membership m SET welcome_due = false, welcomed_at = row.at
             FROM unnest($1::uuid[], $2::timestamptz[]) AS row (id, at) WHERE m.id = row.id`,
      values: [rows.map((row) => row.stayId), rows.map((row) => row.welcomedAt)],
    })
  },
}

export type GroupToWelcome = {
  roomId: string
  topic: string
  rule: string | null
  speaker: string
  threadId: string
  silentUntil: Date | null
}

/** The group of a welcome that is due, or null when nobody speaks there any more. */
export async function findGroupToWelcome(db: Queryable, groupId: string): Promise<GroupToWelcome | null> {
  const { rows } = await db.query<{
    room_id: string
    topic: string
    rule: string | null
    speaker: string
    thread_id: string
    silent_until: Date | null
  }>(
    `SELECT r.room_id, r.topic, r.rule, r.speaker, t.id AS thread_id, t.silent_until
     FROM room r JOIN thread t ON t.group_id = r.id WHERE r.id = $1 AND r.speaker IS NOT NULL`,
    [groupId],
  )
  const row = rows[0]
  return row
    ? {
        roomId: row.room_id,
        topic: row.topic,
        rule: row.rule,
        speaker: row.speaker,
        threadId: row.thread_id,
        silentUntil: row.silent_until,
      }
    : null
}
