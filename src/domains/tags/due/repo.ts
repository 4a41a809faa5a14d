/**
 * Who waits for tagging, and who is being tagged. The queue must never hold up a reply: whoever marks a person meets a
 * lock only for the milliseconds of a claim, and all that lock several rows take them in the order of their ids.
 */
import { few } from '../../../kernel/plan.ts'
import type { BatchWrite, Queryable, Work } from '../../../kernel/work.ts'

/** Lower goes first. */
export const priority = { now: 0, soon: 1, scores: 2, base: 3 } as const

type Mark = { customerId: string; at: Date }

/** After everything else of the transaction, customers included: the marks are read by nobody within it. */
const markPersons: BatchWrite<Mark> = {
  name: 'tags-due',
  order: 900,
  async run(db, marks) {
    await db.query({
      name: 'tags-due',
      text: `INSERT INTO tag_due (person_id, since, priority)
             SELECT DISTINCT c.person_id, $2::timestamptz, 0 FROM customer c WHERE c.id = ANY($1::uuid[])
             ORDER BY 1
             ON CONFLICT (person_id) DO UPDATE SET priority = 0 WHERE tag_due.priority <> 0`,
      values: [marks.map(({ customerId }) => customerId), marks[0]?.at],
    })
  },
}

/** Something about this customer has changed: her tags are looked at within a second or two. One cheap statement a batch. */
export function markDue(work: Work, customerId: string): void {
  work.write(markPersons, { customerId, at: work.now })
}

/**
 * The same for many, such as those of an import, with who brought them in: a share of what they spend counts as hers.
 */
export async function markDueMany(db: Queryable, customerIds: readonly string[], now: Date): Promise<void> {
  await db.query({
    text: `INSERT INTO tag_due (person_id, since, priority)
           SELECT DISTINCT person.person_id, $2::timestamptz, ${priority.soon}
           FROM unnest($1::uuid[]) AS given (id) JOIN customer c ON c.id = given.id
             LEFT JOIN customer i ON i.id = c.invited_by,
             unnest(ARRAY[c.person_id, i.person_id]) AS person (person_id)
           WHERE ${few('given.id')} AND person.person_id IS NOT NULL ORDER BY person_id
           ON CONFLICT (person_id) DO UPDATE SET priority = excluded.priority
             WHERE tag_due.priority > excluded.priority`,
    values: [customerIds, now],
  })
}

/** Persons marked in one statement. */
const chunk = 2_000
const first = '00000000-0000-0000-0000-000000000000'

/** Marks everybody, a chunk at a time; returns how many. With a run, its progress is counted by them. */
export async function markEverybody(db: Queryable, runId: bigint | null, now: Date): Promise<number> {
  let people = 0
  for (let after = first; ; ) {
    const { rows } = await db.query<{ last: string | null; count: number }>({
      name: 'tags-due-everybody',
      text: `WITH chunk AS (
               SELECT id FROM customer
               WHERE id > $1 AND id = person_id AND forgotten_at IS NULL AND NOT staff ORDER BY id LIMIT ${chunk}
             ), marked AS (
               INSERT INTO tag_due (person_id, since, priority, run_id)
               SELECT id, $2::timestamptz, ${priority.base}, $3::bigint FROM chunk ORDER BY id
               ON CONFLICT (person_id) DO UPDATE SET run_id = excluded.run_id)
             SELECT max(id::text) AS last, count(*)::int AS count FROM chunk`,
      values: [after, now, runId],
    })
    const { last, count } = rows[0] ?? { last: null, count: 0 }
    people += count
    if (last === null || count < chunk) return people
    after = last
  }
}

/** Marks whose tags may have changed by the passing of time; returns how many. */
export async function markExpired(db: Queryable, now: Date): Promise<number> {
  const { rowCount } = await db.query({
    name: 'tags-due-expired',
    text: `INSERT INTO tag_due (person_id, since, priority)
           SELECT person_id, $1::timestamptz, ${priority.soon} FROM (
             SELECT person_id FROM customer_rfm WHERE look_at <= $1
             UNION SELECT person_id FROM customer_tag WHERE until <= $1) AS person
           ORDER BY person_id
           ON CONFLICT (person_id) DO UPDATE SET priority = excluded.priority
             WHERE tag_due.priority > excluded.priority`,
    values: [now],
  })
  return rowCount ?? 0
}

