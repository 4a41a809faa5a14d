/** What was said between a person and us, and where our own sends stand. */
import type { Queryable } from '../../../../kernel/work.ts'

/** Where a person and we talk. */
export type Whereabouts = { customers: string[]; threads: string[] }

/** All customers who are the person, and her direct threads. Of a case without a customer: its own thread. */
export async function whereaboutsOf(db: Queryable, customerId: string): Promise<Whereabouts> {
  const { rows } = await db.query<{ customers: string[]; threads: string[] }>(
    `WITH hers AS (SELECT o.id FROM customer c JOIN customer o ON o.person_id = c.person_id WHERE c.id = $1)
     SELECT ARRAY(SELECT id FROM hers) AS customers,
       ARRAY(SELECT t.id FROM thread t WHERE t.kind = 'direct' AND t.customer_id IN (SELECT id FROM hers)) AS threads`,
    [customerId],
  )
  return rows[0] ?? { customers: [], threads: [] }
}

export async function directThreadsOf(db: Queryable, caseId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT t.id FROM handoff_case h JOIN thread t ON t.id IN (h.thread_id, h.talk_thread_id)
     WHERE h.id = $1 AND t.kind = 'direct'`,
    [caseId],
  )
  return rows.map(({ id }) => id)
}

export type SaidRow = {
  /** Unique and the same before and after it was sent. */
  id: string
  at: Date
  direction: 'in' | 'out' | 'human'
  type: string
  text: string
  quoted: { text?: string } | null
  title: string | null
  filename: string | null
  mediaId: string | null
  mime: string | null
  bytes: number | null
  topic: string
  recalled: boolean
  /** Null for what has no send of ours behind it. */
  state: 'pending' | 'sending' | 'sent' | 'unknown' | 'refused' | 'cancelled' | null
  key: string | null
  /** The adviser who wrote it, by her id. */
  by: string | null
}

/** The place of a line: lines are read from the latest backwards, below one that was read already. */
export type Below = { at: Date; id: string }

export type Saying = Whereabouts & {
  /** Her words in groups count where they fall between these. */
  groupsFrom: Date
  groupsUntil: Date
  below: Below | null
  limit: number
}

/** Sorts behind every id. */
const beyond = '~'
const endOfTime = new Date('9999-01-01T00:00:00Z')

/**
 * What was said in her direct threads and by her in groups, the latest first. What has left is a message; what has not, or
 * may not have, stands in the outbox alone. An adviser's words carry the case in their key, whose entry says who wrote them.
 */
export async function listSaid(db: Queryable, saying: Saying): Promise<SaidRow[]> {
  const { customers, threads, groupsFrom, groupsUntil, below, limit } = saying
  const { rows } = await db.query<SaidRow>(
    `WITH said AS (
       SELECT coalesce('o' || m.outbox_id, 'm' || m.id) AS id, m.sent_at AS at, m.direction, m.type, m.text, m.quoted,
         m.details, m.thread_id, m.recalled_at IS NOT NULL AS recalled, m.outbox_id
       FROM unnest($1::uuid[]) AS t (id) CROSS JOIN LATERAL (
         SELECT * FROM message WHERE thread_id = t.id AND sent_at <= $5 ORDER BY sent_at DESC LIMIT $7 + 20) m
       UNION ALL
       SELECT 'm' || m.id, m.sent_at, m.direction, m.type, m.text, m.quoted, m.details, m.thread_id,
         m.recalled_at IS NOT NULL, NULL
       FROM unnest($2::uuid[]) AS c (id) CROSS JOIN LATERAL (
         SELECT m.* FROM message m JOIN thread t ON t.id = m.thread_id AND t.kind = 'group'
         WHERE m.customer_id = c.id AND m.direction = 'in' AND m.sent_at BETWEEN $3 AND least($4, $5)
         ORDER BY m.sent_at DESC LIMIT $7 + 20) m
       UNION ALL
       SELECT 'o' || o.id, o.created_at, 'out', o.body ->> 'type', coalesce(o.body ->> 'text', ''), NULL, o.body,
         o.thread_id, false, o.id
       FROM unnest($1::uuid[]) AS t (id) CROSS JOIN LATERAL (
         SELECT * FROM outbox WHERE thread_id = t.id AND state <> 'sent' AND created_at <= $5
           AND body ->> 'type' NOT IN ('acceptFriendship', 'acceptInvitation') ORDER BY id DESC LIMIT $7 + 20) o
     ), page AS (
       SELECT * FROM said WHERE (at, id) < ($5, $6) ORDER BY at DESC, id DESC LIMIT $7)
     SELECT p.id, p.at, p.direction, p.type, p.text, p.quoted, p.details ->> 'title' AS title,
       p.details ->> 'filename' AS filename, f.id AS "mediaId", f.mime, octet_length(f.bytes) AS bytes,
       coalesce(g.topic, '') AS topic, p.recalled,
       CASE WHEN p.direction = 'out' THEN coalesce(o.state, 'sent') END AS state, o.key, a.by
     FROM page p
     LEFT JOIN outbox o ON o.id = p.outbox_id
     LEFT JOIN media f ON f.id = p.details ->> 'mediaId'
     LEFT JOIN thread t ON t.id = p.thread_id LEFT JOIN room g ON g.id = t.group_id
     LEFT JOIN LATERAL (
       SELECT e.data ->> 'by' AS by FROM case_entry e
       WHERE e.case_id = substring(o.key FROM '^handoff-say:.*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})')::uuid
         AND e.kind = 'adviser-said' AND e.at <= o.created_at ORDER BY e.id DESC LIMIT 1) a ON true
     ORDER BY p.at DESC, p.id DESC`,
    [threads, customers, groupsFrom, groupsUntil, below?.at ?? endOfTime, below?.id ?? beyond, limit],
  )
  return rows
}
