/** Threads, messages and open questions in PostgreSQL, many at a time. */
import { few } from '../../../kernel/plan.ts'
import type { BatchQuery, BatchWrite } from '../../../kernel/work.ts'
import type { OpenQuestion } from '../schema.ts'
import type { MessageRow } from './schema.ts'

export type DirectKey = { threadId: string; realm: string; contactId: string }
export type DirectSeen = {
  exists: boolean
  /** The customer that the thread's row names. */
  customerId: string | null
  /** The customer whom the contact is known as, in whatever thread she was met. */
  contactCustomerId: string | null
  silentUntil: Date | null
}

/** Direct threads, by their id, with the customer behind the contact. Every key has a row. */
export const findDirectThreads: BatchQuery<DirectKey, DirectSeen> = {
  name: 'members-direct-threads',
  keyOf: ({ threadId }) => threadId,
  async run(db, keys) {
    const { rows } = await db.query<{
      id: string
      exists: boolean
      customer_id: string | null
      known_as: string | null
      silent_until: Date | null
    }>({
      name: 'members-direct-threads',
      text: `SELECT k.id, t.id IS NOT NULL AS exists, t.customer_id, t.silent_until,
               CASE i.role WHEN 'customer' THEN i.customer_id END AS known_as
             FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (id, realm, contact_id)
             LEFT JOIN thread t ON t.id = k.id
             LEFT JOIN identity i ON i.realm = k.realm AND i.contact_id = k.contact_id
             WHERE ${few('k.id')}`,
      values: [keys.map((key) => key.threadId), keys.map((key) => key.realm), keys.map((key) => key.contactId)],
    })
    return new Map(
      rows.map((row) => [
        row.id,
        {
          exists: row.exists,
          customerId: row.customer_id,
          contactCustomerId: row.known_as,
          silentUntil: row.silent_until,
        },
      ]),
    )
  },
}

export type AskerKey = { threadId: string; customerId: string; contactId: string; account: string }
export type AskerSeen = {
  personId: string
  /** One of ours, or somebody who had herself forgotten. */
  closed: boolean
  isFriend: boolean
  /** The direct thread: the customer that its row names, and until when a human has it. */
  exists: boolean
  threadCustomerId: string | null
  silentUntil: Date | null
}

/** Customers who are known, with their direct threads: who they are by now, and whether they can be reached there. */
export const findAskers: BatchQuery<AskerKey, AskerSeen> = {
  name: 'members-askers',
  keyOf: ({ threadId, customerId }) => `${threadId} ${customerId}`,
  async run(db, keys) {
    const { rows } = await db.query<{
      thread_id: string
      customer_id: string
      person_id: string
      closed: boolean
      is_friend: boolean
      exists: boolean
      thread_customer_id: string | null
      silent_until: Date | null
    }>({
      name: 'members-askers',
      text: `SELECT k.thread_id, k.customer_id, c.person_id, p.staff OR p.forgotten_at IS NOT NULL AS closed,
               coalesce((SELECT bool_or(i.friend_of ? k.account) FROM identity i
                         WHERE i.customer_id = k.customer_id AND i.contact_id = k.contact_id), false) AS is_friend,
               t.id IS NOT NULL AS exists, t.customer_id AS thread_customer_id, t.silent_until
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS k (thread_id, customer_id, contact_id, account)
             JOIN customer c ON c.id = k.customer_id
             JOIN customer p ON p.id = c.person_id
             LEFT JOIN thread t ON t.id = k.thread_id
             WHERE ${few('k.thread_id')}`,
      values: [
        keys.map((key) => key.threadId),
        keys.map((key) => key.customerId),
        keys.map((key) => key.contactId),
        keys.map((key) => key.account),
      ],
    })
    return new Map(
      rows.map((row) => [
        `${row.thread_id} ${row.customer_id}`,
        {
          personId: row.person_id,
          closed: row.closed,
          isFriend: row.is_friend,
          exists: row.exists,
          threadCustomerId: row.thread_customer_id,
          silentUntil: row.silent_until,
        },
      ]),
    )
  },
}

export type ThreadRow = {
  id: string
  kind: 'group' | 'direct'
  groupId: string | null
  account: string | null
  contactId: string | null
  customerId: string | null
  at: Date
}

