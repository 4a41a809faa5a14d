/** Speakers in PostgreSQL: who speaks where, taking over, and the copies that a takeover leaves to be answered. */
import type { BatchQuery, Queryable } from '../../../kernel/work.ts'
import type { AccountNow, Move, SpokenIn } from './decide.ts'

/** How far two accounts' times of one message may lie apart when the platform gives each its own message id. */
const sameMessageWithin = '5 seconds'

export async function listAccounts(db: Queryable): Promise<AccountNow[]> {
  const { rows } = await db.query<{
    name: string
    state: string
    heartbeat_at: Date | null
    connected_at: Date | null
    deaf_since: Date | null
  }>('SELECT name, state, heartbeat_at, connected_at, deaf_since FROM account ORDER BY name')
  return rows.map((row) => ({
    name: row.name,
    state: row.state,
    heartbeatAt: row.heartbeat_at,
    connectedAt: row.connected_at,
    deafSince: row.deaf_since,
  }))
}

/** Groups that somebody other than the speaker could speak in: only these can move. */
export async function listMovableGroups(db: Queryable, order: readonly string[]): Promise<SpokenIn[]> {
  const { rows } = await db.query<{ id: string; speaker: string; inside: string[] }>(
    `SELECT r.id, r.speaker, array_agg(a.account ORDER BY a.account) AS inside
     FROM room r JOIN group_account a ON a.group_id = r.id AND a.left_at IS NULL
     WHERE r.speaker IS NOT NULL GROUP BY r.id
     HAVING bool_or(a.account <> r.speaker AND a.account = ANY($1::text[])) ORDER BY r.id`,
    [order],
  )
  return rows.map((row) => ({ groupId: row.id, speaker: row.speaker, inside: row.inside }))
}

/** Gives the groups their new speakers, unless somebody else did so meanwhile; returns the moves that were made. */
export async function saveSpeakers(db: Queryable, moves: readonly Move[]): Promise<Move[]> {
  const { rows } = await db.query<{ id: string }>(
    `UPDATE room SET speaker = m.new FROM unnest($1::uuid[], $2::text[], $3::text[]) AS m (id, old, new)
     WHERE room.id = m.id AND room.speaker = m.old RETURNING room.id`,
    [moves.map((move) => move.groupId), moves.map((move) => move.from), moves.map((move) => move.to)],
  )
  const made = new Set(rows.map((row) => row.id))
  return moves.filter((move) => made.has(move.groupId))
}

/** What the old speaker had not begun to say is said by the new one. What it has begun stays its own (law 2). */
export async function moveOutbox(db: Queryable, moves: readonly Move[]): Promise<void> {
  await db.query(
    `UPDATE outbox o SET account = m.new, recipient = jsonb_set(o.recipient, '{account}', to_jsonb(m.new))
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS m (id, old, new) JOIN thread t ON t.group_id = m.id
     WHERE o.thread_id = t.id AND o.account = m.old AND o.state = 'pending'`,
    [moves.map((move) => move.groupId), moves.map((move) => move.from), moves.map((move) => move.to)],
  )
}

/**
 * Opens copies again that the account which now speaks in their group has seen since `from`, and that no account has
 * stored: same platform id in the thread, or same sender, same words and nearly the same moment under another account's
 * id (one account's two ids are two messages). Returns their inbox ids.
 *
 * Not only right after a move: a copy whose transaction began before the move is committed as a copy after it.
 */
export async function reopenCopies(db: Queryable, from: Date): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(
    `UPDATE inbox i SET handled_at = NULL, outcome = NULL
     FROM room r JOIN thread t ON t.group_id = r.id
     WHERE i.outcome = 'copy' AND i.kind = 'MessageReceived' AND i.at >= $1
       AND i.account = r.speaker AND i.what #>> '{place,roomId}' = r.room_id
       AND NOT EXISTS (
         SELECT FROM message m LEFT JOIN identity p ON p.id = m.identity_id
         WHERE m.thread_id = t.id
           AND m.sent_at BETWEEN (i.what #>> '{message,sentAt}')::timestamptz - $2::interval
                             AND (i.what #>> '{message,sentAt}')::timestamptz + $2::interval
           AND (m.platform_id = i.what #>> '{message,id}'
                OR (m.account <> i.account
                    AND p.contact_id = i.what #>> '{sender,id}' AND m.text = i.what #>> '{message,text}')))
       AND NOT EXISTS (
         SELECT FROM message m WHERE m.account = i.account AND m.platform_id = i.what #>> '{message,id}')
     RETURNING i.id`,
    [from, sameMessageWithin],
  )
  return rows.map((row) => row.id).sort((a, b) => (a < b ? -1 : 1))
}

export type HeardKey = {
  threadId: string
  account: string
  platformId: string
  contactId: string
  text: string
  sentAt: string
}

const heardKey = ({ threadId, account, platformId }: HeardKey): string =>
  JSON.stringify([threadId, account, platformId])

/** Whether a group message is stored already, under this or another account's id for it. */
export const findHeard: BatchQuery<HeardKey, true> = {
  name: 'members-heard',
  keyOf: heardKey,
  async run(db, keys) {
    const { rows } = await db.query<{ place: bigint }>({
      name: 'members-heard',
      text: `SELECT k.place
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $7::text[])
               WITH ORDINALITY AS k (thread_id, platform_id, contact_id, text, sent_at, account, place)
             WHERE EXISTS (
               SELECT FROM message m LEFT JOIN identity p ON p.id = m.identity_id
               WHERE m.thread_id = k.thread_id
                 AND m.sent_at BETWEEN k.sent_at - $6::interval AND k.sent_at + $6::interval
                 AND (m.platform_id = k.platform_id
                      OR (m.account <> k.account AND p.contact_id = k.contact_id AND m.text = k.text)))`,
      values: [
        keys.map((key) => key.threadId),
        keys.map((key) => key.platformId),
        keys.map((key) => key.contactId),
        keys.map((key) => key.text),
        keys.map((key) => key.sentAt),
        sameMessageWithin,
        keys.map((key) => key.account),
      ],
    })
    return new Map(rows.map((row) => [heardKey(keys[Number(row.place) - 1]!), true]))
  },
}
