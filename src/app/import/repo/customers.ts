/** What a file says of customers, in PostgreSQL. */
import type { Queryable } from '../../../kernel/work.ts'

export type CustomerSaid = {
  customerId: string
  profile: Record<string, string>
  invitedBy: string | null
  refuses: { marketing: boolean; profiling: boolean; sensitive: boolean }
}

/**
 * Takes in what is said of customers, each once; returns the ids of those of whom something changed. The file's profile
 * wins over what was known field by field. Of consent only refusals are taken: a file gives none back that she took, and
 * agrees to nothing for her. Who brought her in first stays who did.
 */
export async function updateCustomers(db: Queryable, said: readonly CustomerSaid[], now: Date): Promise<string[]> {
  if (said.length === 0) return []
  const { rows } = await db.query<{ id: string }>(
    `UPDATE customer c SET profile = c.profile || row.profile, invited_by = coalesce(c.invited_by, row.invited_by),
       opted_out_at = CASE WHEN row.marketing THEN coalesce(c.opted_out_at, $7) ELSE c.opted_out_at END,
       profiling_refused_at = CASE WHEN row.profiling THEN coalesce(c.profiling_refused_at, $7)
                                   ELSE c.profiling_refused_at END,
       sensitive_consent_at = CASE WHEN row.sensitive THEN NULL ELSE c.sensitive_consent_at END
     FROM unnest($1::uuid[], $2::jsonb[], $3::uuid[], $4::boolean[], $5::boolean[], $6::boolean[])
       AS row (id, profile, invited_by, marketing, profiling, sensitive)
     WHERE c.id = row.id AND c.forgotten_at IS NULL
       AND (NOT c.profile @> row.profile
         OR (c.invited_by IS NULL AND row.invited_by IS NOT NULL)
         OR (row.marketing AND c.opted_out_at IS NULL)
         OR (row.profiling AND c.profiling_refused_at IS NULL)
         OR (row.sensitive AND c.sensitive_consent_at IS NOT NULL))
     RETURNING c.id`,
    [
      said.map(({ customerId }) => customerId),
      said.map(({ profile }) => JSON.stringify(profile)),
      said.map(({ invitedBy }) => invitedBy),
      said.map(({ refuses }) => refuses.marketing),
      said.map(({ refuses }) => refuses.profiling),
      said.map(({ refuses }) => refuses.sensitive),
      now,
    ],
  )
  return rows.map(({ id }) => id)
}