/** Makes threads exist, and gives those that do the customer whom we know by now. */
export const saveThreads: BatchWrite<ThreadRow> = {
  name: 'members-threads',
  order: 20,
  async run(db, all) {
    // Several people may be the first to speak in one group; a row may be touched once in a statement.
    const rows = [...new Map(all.map((row) => [row.id, row])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    await db.query({
      name: 'members-threads',
      text: `INSERT INTO thread (id, kind, group_id, account, contact_id, customer_id, created_at)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::uuid[],
                                  $7::timestamptz[])
             ON CONFLICT (id) DO UPDATE SET customer_id = excluded.customer_id
             WHERE excluded.customer_id IS NOT NULL AND thread.customer_id IS DISTINCT FROM excluded.customer_id`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.kind),
        rows.map((row) => row.groupId),
        rows.map((row) => row.account),
        rows.map((row) => row.contactId),
        rows.map((row) => row.customerId),
        rows.map((row) => row.at),
      ],
    })
  },
}

/** Stores messages; one that the account has stored already stays as it is. */
export const insertMessages: BatchWrite<MessageRow> = {
  name: 'members-messages',
  order: 30,
  async run(db, rows) {
    await db.query({
      name: 'members-messages',
      text: `INSERT INTO message (id, thread_id, account, platform_id, direction, identity_id, customer_id, type, text,
                                  mentions_us, quoted, details, sent_at)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                                  $8::text[], $9::text[], $10::boolean[], $11::jsonb[], $12::jsonb[],
                                  $13::timestamptz[])
             ON CONFLICT (account, platform_id) DO NOTHING`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.threadId),
        rows.map((row) => row.account),
        rows.map((row) => row.platformId),
        rows.map((row) => row.direction),
        rows.map((row) => row.identityId),
        rows.map((row) => row.customerId),
        rows.map((row) => row.type),
        rows.map((row) => row.text),
        rows.map((row) => row.mentionsUs),
        rows.map((row) => row.quoted && JSON.stringify(row.quoted)),
        rows.map((row) => row.details && JSON.stringify(row.details)),
        rows.map((row) => row.sentAt),
      ],
    })
  },
}

export type Recall = { id: string; threadId: string; account: string; platformId: string; at: Date }

/**
 * Marks messages as recalled. In a group the recall may be handled before its message, or beside it: then it leaves an
 * empty row, which the message does not overwrite, and delivery finds that what it answers is recalled (law 6).
 */
export const recallMessages: BatchWrite<Recall> = {
  name: 'members-recalls',
  order: 31,
  async run(db, all) {
    const rows = [...new Map(all.map((row) => [`${row.account} ${row.platformId}`, row])).values()]
    await db.query({
      name: 'members-recalls',
      text: `INSERT INTO message (id, thread_id, account, platform_id, direction, type, text, sent_at, recalled_at)
             SELECT id, thread_id, account, platform_id, 'in', 'unknown', '', at, at
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
               AS row (id, thread_id, account, platform_id, at)
             ON CONFLICT (account, platform_id) DO UPDATE
               SET recalled_at = coalesce(message.recalled_at, excluded.recalled_at)`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.threadId),
        rows.map((row) => row.account),
        rows.map((row) => row.platformId),
        rows.map((row) => row.at),
      ],
    })
  },
}

export type FileOf = { account: string; platformId: string; mediaId: string; filename: string; mime: string }

/** Notes where the file of a message is kept. */
export const saveFiles: BatchWrite<FileOf> = {
  name: 'members-files',
  order: 32,
  async run(db, rows) {
    await db.query({
      name: 'members-files',
      text: `UPDATE message m SET details = coalesce(m.details, '{}')
               || jsonb_build_object('mediaId', f.media_id, 'filename', f.filename, 'mime', f.mime)
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
               AS f (account, platform_id, media_id, filename, mime)
             WHERE m.account = f.account AND m.platform_id = f.platform_id AND ${few('f.media_id')}`,
      values: [
        rows.map((row) => row.account),
        rows.map((row) => row.platformId),
        rows.map((row) => row.mediaId),
        rows.map((row) => row.filename),
        rows.map((row) => row.mime),
      ],
    })
  },
}