export type Claimed = {
  personId: string
  runId: bigint | null
  /** The dimensions that her run is about, where nothing else has happened; null: all of them. */
  only: string[] | null
}

/** now: something just happened to them; soon: something else that is news; base: they wait for a run alone. */
export type Lane = 'now' | 'soon' | 'base'

const lanes: Record<Lane, string> = {
  now: `= ${priority.now}`,
  soon: `BETWEEN ${priority.soon} AND ${priority.scores}`,
  base: `= ${priority.base}`,
}

export type Claim = {
  /** Whoever finishes or gives up names it again. */
  id: string
  /** The rules that the claimer has: while a run for others is on, it gets nobody. */
  rules: string
  lane: Lane
  limit: number
  now: Date
  /** From then on it counts as dead. */
  until: Date
}

/** Takes persons off the queue, at most one process each: who is being tagged already waits. */
export async function claim(db: Queryable, { id, rules, lane, limit, now, until }: Claim): Promise<Claimed[]> {
  const { rows } = await db.query<{ person_id: string; run_id: bigint | null; dimensions: string[] | null }>({
    // The planner must know that they are few: it would sort the whole queue for a tenth of it.
    name: `tags-claim-${lane}-${limit}`,
    text: `WITH picked AS (
             SELECT d.person_id FROM tag_due d
             WHERE d.priority ${lanes[lane]}
               AND $2 = (SELECT rules FROM tag_run ORDER BY started_at DESC, id DESC LIMIT 1)
               AND d.person_id <> ALL (ARRAY(SELECT unnest(people) FROM tag_claim WHERE until > $4))
             ORDER BY d.priority, d.since LIMIT ${limit} FOR UPDATE SKIP LOCKED
           ), taken AS (
             DELETE FROM tag_due d USING picked WHERE d.person_id = picked.person_id RETURNING d.person_id, d.run_id
           ), claimed AS (
             INSERT INTO tag_claim (id, people, run_id, until)
             SELECT $1, array_agg(person_id), max(run_id), $3 FROM taken HAVING count(*) > 0)
           SELECT t.person_id, t.run_id, nullif(r.dimensions, '{}') AS dimensions
           FROM taken t LEFT JOIN tag_run r ON r.id = t.run_id`,
    values: [id, rules, until, now],
  })
  return rows.map(({ person_id, run_id, dimensions }) => ({
    personId: person_id,
    runId: run_id,
    only: lane === 'base' ? dimensions : null,
  }))
}

/**
 * Those of a claim who are still in its hands, from now to the end of the transaction; the others were linked, unlinked or
 * forgotten since, or taken over by who thought the claimer dead.
 */
export async function holdClaim(db: Queryable, id: string): Promise<Set<string>> {
  const text = 'SELECT people FROM tag_claim WHERE id = $1 FOR UPDATE'
  const { rows } = await db.query<{ people: string[] }>({ name: 'tags-claim-hold', text, values: [id] })
  return new Set(rows[0]?.people)
}

/** The claimed persons are tagged: their tags are written. */
export async function finishClaim(db: Queryable, id: string): Promise<void> {
  await db.query({ name: 'tags-claim-finish', text: 'DELETE FROM tag_claim WHERE id = $1', values: [id] })
}

/** Puts claimed persons back: those of one claim that came to nothing, or of all whose claimer has died. */
export async function giveBack(db: Queryable, which: { id: string } | 'dead', now: Date): Promise<void> {
  await db.query(
    `WITH given AS (DELETE FROM tag_claim WHERE ${which === 'dead' ? 'until <= $1' : 'id = $2'} RETURNING people, run_id)
     INSERT INTO tag_due (person_id, since, priority, run_id)
     SELECT DISTINCT ON (person_id) person_id, $1::timestamptz, ${priority.soon}, run_id
     FROM given, unnest(people) AS person_id ORDER BY person_id
     ON CONFLICT (person_id) DO NOTHING`,
    which === 'dead' ? [now] : [now, which.id],
  )
}
