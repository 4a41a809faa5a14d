/** Merging, unlinking, forgetting and exporting a person (law 14). Rare, so in plain statements. */
import { ZhangguiError } from '../../../kernel/errors.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { withoutContacts } from './decide.ts'

/** Inbox rows that are rewritten at a time. */
const pageSize = 200

/**
 * Makes `from` resolve to `into`. Throws `customer-unknown`, `customer-merged` when `from` is somebody else already,
 * and `customer-circle` when `into` resolves to `from`.
 */
export async function link(db: Queryable, from: string, into: string, now: Date): Promise<void> {
  const { rows } = await db.query<{ id: string; person_id: string; merged_into: string | null }>(
    'SELECT id, person_id, merged_into FROM customer WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
    [[from, into]],
  )
  const context = { from, into }
  const source = rows.find((row) => row.id === from)
  const target = rows.find((row) => row.id === into)
  if (!source || !target) {
    throw new ZhangguiError({ code: 'customer-unknown', message: 'One of the two customers does not exist.', context })
  }
  if (source.merged_into === into) return
  if (source.merged_into !== null) {
    const message = 'The customer is linked to another one already. Unlink her first.'
    throw new ZhangguiError({ code: 'customer-merged', message, context })
  }
  if (target.person_id === from) {
    const message = 'The second customer resolves to the first: linking them would make a circle.'
    throw new ZhangguiError({ code: 'customer-circle', message, context })
  }
  await db.query('UPDATE customer SET merged_into = $2, merged_at = $3 WHERE id = $1', [from, into, now])
  await db.query('UPDATE customer SET person_id = $2 WHERE person_id = $1', [from, target.person_id])
}

export async function unlink(db: Queryable, from: string, into: string): Promise<void> {
  const { rowCount } = await db.query(
    'UPDATE customer SET merged_into = NULL, merged_at = NULL WHERE id = $1 AND merged_into = $2',
    [from, into],
  )
  if (rowCount === 0) return
  await db.query(
    `WITH RECURSIVE hers (id) AS (
       SELECT $1::uuid UNION SELECT c.id FROM customer c JOIN hers ON c.merged_into = hers.id
     )
     UPDATE customer SET person_id = $1 WHERE id IN (SELECT id FROM hers)`,
    [from],
  )
}

/** Where one person is asked two things in one thread, the newest stays. */
export async function keepNewestQuestions(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `DELETE FROM open_question q USING (
       SELECT thread_id, customer_id, row_number() OVER (
         PARTITION BY thread_id ORDER BY asked_at DESC, customer_id) AS place
       FROM open_question WHERE customer_id = ANY($1::uuid[])) AS ranked
     WHERE q.thread_id = ranked.thread_id AND q.customer_id = ranked.customer_id AND ranked.place > 1`,
    [customerIds],
  )
}

/** The contacts behind customers, whatever their role is now. */
export type Contacts = { identityIds: string[]; contactIds: string[]; names: string[]; accounts: string[] }

/** Also the accounts whose inbox may name these contacts: contact ids mean the same in one realm only. */
export async function findContacts(db: Queryable, customerIds: readonly string[]): Promise<Contacts> {
  const { rows } = await db.query<{ id: string; contact_id: string; name: string; alias: string | null }>(
    'SELECT id, contact_id, name, alias FROM identity WHERE customer_id = ANY($1::uuid[])',
    [customerIds],
  )
  const { rows: accounts } = await db.query<{ account: string }>(
    `SELECT a.account FROM group_account a JOIN room r ON r.id = a.group_id
       WHERE r.realm IN (SELECT realm FROM identity WHERE customer_id = ANY($1::uuid[]))
     UNION SELECT account FROM thread WHERE customer_id = ANY($1::uuid[]) AND account IS NOT NULL
     UNION SELECT account FROM message WHERE customer_id = ANY($1::uuid[])
     UNION SELECT jsonb_object_keys(friend_of) FROM identity WHERE customer_id = ANY($1::uuid[])`,
    [customerIds],
  )
  return {
    identityIds: rows.map((row) => row.id),
    contactIds: rows.map((row) => row.contact_id),
    names: rows.flatMap((row) => [row.name, row.alias ?? '']).filter((name) => name !== ''),
    accounts: accounts.map((row) => row.account),
  }
}

/**
 * Takes her words out. Direct threads go as a whole, with both sides of the talk: their ids are made from her contact id
 * and would lead back to her. In groups her rows stay, empty, and so do those that quoted her.
 */
export async function forgetWords(db: Queryable, customerIds: readonly string[], contacts: Contacts): Promise<void> {
  await db.query(
    `UPDATE message q SET quoted = NULL
     WHERE q.quoted IS NOT NULL
       AND q.thread_id IN (SELECT thread_id FROM message WHERE customer_id = ANY($1::uuid[]) OR identity_id = ANY($2::uuid[]))
       AND (q.quoted ->> 'name' = ANY($3::text[]) OR EXISTS (
         SELECT FROM message m WHERE m.thread_id = q.thread_id AND m.text = q.quoted ->> 'text'
           AND (m.customer_id = ANY($1::uuid[]) OR m.identity_id = ANY($2::uuid[]))))`,
    [customerIds, contacts.identityIds, contacts.names],
  )
  const { rows } = await db.query<{ id: string }>(
    `DELETE FROM thread WHERE kind = 'direct' AND (customer_id = ANY($1::uuid[])
       OR (contact_id = ANY($2::text[]) AND account = ANY($3::text[]))) RETURNING id`,
    [customerIds, contacts.contactIds, contacts.accounts],
  )
  await db.query('DELETE FROM message WHERE thread_id = ANY($1::uuid[])', [rows.map((row) => row.id)])
  await db.query(
    `UPDATE message SET text = '', quoted = NULL, details = NULL, identity_id = NULL
     WHERE customer_id = ANY($1::uuid[]) OR identity_id = ANY($2::uuid[])`,
    [customerIds, contacts.identityIds],
  )
  await db.query('DELETE FROM open_question WHERE customer_id = ANY($1::uuid[])', [customerIds])
}

