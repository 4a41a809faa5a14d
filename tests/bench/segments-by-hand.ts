/**
 * The example segments in SQL, written by hand for this very database: with the ids of the tags, the instants and the
 * bounds in the text, and the form chosen that was the fastest of those tried. Where two forms were close, both are run
 * and the faster counts.
 */
import type { Queryable } from '../../src/kernel/work.ts'

const day = 86_400_000

export async function byHand(db: Queryable, segment: string, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: number; name: string }>("SELECT id, dimension || '/' || value AS name FROM tag")
  const ids = new Map(rows.map(({ id, name }) => [name, id]))
  const ways = byId[segment]
  if (!ways) throw new Error(`Nobody has written the segment «${segment}» by hand.`)
  return ways({
    tag: (...names) => {
      const list = names.map((name) => ids.get(name) ?? -1).join(',')
      return `tag_id IN (${list}) AND effective AND (until IS NULL OR until > ${instant(now)})`
    },
    ago: (days) => instant(new Date(now.getTime() - days * day)),
    now: instant(now),
  })
}

function instant(at: Date): string {
  return `'${at.toISOString()}'::timestamptz`
}

type Terms = { tag: (...names: string[]) => string; ago: (days: number) => string; now: string }

const person = 'c.merged_into IS NULL AND c.forgotten_at IS NULL AND NOT c.staff'
/** Somebody who was merged into c and of whom it is so. There are few, so one small hash of them all does. */
const merged = (condition: string): string =>
  `c.id IN (SELECT person_id FROM customer WHERE merged_into IS NOT NULL AND ${condition})`
const seenSince = (at: string): string => `(c.last_seen_at >= ${at} OR ${merged(`last_seen_at >= ${at}`)})`
const metSince = (at: string): string => `(c.first_seen_at >= ${at} AND NOT ${merged(`first_seen_at < ${at}`)})`
const marketing = `c.opted_out_at IS NULL AND NOT ${merged('opted_out_at IS NOT NULL')}`
const profiling = `c.profiling_refused_at IS NULL AND NOT ${merged('profiling_refused_at IS NOT NULL')}`
const sensitive = `(c.sensitive_consent_at IS NOT NULL OR c.noticed_at IS NULL AND ${merged('sensitive_consent_at IS NOT NULL')})
  AND NOT ${merged('noticed_at IS NOT NULL AND sensitive_consent_at IS NULL')}`
const kept = "o.amount > 0 AND o.status NOT IN ('cancelled', 'refunded')"

