/** Groups and our accounts in them, many at a time. */
import { few } from '../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Group } from './schema.ts'

export type GroupKey = { groupId: string; threadId: string; account: string }

/** A group as the table has it, before anybody speaks there, and what `account` has to do with it. */
export type GroupSeen = Omit<Group, 'speaker'> & {
  speaker: string | null
  /** Whether this account has ever been noted in the group. */
  noted: boolean
  hasThread: boolean
}

type GroupRow = {
  account: string
  id: string
  realm: string
  room_id: string
  topic: string
  rule: string | null
  speaker: string | null
  thread_id: string
  silent_until: Date | null
  noted: boolean
  has_thread: boolean
}

const keyOf = ({ groupId, account }: Pick<GroupKey, 'groupId' | 'account'>): string => `${groupId} ${account}`

export const findGroups: BatchQuery<GroupKey, GroupSeen> = {
  name: 'members-groups',
  keyOf,
  async run(db, keys) {
    const { rows } = await db.query<GroupRow>({
      name: 'members-groups',
      text: `SELECT k.account, r.id, r.realm, r.room_id, r.topic, r.rule, r.speaker, k.thread_id, t.silent_until,
                    a.account IS NOT NULL AS noted, t.id IS NOT NULL AS has_thread
             FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS k (group_id, thread_id, account)
             JOIN room r ON r.id = k.group_id
             LEFT JOIN thread t ON t.id = k.thread_id
             LEFT JOIN group_account a ON a.group_id = k.group_id AND a.account = k.account
             WHERE ${few('k.group_id')}`,
      values: [keys.map((key) => key.groupId), keys.map((key) => key.threadId), keys.map((key) => key.account)],
    })
    return new Map(rows.map((row) => [keyOf({ groupId: row.id, account: row.account }), seenGroup(row)]))
  },
}

function seenGroup(row: GroupRow): GroupSeen {
  return {
    id: row.id,
    realm: row.realm,
    roomId: row.room_id,
    topic: row.topic,
    boundTo: row.rule,
    speaker: row.speaker,
    threadId: row.thread_id,
    silentUntil: row.silent_until,
    noted: row.noted,
    hasThread: row.has_thread,
  }
}

export type GroupClaim = { id: string; realm: string; roomId: string; account: string; at: Date }

/**
 * Makes the group exist and gives it a speaker, now and not at the end: of two accounts that see a new group at once,
 * one waits here for the other's commit and then knows that it is not the speaker (law 1). Sorted, so that two
 * transactions that claim several groups meet them in one order. Gives the account that speaks. The id follows from realm
 * and room, so of the two unique indexes the conflict is looked for in the one that PostgreSQL writes first: in the other it
 * would be an error.
 */
export const claimGroups: BatchQuery<GroupClaim, string> = {
  name: 'members-groups-claim',
  keyOf: ({ id }) => id,
  async run(db, claims) {
    const sorted = [...claims].sort((a, b) => (a.id < b.id ? -1 : 1))
    const { rows } = await db.query<{ id: string; speaker: string }>({
      name: 'members-groups-claim',
      text: `INSERT INTO room (id, realm, room_id, topic, speaker, first_seen_at)
             SELECT id, realm, room_id, '', speaker, at
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
               AS row (id, realm, room_id, speaker, at)
             ON CONFLICT (id) DO UPDATE SET speaker = coalesce(room.speaker, excluded.speaker)
             RETURNING id, speaker`,
      values: [
        sorted.map((claim) => claim.id),
        sorted.map((claim) => claim.realm),
        sorted.map((claim) => claim.roomId),
        sorted.map((claim) => claim.account),
        sorted.map((claim) => claim.at),
      ],
    })
    return new Map(rows.map((row) => [row.id, row.speaker]))
  },
}

export const bindGroups: BatchWrite<{ id: string; rule: string }> = {
  name: 'members-groups-bind',
  order: 14,
  async run(db, rows) {
    await db.query({
      name: 'members-groups-bind',
      text: `UPDATE room SET rule = row.rule FROM unnest($1::uuid[], $2::text[]) AS row (id, rule) WHERE room.id = row.id`,
      values: [rows.map((row) => row.id), rows.map((row) => row.rule)],
    })
  },
}

/** `ownerId` null leaves the owner as it was. */
export const renameGroups: BatchWrite<{ id: string; topic: string; ownerId: string | null }> = {
  name: 'members-groups-rename',
  order: 14,
  async run(db, rows) {
    await db.query({
      name: 'members-groups-rename',
      text: `UPDATE room SET topic = row.topic, owner_id = coalesce(row.owner_id, room.owner_id)
             FROM unnest($1::uuid[], $2::text[], $3::text[]) AS row (id, topic, owner_id) WHERE room.id = row.id`,
      values: [rows.map((row) => row.id), rows.map((row) => row.topic), rows.map((row) => row.ownerId)],
    })
  },
}

export type AccountInGroup = { groupId: string; account: string; at: Date }

const enter = (conflict: string): string => `
  INSERT INTO group_account AS a (group_id, account, since)
  SELECT group_id, account, min(at) FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS row (group_id, account, at)
  GROUP BY group_id, account ORDER BY group_id, account
  ON CONFLICT (group_id, account) ${conflict}`

function accountsInGroups(rows: AccountInGroup[]): unknown[] {
  return [rows.map((row) => row.groupId), rows.map((row) => row.account), rows.map((row) => row.at)]
}

/** The account saw something in the group. An old message, seen again, does not bring back an account that has left. */
export const noteAccounts: BatchWrite<AccountInGroup> = {
  name: 'members-accounts-note',
  order: 16,
  async run(db, rows) {
    await db.query({ name: 'members-accounts-note', text: enter('DO NOTHING'), values: accountsInGroups(rows) })
  },
}

/** The account is in the group now, for the first time or again. */
export const enterGroups: BatchWrite<AccountInGroup> = {
  name: 'members-accounts-enter',
  order: 16,
  async run(db, rows) {
    const again = 'DO UPDATE SET since = excluded.since, left_at = NULL WHERE a.left_at IS NOT NULL'
    await db.query({ name: 'members-accounts-enter', text: enter(again), values: accountsInGroups(rows) })
  },
}

export const leaveGroups: BatchWrite<AccountInGroup> = {
  name: 'members-accounts-leave',
  order: 17,
  async run(db, rows) {
    await db.query({
      name: 'members-accounts-leave',
      text: `UPDATE group_account AS a SET left_at = row.at
             FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS row (group_id, account, at)
             WHERE a.group_id = row.group_id AND a.account = row.account AND a.left_at IS NULL`,
      values: accountsInGroups(rows),
    })
  },
}

/** The groups that an account is in, by their room ids. */
export async function listRoomsOf(db: Queryable, account: string): Promise<{ groupId: string; roomId: string }[]> {
  const { rows } = await db.query<{ id: string; room_id: string }>(
    `SELECT r.id, r.room_id FROM group_account a JOIN room r ON r.id = a.group_id
     WHERE a.account = $1 AND a.left_at IS NULL ORDER BY r.id`,
    [account],
  )
  return rows.map((row) => ({ groupId: row.id, roomId: row.room_id }))
}
