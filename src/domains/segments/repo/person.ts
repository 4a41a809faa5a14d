import type { Queryable } from '../../../kernel/work.ts'

/** Whom a customer id stands for now, and what keeps her out of every segment. */
export type PersonSeen = { id: string; staff: boolean; forgotten: boolean }

export async function findPerson(db: Queryable, customerId: string): Promise<PersonSeen | undefined> {
  const { rows } = await db.query<PersonSeen>(
    `SELECT p.id, p.staff, p.forgotten_at IS NOT NULL AS forgotten
     FROM customer c JOIN customer p ON p.id = c.person_id WHERE c.id = $1`,
    [customerId],
  )
  return rows[0]
}

/** The names under which contacts know these people, by person id. For the eyes of our own people, and audited. */
export async function listNames(db: Queryable, personIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ person_id: string; names: string[] }>(
    `SELECT c.person_id, array_agg(DISTINCT i.name ORDER BY i.name) AS names
     FROM customer c JOIN identity i ON i.customer_id = c.id
     WHERE c.person_id = ANY ($1::uuid[]) GROUP BY c.person_id`,
    [personIds],
  )
  return new Map(rows.map((row) => [row.person_id, row.names]))
}
