/** `consent: marketing`: what somebody lets us do. Of customers who are one person the strictest counts (law 14). */
import { z } from 'zod'
import type { Content } from '../../../kernel/content.ts'
import type { SegmentClause } from '../../../kernel/slice.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { permits, privacySettings } from '../../members/index.ts'
import { mergedWhere } from './parts.ts'

const Consent = z.enum(['marketing', 'profiling', 'sensitive'])
type Consent = z.output<typeof Consent>

/** The same as the view person_consent says, as conditions on the person's row and on the few that were merged into her. */
const refused = (column: string): string =>
  `(c.${column} IS NOT NULL OR c.id IN (${mergedWhere(`${column} IS NOT NULL`)}))`
const agreed = (column: string): string =>
  `((c.${column} IS NOT NULL OR c.noticed_at IS NULL AND c.id IN (${mergedWhere(`${column} IS NOT NULL`)}))
    AND NOT c.id IN (${mergedWhere(`noticed_at IS NOT NULL AND ${column} IS NULL`)}))`

function conditionOf(consent: Consent, content: Content): string {
  if (consent === 'marketing') return `NOT ${refused('opted_out_at')}`
  const asked = content.settings(privacySettings).consent === 'ask' ? [agreed('consented_at')] : []
  const sensitive = consent === 'sensitive' ? [agreed('sensitive_consent_at')] : []
  return [`NOT ${refused('profiling_refused_at')}`, ...asked, ...sensitive].join(' AND ')
}

type ConsentRow = {
  opted_out_at: Date | null
  profiling_refused_at: Date | null
  consented_at: Date | null
  sensitive_consent_at: Date | null
}

export const consentClause: SegmentClause<Consent> = {
  title: 'Has not opted out of marketing, lets us keep personal tags, or sensitive ones',
  schema: Consent,
  persons: (consent, { content }) => ({ where: conditionOf(consent, content) }),
  async seen(db, personId, consent, { content }) {
    const { rows } = await db.query<ConsentRow>(
      `SELECT opted_out_at, profiling_refused_at, consented_at, sensitive_consent_at
       FROM person_consent WHERE person_id = $1`,
      [personId],
    )
    const [row] = rows
    if (!row) return { holds: false, fact: 'not a customer' }
    const since = (at: Date | null, words: string): string[] =>
      at ? [`${words} since ${dayIn(content.zone, at)}`] : []
    const facts = [
      ...since(row.opted_out_at, 'no marketing'),
      ...since(row.profiling_refused_at, 'no personal tags'),
      ...since(row.consented_at, 'agreed'),
      ...since(row.sensitive_consent_at, 'agreed to sensitive tags'),
    ]
    const may = permits(
      {
        profilingRefusedAt: row.profiling_refused_at,
        consentedAt: row.consented_at,
        sensitiveConsentAt: row.sensitive_consent_at,
      },
      content.settings(privacySettings),
    )
    const holds = { marketing: row.opted_out_at === null, ...may }[consent]
    return { holds, fact: facts.join(', ') || 'has neither agreed nor refused', data: row }
  },
}
