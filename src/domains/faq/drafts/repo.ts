/** Drafts that advisers kept, in PostgreSQL. */
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'

export type KeptDraft = {
  /** How people name it. */
  number: number
  question: string
  answer: string
  by: string
  createdAt: Date
  /** The id of the entry as which it was written to the content folder. */
  writtenAs: string | null
}

export type NewDraft = Pick<KeptDraft, 'question' | 'answer' | 'by' | 'createdAt'> & {
  key: string
  customerId: string | null
}

export const saveDrafts: BatchWrite<NewDraft> = {
  name: 'faq-drafts',
  order: 51,
  async run(db, rows) {
    await db.query({
      name: 'faq-drafts',
      text: `INSERT INTO faq_draft (key, question, answer, customer_id, by, created_at)
             SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::timestamptz[])
             ON CONFLICT (key) DO NOTHING`,
      values: [
        rows.map(({ key }) => key),
        rows.map(({ question }) => question),
        rows.map(({ answer }) => answer),
        rows.map(({ customerId }) => customerId),
        rows.map(({ by }) => by),
        rows.map(({ createdAt }) => createdAt),
      ],
    })
  },
}

type Row = {
  number: number
  question: string
  answer: string
  by: string
  created_at: Date
  written_as: string | null
}

/** The oldest first. `open`: only those that were not written to the content folder yet. */
export async function listDrafts(db: Queryable, { open }: { open: boolean }): Promise<KeptDraft[]> {
  const { rows } = await db.query<Row>(
    `SELECT number, question, answer, by, created_at, written_as FROM faq_draft
     WHERE NOT $1 OR written_as IS NULL ORDER BY number LIMIT 1000`,
    [open],
  )
  return rows.map(({ created_at: createdAt, written_as: writtenAs, ...row }) => ({ ...row, createdAt, writtenAs }))
}

/** False when there is no such draft, or it was written before. */
export async function markWritten(db: Queryable, number: number, id: string): Promise<boolean> {
  const { rowCount } = await db.query('UPDATE faq_draft SET written_as = $2 WHERE number = $1 AND written_as IS NULL', [
    number,
    id,
  ])
  return rowCount === 1
}

export async function deleteDraftsOf(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query('DELETE FROM faq_draft WHERE customer_id = ANY($1::uuid[])', [customerIds])
}

export async function listDraftsOf(db: Queryable, customerIds: readonly string[]): Promise<unknown[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `SELECT created_at AS "createdAt", question, answer FROM faq_draft
     WHERE customer_id = ANY($1::uuid[]) ORDER BY number`,
    [customerIds],
  )
  return rows
}
