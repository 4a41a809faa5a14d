/** Who had a day, fell silent, wrote or came, as queries that campaigns ask within their own. */
import type { ClauseSql } from '../../../kernel/slice.ts'

type Bind = ClauseSql['bind']
type Window = { after: Date; until: Date }

/** `key`: what stands in the profile, or its end; `cause`: that of who is found by it; `at`: when it is taken to happen. */
export type Sought = { key: string; at: Date; cause: string; bornBefore: string }

/**
 * Persons whose profile holds one of the days under `field`. Of customers who are one person it is the day that tags see,
 * too: her own before those of the merged, of these the one that was seen last. One pass over the profiles.
 */
export function withDay(field: string, sought: readonly Sought[], by: 'date' | 'anniversary', bind: Bind): string {
  const name = bind(field, 'text')
  const told = by === 'date' ? `c.profile ->> ${name}` : `right(c.profile ->> ${name}, 5)`
  return `SELECT c.person_id, sought.cause, sought.at
    FROM unnest(${bind(list(sought, 'key'), 'text[]')}, ${bind(list(sought, 'at'), 'timestamptz[]')},
                ${bind(list(sought, 'cause'), 'text[]')}, ${bind(list(sought, 'bornBefore'), 'text[]')})
      AS sought (key, at, cause, born_before)
    JOIN customer c ON ${told} = sought.key
    WHERE c.profile ->> ${name} ~ '^\\d{4}-\\d{2}-\\d{2}$' AND c.profile ->> ${name} < sought.born_before
      AND NOT EXISTS (
        SELECT FROM customer o WHERE o.person_id = c.person_id AND o.id <> c.id AND o.profile ->> ${name} <> ''
          AND (o.id = o.person_id, o.last_seen_at, o.id) > (c.id = c.person_id, c.last_seen_at, c.id))`
}

function list<K extends keyof Sought>(sought: readonly Sought[], key: K): Sought[K][] {
  return sought.map((one) => one[key])
}

/**
 * Persons of whom nothing was heard since so many ms, as the segments' clause `active` counts it. Found by the index over
 * who was last seen when; of those who were merged, the few, each is looked at.
 */
export function fallenSilent(ms: number, { after, until }: Window, zone: string, bind: Bind): string {
  const from = bind(new Date(after.getTime() - ms), 'timestamptz')
  const to = bind(new Date(until.getTime() - ms), 'timestamptz')
  const last = (which: string): string =>
    `SELECT c.id, c.person_id, c.last_seen_at FROM customer c
     WHERE c.last_seen_at > ${from} AND c.last_seen_at <= ${to} AND c.last_seen_at > to_timestamp(0) AND ${which}`
  return `SELECT l.person_id,
      'silent:' || to_char(l.last_seen_at AT TIME ZONE ${bind(zone, 'text')}, 'YYYY-MM-DD') AS cause,
      l.last_seen_at + ${bind(ms, 'float8')} * interval '1 ms' AS at
    FROM (${last('c.merged_into IS NULL AND c.forgotten_at IS NULL AND NOT c.staff')}
          UNION ALL ${last('c.merged_into IS NOT NULL')}) l
    WHERE NOT EXISTS (
      SELECT FROM customer o WHERE o.person_id = l.person_id AND (o.last_seen_at, o.id) > (l.last_seen_at, l.id))`
}

/** Messages of theirs, in whatever thread. */
export function wrote({ after, until }: Window, bind: Bind): string {
  return `SELECT c.person_id, m.sent_at AS at FROM message m JOIN customer c ON c.id = m.customer_id
    WHERE m.direction = 'in' AND m.sent_at > ${bind(after, 'timestamptz')} AND m.sent_at <= ${bind(until, 'timestamptz')}`
}

export function did(kinds: readonly string[], { after, until }: Window, bind: Bind): string {
  return `SELECT i.person_id, i.at FROM interaction i WHERE i.kind = ANY (${bind(kinds, 'text[]')})
    AND i.at > ${bind(after, 'timestamptz')} AND i.at <= ${bind(until, 'timestamptz')}`
}

/** Joins that were seen; `rules`: of groups with one of them, by default with any. */
export function came(rules: readonly string[] | undefined, { after, until }: Window, bind: Bind): string {
  const where = rules === undefined ? 'r.rule IS NOT NULL' : `r.rule = ANY (${bind(rules, 'text[]')})`
  return `SELECT c.person_id, s.joined_at AS at
    FROM room r JOIN membership s ON s.group_id = r.id JOIN customer c ON c.id = s.customer_id
    WHERE ${where} AND s.join_seen
      AND s.joined_at > ${bind(after, 'timestamptz')} AND s.joined_at <= ${bind(until, 'timestamptz')}`
}