/**
 * Takes her out of the inbox, as far as it was accepted before `now`. What was still open and hers is closed: it was said
 * before she had herself forgotten.
 */
export async function forgetEvents(db: Queryable, contacts: Contacts, now: Date): Promise<void> {
  const contactIds = new Set(contacts.contactIds)
  // A cheap net that catches too much; what to rewrite is decided below, by ids in their places.
  const nets = contacts.contactIds.map((id) => `%${likeSafe(JSON.stringify(id))}%`)
  for (let after = 0n; nets.length > 0; ) {
    const { rows } = await db.query<{ id: bigint; key: string; what: unknown }>(
      `SELECT id, key, what FROM inbox WHERE id > $1 AND received_at <= $2 AND account = ANY($3::text[])
         AND what::text LIKE ANY($4::text[]) ORDER BY id LIMIT ${pageSize}`,
      [after, now, contacts.accounts, nets],
    )
    const kept = rows.flatMap(({ id, key, what }) => {
      const rest = withoutContacts(what, contactIds)
      // Keys stay, so that a repeated message is still known as one (law 1), unless a contact id stands in them.
      const telling = contacts.contactIds.some((contactId) => key.includes(contactId))
      return rest ? [{ id, rest, key: telling ? `forgotten:${id}` : key, hers: rest['forgotten'] === true }] : []
    })
    await db.query(
      `UPDATE inbox i SET what = row.what, key = row.key, error = NULL,
         handled_at = CASE WHEN row.hers THEN coalesce(i.handled_at, $5) ELSE i.handled_at END
       FROM unnest($1::bigint[], $2::jsonb[], $3::text[], $4::boolean[]) AS row (id, what, key, hers)
       WHERE i.id = row.id`,
      [
        kept.map(({ id }) => id),
        kept.map(({ rest }) => JSON.stringify(rest)),
        kept.map(({ key }) => key),
        kept.map(({ hers }) => hers),
        now,
      ],
    )
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

function likeSafe(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/**
 * Her identities go, so that who comes back is nobody we know; her stays remain as pseudonyms for the statistics of the
 * group. What stays of the customer is that there was one.
 */
export async function forgetPerson(
  db: Queryable,
  customerIds: readonly string[],
  contacts: Contacts,
  now: Date,
): Promise<void> {
  await db.query(
    `UPDATE room SET owner_id = NULL WHERE owner_id = ANY($1::text[])
       AND realm IN (SELECT realm FROM identity WHERE id = ANY($2::uuid[]))`,
    [contacts.contactIds, contacts.identityIds],
  )
  await db.query(
    `UPDATE membership SET welcome_due = false, left_at = coalesce(left_at, greatest($2, joined_at)),
       leave_seen = left_at IS NOT NULL AND leave_seen
     WHERE identity_id = ANY($1::uuid[])`,
    [contacts.identityIds, now],
  )
  await db.query('DELETE FROM identity WHERE id = ANY($1::uuid[])', [contacts.identityIds])
  await db.query('UPDATE customer SET forgotten_at = coalesce(forgotten_at, $2) WHERE id = ANY($1::uuid[])', [
    customerIds,
    now,
  ])
}

/** Rows as they are in the table, for her to read. */
export async function exportRows(db: Queryable, customerIds: readonly string[]): Promise<Record<string, unknown[]>> {
  const list = async (text: string): Promise<unknown[]> =>
    (await db.query<Record<string, unknown>>(text, [customerIds])).rows
  return {
    customers: await list(
      `SELECT id, first_seen_at, last_seen_at, merged_into, opted_out_at, forgotten_at FROM customer
       WHERE id = ANY($1::uuid[]) ORDER BY first_seen_at, id`,
    ),
    identities: await list(
      `SELECT realm, contact_id, role, name, alias, profile, friend_of, first_seen_at, last_seen_at FROM identity
       WHERE customer_id = ANY($1::uuid[]) ORDER BY first_seen_at, id`,
    ),
    memberships: await list(
      `SELECT r.topic, m.joined_at, m.left_at, m.welcomed_at FROM membership m JOIN room r ON r.id = m.group_id
       WHERE m.customer_id = ANY($1::uuid[])
          OR m.identity_id IN (SELECT id FROM identity WHERE customer_id = ANY($1::uuid[])) ORDER BY m.joined_at, m.id`,
    ),
    threads: await list(
      `SELECT id, kind, account, created_at FROM thread WHERE customer_id = ANY($1::uuid[]) ORDER BY created_at, id`,
    ),
    messages: await list(
      `SELECT thread_id, direction, type, text, quoted, details, sent_at, recalled_at FROM message
       WHERE customer_id = ANY($1::uuid[]) ORDER BY sent_at, id`,
    ),
    questions: await list(
      `SELECT thread_id, kind, payload, asked_at, expires_at FROM open_question
       WHERE customer_id = ANY($1::uuid[]) ORDER BY asked_at`,
    ),
  }
}
