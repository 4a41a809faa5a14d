/** Contacts of persons, and what was last said with each. */
import { few } from '../../../kernel/plan.ts'
import type { Queryable } from '../../../kernel/work.ts'

/** A contact that the person is known as, and the accounts that have her in their contact list. */
export type ContactOf = { personId: string; customerId: string; contactId: string; friendOf: string[] }

/** Whether she may be written to at all, and her contacts; a person without any has one row without a contact. */
export type Reachable = { personId: string; closed: 'staff' | 'forgotten' | null; contacts: ContactOf[] }

export async function findContactsOf(db: Queryable, personIds: readonly string[]): Promise<Map<string, Reachable>> {
  const { rows } = await db.query<{
    person_id: string
    staff: boolean
    forgotten: boolean
    customer_id: string | null
    contact_id: string | null
    friend_of: string[] | null
  }>({
    name: 'members-contacts-of',
    text: `SELECT p.id AS person_id, p.staff, p.forgotten_at IS NOT NULL AS forgotten, i.customer_id, i.contact_id,
             ARRAY(SELECT jsonb_object_keys(i.friend_of) ORDER BY 1) AS friend_of
           FROM unnest($1::uuid[]) AS k (id) JOIN customer p ON p.id = k.id
           LEFT JOIN LATERAL (
             SELECT i.customer_id, i.contact_id, i.friend_of FROM customer c JOIN identity i ON i.customer_id = c.id
             WHERE c.person_id = p.id AND i.role = 'customer' ORDER BY i.contact_id) i ON true
           WHERE ${few('k.id')}`,
    values: [personIds],
  })
  const found = new Map<string, Reachable>()
  for (const row of rows) {
    const personId = row.person_id
    const closed = row.staff ? 'staff' : row.forgotten ? 'forgotten' : null
    const one = found.get(personId) ?? { personId, closed, contacts: [] }
    found.set(personId, one)
    if (row.contact_id === null || row.customer_id === null) continue
    one.contacts.push({
      personId,
      customerId: row.customer_id,
      contactId: row.contact_id,
      friendOf: row.friend_of ?? [],
    })
  }
  return found
}

/** The direct threads that there are, with the moment of the last word in each. */
export async function findLastWords(db: Queryable, threadIds: readonly string[]): Promise<Map<string, Date | null>> {
  const { rows } = await db.query<{ id: string; at: Date | null }>({
    name: 'members-last-words',
    text: `SELECT t.id, (SELECT sent_at FROM message m WHERE m.thread_id = t.id ORDER BY sent_at DESC LIMIT 1) AS at
           FROM unnest($1::uuid[]) AS k (id) JOIN thread t ON t.id = k.id WHERE ${few('k.id')}`,
    values: [threadIds],
  })
  return new Map(rows.map((row) => [row.id, row.at]))
}