/** A message of a customer, as an account has heard it. */
export type Heard = { customerId: string; threadId: string; type: string; sentAt: Date; recalledAt: Date | null }

export const findHeard: BatchQuery<{ account: string; platformId: string }, Heard> = {
  name: 'members-heard-as',
  keyOf: ({ account, platformId }) => `${account} ${platformId}`,
  async run(db, keys) {
    const { rows } = await db.query<{
      key: string
      customer_id: string
      thread_id: string
      type: string
      sent_at: Date
      recalled_at: Date | null
    }>({
      name: 'members-heard-as',
      text: `SELECT k.account || ' ' || k.id AS key, m.customer_id, m.thread_id, m.type, m.sent_at, m.recalled_at
             FROM unnest($1::text[], $2::text[]) AS k (account, id)
             JOIN message m ON m.account = k.account AND m.platform_id = k.id
             WHERE m.direction = 'in' AND m.customer_id IS NOT NULL AND ${few('k.id')}`,
      values: [keys.map(({ account }) => account), keys.map(({ platformId }) => platformId)],
    })
    return new Map(
      rows.map((row) => [
        row.key,
        {
          ...{ customerId: row.customer_id, threadId: row.thread_id, type: row.type },
          ...{ sentAt: row.sent_at, recalledAt: row.recalled_at },
        },
      ]),
    )
  },
}

export type QuestionKey = { threadId: string; customerId: string }

const questionKey = ({ threadId, customerId }: QuestionKey): string => `${threadId} ${customerId}`

type QuestionRow = {
  thread_id: string
  customer_id: string
  kind: string
  payload: unknown
  asked_at: Date
  expires_at: Date
}

export const findQuestions: BatchQuery<QuestionKey, OpenQuestion> = {
  name: 'members-questions',
  keyOf: questionKey,
  async run(db, keys) {
    const { rows } = await db.query<QuestionRow>({
      name: 'members-questions',
      text: `SELECT q.* FROM unnest($1::uuid[], $2::uuid[]) AS k (thread_id, customer_id)
             JOIN open_question q ON q.thread_id = k.thread_id AND q.customer_id = k.customer_id
             WHERE ${few('k.thread_id')}`,
      values: [keys.map((key) => key.threadId), keys.map((key) => key.customerId)],
    })
    return new Map(
      rows.map((row) => [
        questionKey({ threadId: row.thread_id, customerId: row.customer_id }),
        { kind: row.kind, payload: row.payload, askedAt: row.asked_at, expiresAt: row.expires_at },
      ]),
    )
  },
}

/** Closing comes before asking: an answer that leads to the next question does both. */
export const closeQuestions: BatchWrite<QuestionKey> = {
  name: 'members-questions-close',
  order: 39,
  async run(db, rows) {
    await db.query({
      name: 'members-questions-close',
      text: `DELETE FROM open_question q USING unnest($1::uuid[], $2::uuid[]) AS k (thread_id, customer_id)
             WHERE q.thread_id = k.thread_id AND q.customer_id = k.customer_id AND ${few('k.thread_id')}`,
      values: [rows.map((row) => row.threadId), rows.map((row) => row.customerId)],
    })
  },
}

export const askQuestions: BatchWrite<QuestionKey & OpenQuestion> = {
  name: 'members-questions-ask',
  order: 40,
  async run(db, all) {
    const rows = [...new Map(all.map((row) => [questionKey(row), row])).values()]
    await db.query({
      name: 'members-questions-ask',
      text: `INSERT INTO open_question (thread_id, customer_id, kind, payload, asked_at, expires_at)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[])
             ON CONFLICT (thread_id, customer_id) DO UPDATE
               SET kind = excluded.kind, payload = excluded.payload, asked_at = excluded.asked_at,
                   expires_at = excluded.expires_at`,
      values: [
        rows.map((row) => row.threadId),
        rows.map((row) => row.customerId),
        rows.map((row) => row.kind),
        rows.map((row) => JSON.stringify(row.payload ?? null)),
        rows.map((row) => row.askedAt),
        rows.map((row) => row.expiresAt),
      ],
    })
  },
}
