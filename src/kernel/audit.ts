/** The audit: who did what to whose data by hand. Append-only; a trigger refuses to rewrite it. */
import type { Queryable } from './work.ts'

export type AuditEntry = {
  at: Date
  /** `cli:<user of the machine>`, `adviser:<id>`, `desk` for strangers there, or `customer` for what she asked for herself. */
  by: string
  /** In the past tense, in kebab-case: customer-exported. */
  action: string
  /** An id: of a customer, or `<kind>:<id>` of something else. */
  subject: string
  /** Numbers and kinds; never a name, a phone, an address or a text of anybody. */
  details?: Record<string, unknown>
}

export async function writeAudit(db: Queryable, { at, by, action, subject, details = {} }: AuditEntry): Promise<void> {
  await db.query('INSERT INTO audit (at, by, action, subject, details) VALUES ($1, $2, $3, $4, $5)', [
    at,
    by,
    action,
    subject,
    JSON.stringify(details),
  ])
}
