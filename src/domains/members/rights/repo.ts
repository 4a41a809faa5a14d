/** Forgetting and exporting a person (law 14). Rare, so in plain statements. */
import type { Queryable } from '../../../kernel/work.ts'
import { withoutContacts } from './decide.ts'

/** Inbox rows that are rewritten at a time. */
const pageSize = 200

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
  await db.query('DELETE FROM customer_key WHERE customer_id = ANY($1::uuid[])', [customerIds])
  await db.query('DELETE FROM link_due WHERE from_id = ANY($1::uuid[]) OR into_id = ANY($1::uuid[])', [customerIds])
  await db.query(
    `UPDATE customer_link SET evidence = '{}' WHERE from_id = ANY($1::uuid[]) OR into_id = ANY($1::uuid[])`,
    [customerIds],
  )
  await db.query(
    `UPDATE customer SET forgotten_at = coalesce(forgotten_at, $2), profile = '{}', preferences = '{}', invited_by = NULL
     WHERE id = ANY($1::uuid[])`,
    [customerIds, now],
  )
}

/**
 * Leaves a keyed hash of every key and contact of hers, and nothing else: what an import brings under one of them is
 * refused. Before `forgetPerson`, which deletes what they are made from.
 */
export async function bury(
  db: Queryable,
  customerIds: readonly string[],
  graves: readonly { kind: string; hash: string }[],
  now: Date,
): Promise<void> {
  await db.query(
    `INSERT INTO tombstone (kind, hash, at)
     SELECT kind, hash, $2::timestamptz FROM customer_key WHERE customer_id = ANY($1::uuid[])
     UNION SELECT kind, hash, $2 FROM unnest($3::text[], $4::text[]) AS grave (kind, hash)
     ON CONFLICT (kind, hash) DO NOTHING`,
    [customerIds, now, graves.map(({ kind }) => kind), graves.map(({ hash }) => hash)],
  )
}

/** Rows as they are in the table, for her to read; keys as `open` reads them, where it is given. */
export async function exportRows(
  db: Queryable,
  customerIds: readonly string[],
  open?: (sealed: Buffer) => string,
): Promise<Record<string, unknown[]>> {
  const list = async (text: string): Promise<unknown[]> =>
    (await db.query<Record<string, unknown>>(text, [customerIds])).rows
  const { rows: keys } = await db.query<{ sealed: Buffer | null }>(
    `SELECT kind, source, created_at, sealed FROM customer_key WHERE customer_id = ANY($1::uuid[]) ORDER BY created_at, id`,
    [customerIds],
  )
  return {
    customers: await list(
      `SELECT id, first_seen_at, last_seen_at, merged_into, merged_at, invited_by, staff, profile, preferences,
         noticed_at, opted_out_at, profiling_refused_at, consented_at, sensitive_consent_at, forgotten_at
       FROM customer WHERE id = ANY($1::uuid[]) ORDER BY first_seen_at, id`,
    ),
    keys: keys.map(({ sealed, ...key }) => ({ ...key, value: open && sealed ? open(sealed) : null })),
    links: await list(
      `SELECT from_id, into_id, reason, evidence, at, undone_at FROM customer_link
       WHERE from_id = ANY($1::uuid[]) OR into_id = ANY($1::uuid[]) ORDER BY at, id`,
    ),
    identities: await list(
      `SELECT realm, contact_id, role, name, alias, profile, friend_of, first_seen_at, last_seen_at FROM identity
       WHERE customer_id = ANY($1::uuid[]) ORDER BY first_seen_at, id`,
    ),
    memberships: await list(
      `SELECT r.topic, m.joined_at, m.join_seen, m.left_at, m.leave_seen, m.welcomed_at FROM membership m JOIN room r ON r.id = m.group_id
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
