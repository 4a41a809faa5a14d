/** Tags by hand and proposals of the model. Rare, so in plain statements. */
import type { Queryable } from '../../../kernel/work.ts'
import { priority } from '../due/repo.ts'
import { type KnownTags, tagIds } from '../keep/repo.ts'
import type { Evidence, PersonTag } from '../schema.ts'
import type { Target } from './decide.ts'

/** The person behind a customer, with what she let us do; undefined when there is no such customer. */
export async function findTarget(db: Queryable, customerId: string): Promise<Target | undefined> {
  const { rows } = await db.query<Target>(
    `SELECT p.id AS "personId", p.staff, p.forgotten_at AS "forgottenAt",
            k.profiling_refused_at AS "profilingRefusedAt", k.consented_at AS "consentedAt",
            k.sensitive_consent_at AS "sensitiveConsentAt"
     FROM customer c JOIN customer p ON p.id = c.person_id JOIN person_consent k ON k.person_id = p.id
     WHERE c.id = $1`,
    [customerId],
  )
  return rows[0]
}

export type Written = {
  customerId: string
  personId: string
  tag: Pick<PersonTag, 'dimension' | 'value' | 'source' | 'strength' | 'until' | 'rule'> & { evidence: Evidence[] }
}

/** Writes a tag that no rule gives. Its effect on others is settled with the next tagging, for which she is marked. */
export async function putTag(db: Queryable, { customerId, personId, tag }: Written, now: Date): Promise<void> {
  const known: KnownTags = new Map()
  await tagIds(db, [tag], known)
  await db.query(
    `INSERT INTO customer_tag (person_id, tag_id, source, customer_id, effective, strength, since, until, rule, evidence)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (person_id, tag_id, source) DO UPDATE SET strength = excluded.strength, until = excluded.until,
       rule = excluded.rule, evidence = excluded.evidence`,
    [
      personId,
      [...known.values()][0],
      tag.source,
      customerId,
      tag.source === 'hand',
      tag.strength,
      now,
      tag.until,
      tag.rule,
      JSON.stringify(tag.evidence),
    ],
  )
}

/** Which of a person's tags by hand: these values of a dimension, or all others of it. */
export type Which = { dimension: string; values: string[] } | { dimension: string; except: string[] }

/** Moves tags by hand to the history; returns how many. */
export async function endByHand(
  db: Queryable,
  personId: string,
  which: Which,
  { reason, now }: { reason: 'replaced' | 'removed'; now: Date },
): Promise<number> {
  const { rowCount } = await db.query(
    `WITH ended AS (
       DELETE FROM customer_tag t USING tag g
       WHERE t.person_id = $1 AND t.source = 'hand' AND g.id = t.tag_id AND g.dimension = $2
         AND ${'values' in which ? '' : 'NOT '}g.value = ANY($3::text[])
       RETURNING t.*)
     INSERT INTO customer_tag_history
       (person_id, customer_id, tag_id, source, strength, since, ended_at, until, rule, evidence, reason)
     SELECT person_id, customer_id, tag_id, source, strength, since, $4, until, rule, evidence, $5 FROM ended`,
    [personId, which.dimension, 'values' in which ? which.values : which.except, now, reason],
  )
  return rowCount ?? 0
}

/** Marks a person as due at once. */
export async function markPersonDue(db: Queryable, personId: string, now: Date): Promise<void> {
  await db.query(
    `INSERT INTO tag_due (person_id, since, priority) VALUES ($1, $2, ${priority.now})
     ON CONFLICT (person_id) DO UPDATE SET priority = excluded.priority`,
    [personId, now],
  )
}
