/** Who spoke in a group lately, and what was answered there: rows by key, many groups at a time. */
import { few } from '../../../kernel/plan.ts'
import type { BatchQuery } from '../../../kernel/work.ts'
import { answered } from '../answers/schema.ts'
import type { SpokenBy, Utterance } from './schema.ts'

/** In one transaction a thread is asked for once: `since` is no part of the key. */
export type ThreadSince = { threadId: string; since: Date }

/** The newest messages of a group that are looked at: of more, somebody else has long spoken. */
const messagesAtMost = 50

/**
 * What was said in a thread since an instant, in no order. There is no end to it: messages carry the clock of the
 * platform, and one that is ahead of ours must not be missed. Notices of the platform have nobody who says them.
 */
export const listTalk: BatchQuery<ThreadSince, Utterance[]> = {
  name: 'faq-talk',
  keyOf: ({ threadId }) => threadId,
  async run(db, keys) {
    const { rows } = await db.query<{ thread_id: string; speaker_id: string | null; by: SpokenBy; sent_at: Date }>({
      name: 'faq-talk',
      text: `SELECT k.thread_id, coalesce(m.customer_id, m.identity_id) AS speaker_id, m.sent_at,
               CASE WHEN m.direction = 'out' OR i.role = 'self' THEN 'us' WHEN m.direction = 'human' THEN 'human'
                 ELSE coalesce(i.role, 'unknown') END AS by
             FROM unnest($1::uuid[], $2::timestamptz[]) AS k (thread_id, since)
             CROSS JOIN LATERAL (
               SELECT * FROM message m WHERE m.thread_id = k.thread_id AND m.sent_at >= k.since
               ORDER BY m.sent_at DESC LIMIT ${messagesAtMost}
             ) m
             LEFT JOIN identity i ON i.id = m.identity_id
             WHERE ${few('k.thread_id')}
               AND (m.identity_id IS NOT NULL OR m.direction <> 'in' OR m.type <> 'unknown')`,
      values: columnsOf(keys),
    })
    const found = new Map<string, Utterance[]>()
    for (const { thread_id, speaker_id: speakerId, by, sent_at: at } of rows) {
      const list = found.get(thread_id) ?? []
      list.push({ speakerId, by, at })
      found.set(thread_id, list)
    }
    return found
  },
}

/** Exchanges last seconds; whatever closed since an instant was asked at most this long before it. */
const longestExchange = '1 hour'

/** Ids of the entries that were said in a thread since an instant, to anybody. */
export const findAnswered: BatchQuery<ThreadSince, ReadonlySet<string>> = {
  name: 'faq-answered',
  keyOf: ({ threadId }) => threadId,
  async run(db, keys) {
    const { rows } = await db.query<{ thread_id: string; entries: string[] }>({
      name: 'faq-answered',
      // The time of asking stands in the index; without it the whole past of a group would be read.
      text: `SELECT e.thread_id, e.entries
             FROM unnest($1::uuid[], $2::timestamptz[]) AS k (thread_id, since)
             JOIN exchange e ON e.thread_id = k.thread_id
               AND e.asked_at >= k.since - interval '${longestExchange}' AND e.closed_at >= k.since
             WHERE e.outcome = ANY($3::text[]) AND ${few('k.thread_id')}`,
      values: [...columnsOf(keys), answered],
    })
    const found = new Map<string, Set<string>>()
    for (const { thread_id, entries } of rows) {
      const all = found.get(thread_id) ?? new Set()
      for (const entry of entries) all.add(entry)
      found.set(thread_id, all)
    }
    return found
  },
}

function columnsOf(keys: readonly ThreadSince[]): [string[], Date[]] {
  return [keys.map(({ threadId }) => threadId), keys.map(({ since }) => since)]
}
