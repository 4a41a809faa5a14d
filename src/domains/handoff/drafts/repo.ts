/** Drafts of cases, and the conversation that they are made from, in PostgreSQL. */
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Drafts, Said } from './schema.ts'

type Row = Pick<Drafts, 'state' | 'summary' | 'drafts'> & {
  case_id: string
  made_for: string
  asked_at: Date
  deadline_at: Date
  made_at: Date | null
}

export async function readDrafts(db: Queryable, caseId: string): Promise<Drafts | undefined> {
  const { rows } = await db.query<Row>({
    name: 'handoff-drafts',
    text: 'SELECT * FROM case_draft WHERE case_id = $1',
    values: [caseId],
  })
  const [row] = rows
  if (!row) return undefined
  const { case_id: id, made_for: madeFor, asked_at: askedAt, deadline_at: deadlineAt, made_at: madeAt, ...rest } = row
  return { ...rest, caseId: id, madeFor, askedAt, deadlineAt, madeAt }
}

/** One row a case: what is made for newer words takes the place of what was there. */
export const saveDrafts: BatchWrite<Drafts> = {
  name: 'handoff-drafts-save',
  order: 50,
  async run(db, rows) {
    await db.query({
      name: 'handoff-drafts-save',
      text: `INSERT INTO case_draft (case_id, made_for, state, summary, drafts, asked_at, deadline_at, made_at)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[],
               $7::timestamptz[], $8::timestamptz[])
             ON CONFLICT (case_id) DO UPDATE SET made_for = excluded.made_for, state = excluded.state,
               summary = excluded.summary, drafts = excluded.drafts, asked_at = excluded.asked_at,
               deadline_at = excluded.deadline_at, made_at = excluded.made_at`,
      values: [
        rows.map(({ caseId }) => caseId),
        rows.map(({ madeFor }) => madeFor),
        rows.map(({ state }) => state),
        rows.map(({ summary }) => summary),
        rows.map(({ drafts }) => JSON.stringify(drafts)),
        rows.map(({ askedAt }) => askedAt),
        rows.map(({ deadlineAt }) => deadlineAt),
        rows.map(({ madeAt }) => madeAt),
      ],
    })
  },
}

type SaidRow = {
  id: string
  direction: 'in' | 'out' | 'human'
  text: string
  key: string | null
  purpose: string | null
}

/**
 * The last words between a customer and us, in all threads of her case, the oldest first. What the house says of itself
 * («an adviser is there») is nothing to go on; of an adviser's words only hers, typed here or on the account's phone.
 */
export async function listSaid(
  db: Queryable,
  { threadId, talkThreadId, customerId }: { threadId: string; talkThreadId: string | null; customerId: string },
  limit: number,
): Promise<Said[]> {
  const { rows } = await db.query<SaidRow>({
    name: 'handoff-said-lately',
    text: `SELECT m.id, m.direction, m.text, o.key, o.purpose FROM message m LEFT JOIN outbox o ON o.id = m.outbox_id
           WHERE m.thread_id = ANY($1::uuid[]) AND m.recalled_at IS NULL AND m.type = 'text'
             AND (m.direction <> 'in' OR m.customer_id = $2)
             AND (m.direction <> 'out' OR o.purpose = 'reply' OR o.key LIKE 'handoff-say:%')
           ORDER BY m.sent_at DESC, m.id DESC LIMIT $3`,
    values: [[threadId, ...(talkThreadId === null ? [] : [talkThreadId])], customerId, limit],
  })
  return rows
    .map(({ id, direction, text, purpose }): Said => {
      const who = direction === 'in' ? 'customer' : direction === 'out' && purpose === 'reply' ? 'bot' : 'adviser'
      return { id, who, text }
    })
    .reverse()
}

/** What a person's cases were summed up as, for her to take along. */
export async function listSummariesOf(db: Queryable, customerIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `SELECT h.number AS "case", d.made_at AS "madeAt", d.summary, d.drafts FROM case_draft d
     JOIN handoff_case h ON h.id = d.case_id WHERE h.customer_id = ANY($1::uuid[]) ORDER BY h.number`,
    [customerIds],
  )
  return rows
}

export async function deleteDraftsOf(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `DELETE FROM case_draft d USING handoff_case h WHERE h.id = d.case_id AND h.customer_id = ANY($1::uuid[])`,
    [customerIds],
  )
}