const byId: Record<string, (terms: Terms) => string[]> = {
  // Three scans of the index on effective tags, hashed.
  'east-skincare-active': ({ tag, ago }) => [
    `SELECT c.id FROM customer c
     WHERE ${person} AND ${seenSince(ago(30))}
       AND EXISTS (SELECT FROM customer_tag t WHERE t.person_id = c.id AND ${tag('consumption/高消费')})
       AND EXISTS (SELECT FROM customer_tag t WHERE t.person_id = c.id AND ${tag('interest/护肤')})
       AND EXISTS (SELECT FROM customer_tag t WHERE t.person_id = c.id AND ${tag('region/华东')})`,
    // A person has a tag from one source most often: an intersection reads each list once and joins the row last.
    `SELECT c.id FROM customer c JOIN (
       SELECT person_id FROM customer_tag WHERE ${tag('consumption/高消费')}
       INTERSECT SELECT person_id FROM customer_tag WHERE ${tag('interest/护肤')}
       INTERSECT SELECT person_id FROM customer_tag WHERE ${tag('region/华东')}) t ON t.person_id = c.id
     WHERE ${person} AND ${seenSince(ago(30))}`,
  ],

  // Few are new: for each of them one look into the index on orders.
  'new-no-order': ({ ago, now }) => [
    `SELECT c.id FROM customer c
     WHERE ${person} AND ${metSince(ago(30))} AND NOT ${metSince(ago(7))} AND ${marketing}
       AND NOT EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at <= ${now} AND ${kept})`,
  ],

  // A year of orders summed for everybody, once for all parallel workers; or by person, for those who are dormant.
  'dormant-high-value': ({ ago, now }) => [
    `WITH s AS MATERIALIZED (
       SELECT person_id FROM orders o WHERE o.ordered_at >= ${ago(365)} AND o.ordered_at <= ${now} AND o.status <> 'cancelled'
       GROUP BY person_id HAVING sum(o.amount) >= 2000)
     SELECT c.id FROM customer c JOIN s ON s.person_id = c.id
     WHERE ${person} AND NOT ${seenSince(ago(90))} AND ${marketing}`,
    `SELECT c.id FROM customer c
     WHERE ${person} AND NOT ${seenSince(ago(90))} AND ${marketing}
       AND (SELECT sum(o.amount) FROM orders o WHERE o.person_id = c.id AND o.ordered_at >= ${ago(365)}
         AND o.ordered_at <= ${now} AND o.status <> 'cancelled') >= 2000`,
  ],

  'sensitive-skin': ({ tag }) => [
    `SELECT c.id FROM customer c
     WHERE ${person} AND ${profiling} AND ${sensitive} AND ${marketing}
       AND EXISTS (SELECT FROM customer_tag t WHERE t.person_id = c.id AND ${tag('skin/敏感肌')})`,
  ],

  // One pass over half a year of orders: who has serum and no sunscreen. Or two, the second for those of the first.
  'serum-no-sunscreen': ({ ago, now }) => [
    `WITH s AS MATERIALIZED (
       SELECT person_id FROM orders o WHERE o.ordered_at >= ${ago(180)} AND o.ordered_at <= ${now} AND ${kept}
         AND o.categories && '{精华,防晒}'
       GROUP BY person_id HAVING bool_or('精华' = ANY (o.categories)) AND NOT bool_or('防晒' = ANY (o.categories)))
     SELECT c.id FROM customer c JOIN s ON s.person_id = c.id WHERE ${person} AND ${marketing}`,
    `SELECT c.id FROM customer c
     WHERE ${person} AND ${marketing}
       AND EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at >= ${ago(180)} AND o.ordered_at <= ${now}
         AND ${kept} AND '精华' = ANY (o.categories))
       AND NOT EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at >= ${ago(180)} AND o.ordered_at <= ${now}
         AND ${kept} AND '防晒' = ANY (o.categories))`,
  ],

  // Members of these groups, and for each a look into the index on orders.
  'check-in-no-order': ({ now }) => [
    `SELECT DISTINCT c.id FROM room r JOIN membership m ON m.group_id = r.id AND m.left_at IS NULL
       JOIN customer g ON g.id = m.customer_id JOIN customer c ON c.id = g.person_id
     WHERE r.rule = 'check-in' AND ${person}
       AND NOT EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at <= ${now} AND ${kept})`,
    `SELECT c.id FROM customer c
     WHERE ${person} AND EXISTS (SELECT FROM room r JOIN membership m ON m.group_id = r.id JOIN customer g ON g.id = m.customer_id
         WHERE r.rule = 'check-in' AND m.left_at IS NULL AND g.person_id = c.id)
       AND NOT EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at <= ${now} AND ${kept})`,
  ],

  // The union of both lists, less the members of the group.
  'vip-to-invite': ({ ago, now }) => [
    `WITH s AS MATERIALIZED (
       SELECT person_id FROM orders o
       WHERE o.ordered_at >= ${ago(365)} AND o.ordered_at <= ${now} AND o.status <> 'cancelled'
       GROUP BY person_id HAVING count(*) FILTER (WHERE ${kept}) >= 8 AND sum(o.amount) >= 3000)
     SELECT c.id FROM customer c JOIN (
       SELECT person_id FROM customer_rfm WHERE r + f + m >= 14 UNION SELECT person_id FROM s) u ON u.person_id = c.id
     WHERE ${person} AND ${marketing}
       AND NOT EXISTS (SELECT FROM room r JOIN membership m ON m.group_id = r.id JOIN customer g ON g.id = m.customer_id
         WHERE r.rule = 'vip' AND m.left_at IS NULL AND g.person_id = c.id)`,
  ],

  'refill-due': ({ ago, now }) => [
    `SELECT c.id FROM customer c
     WHERE ${person} AND ${marketing}
       AND EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at >= ${ago(60)} AND o.ordered_at <= ${now}
         AND ${kept} AND o.categories && '{精华,乳霜}')
       AND NOT EXISTS (SELECT FROM orders o WHERE o.person_id = c.id AND o.ordered_at >= ${ago(30)} AND o.ordered_at <= ${now}
         AND ${kept})`,
    `WITH s AS MATERIALIZED (
       SELECT person_id FROM orders o WHERE o.ordered_at >= ${ago(60)} AND o.ordered_at <= ${now} AND ${kept}
       GROUP BY person_id HAVING bool_or(o.categories && '{精华,乳霜}') AND max(o.ordered_at) < ${ago(30)})
     SELECT c.id FROM customer c JOIN s ON s.person_id = c.id WHERE ${person} AND ${marketing}`,
  ],

  'often-but-little': ({ ago, now }) => [
    `WITH s AS MATERIALIZED (
       SELECT person_id FROM orders o WHERE o.ordered_at >= ${ago(180)} AND o.ordered_at <= ${now} AND o.status <> 'cancelled'
       GROUP BY person_id HAVING count(*) FILTER (WHERE ${kept}) >= 3 AND sum(o.amount) <= 600)
     SELECT c.id FROM customer c JOIN s ON s.person_id = c.id WHERE ${person} AND ${marketing}`,
  ],

  advocates: ({ tag, ago, now }) => [
    `SELECT c.id FROM customer c
     WHERE ${person} AND EXISTS (SELECT FROM customer_tag t WHERE t.person_id = c.id AND ${tag('loyalty/坚定', 'loyalty/狂热')})
       AND c.id IN (
         SELECT person_id FROM interaction WHERE kind = 'share' AND at >= ${ago(180)} AND at <= ${now}
         UNION SELECT person_id FROM interaction WHERE kind = 'praise' AND at >= ${ago(90)} AND at <= ${now}
           GROUP BY person_id HAVING count(*) >= 2)`,
    `SELECT c.id FROM customer c JOIN (
       SELECT person_id FROM interaction WHERE kind = 'share' AND at >= ${ago(180)} AND at <= ${now}
       UNION SELECT person_id FROM interaction WHERE kind = 'praise' AND at >= ${ago(90)} AND at <= ${now}
         GROUP BY person_id HAVING count(*) >= 2) s ON s.person_id = c.id
     WHERE ${person} AND EXISTS (SELECT FROM customer_tag t WHERE t.person_id = c.id AND ${tag('loyalty/坚定', 'loyalty/狂热')})`,
  ],

  unhappy: ({ ago, now }) => [
    `SELECT c.id FROM customer c WHERE ${person}
       AND EXISTS (SELECT FROM interaction i WHERE i.person_id = c.id AND i.kind = 'complaint' AND i.at >= ${ago(14)} AND i.at <= ${now})`,
    `SELECT DISTINCT c.id FROM interaction i JOIN customer c ON c.id = i.person_id
     WHERE i.kind = 'complaint' AND i.at >= ${ago(14)} AND i.at <= ${now} AND ${person}`,
  ],

  'big-sale': ({ ago, now }) => [
    `SELECT c.id FROM customer c WHERE ${person} AND ${seenSince(ago(60))} AND ${marketing}
       AND NOT EXISTS (SELECT FROM interaction i WHERE i.person_id = c.id AND i.kind = 'complaint' AND i.at >= ${ago(14)} AND i.at <= ${now})`,
  ],
}
