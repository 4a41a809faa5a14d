/** Who got and who lost a tag, as queries that campaigns ask within their own. */
import type { ClauseSql } from '../../../kernel/slice.ts'

type Bind = ClauseSql['bind']

export type Change = {
  /** Dimension and value of the tags, by their places. */
  tags: readonly { dimension: string; value: string }[]
  after: Date
  until: Date
}

/**
 * A round of tagging takes the time of its beginning and is seen when it has committed: a change is told of so much later
 * (in ms), or a clock that looks meanwhile would never see it.
 */
const settledAfterMs = 60_000

/** The tags that are asked for, once for each of a person; `told`: the column of the change. */
function within({ tags, after, until }: Change, told: string, bind: Bind): { named: string; where: string } {
  const earlier = (at: Date): string => bind(new Date(at.getTime() - settledAfterMs), 'timestamptz')
  const dimensions = bind(
    tags.map(({ dimension }) => dimension),
    'text[]',
  )
  const values = bind(
    tags.map(({ value }) => value),
    'text[]',
  )
  return {
    named: `(SELECT g.id, g.dimension || '/' || g.value AS name FROM unnest(${dimensions}, ${values}) AS w (dimension, value)
             JOIN tag g ON g.dimension = w.dimension AND g.value = w.value) g`,
    where: `${told} > ${earlier(after)} AND ${told} <= ${earlier(until)}`,
  }
}

const lag = `interval '${settledAfterMs} ms'`

/**
 * What a change of the rules gives to many at once is our opinion, nothing that happened to them: what rules decided
 * between the beginning and the end of a run over the base is left out. A run that was overtaken ended with that.
 */
function notByRun(row: string, told: string): string {
  return `(${row}.source <> 'rule' OR NOT EXISTS (
    SELECT FROM (SELECT started_at, coalesce(finished_at, lead(started_at) OVER (ORDER BY started_at)) AS ended_at
                 FROM tag_run) r
    WHERE ${told} >= r.started_at AND (r.ended_at IS NULL OR ${told} <= r.ended_at)))`
}

const instant = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Persons who have a tag that counts, and had it from nobody just before. */
export function gained(change: Change, bind: Bind): string {
  const { named, where } = within(change, 't.since', bind)
  return `SELECT DISTINCT t.person_id, 'gained:' || g.name || ':' || ${instant('t.since')} AS cause, t.since + ${lag} AS at
    FROM customer_tag t JOIN ${named} ON g.id = t.tag_id
    WHERE ${where} AND t.effective AND ${notByRun('t', 't.since')}
      AND NOT EXISTS (
        SELECT FROM customer_tag o WHERE o.person_id = t.person_id AND o.tag_id = t.tag_id AND o.since < t.since)
      AND NOT EXISTS (
        SELECT FROM customer_tag_history h WHERE h.person_id = t.person_id AND h.ended_at >= t.since
          AND h.tag_id = t.tag_id AND h.since < t.since)`
}

/** Persons who had a tag and have it from nobody any more; not where they, or we, no longer keep such tags at all. */
export function lost(change: Change, bind: Bind): string {
  const { named, where } = within(change, 'h.ended_at', bind)
  return `SELECT DISTINCT h.person_id, 'lost:' || g.name || ':' || ${instant('h.ended_at')} AS cause, h.ended_at + ${lag} AS at
    FROM customer_tag_history h JOIN ${named} ON g.id = h.tag_id
    WHERE ${where} AND h.reason IN ('replaced', 'expired', 'evidence-gone', 'removed') AND ${notByRun('h', 'h.ended_at')}
      AND NOT EXISTS (SELECT FROM customer_tag o WHERE o.person_id = h.person_id AND o.tag_id = h.tag_id
                      AND o.since <= h.ended_at)
      AND NOT EXISTS (
        SELECT FROM customer_tag_history o WHERE o.person_id = h.person_id AND o.ended_at > h.ended_at
          AND o.tag_id = h.tag_id AND o.since <= h.ended_at)`
}
