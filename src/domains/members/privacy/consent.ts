/** What a person let us do, and which of it holds. Pure. */
import type { PrivacySettings } from './schema.ts'

/** Of all customers who are one person, the strictest (view person_consent). Dates: since when; null: not. */
export type Consent = {
  personId: string
  noticedAt: Date | null
  optedOutAt: Date | null
  profilingRefusedAt: Date | null
  consentedAt: Date | null
  sensitiveConsentAt: Date | null
  sensitiveAskedAt: Date | null
}

/** Of somebody who has said nothing yet. */
export function noConsent(personId: string): Consent {
  return {
    personId,
    noticedAt: null,
    optedOutAt: null,
    profilingRefusedAt: null,
    consentedAt: null,
    sensitiveConsentAt: null,
    sensitiveAskedAt: null,
  }
}

/**
 * What may be kept beyond the messages themselves. Nothing personal of who refused, nor, where content says
 * `consent: ask`, of who has not agreed; sensitive dimensions need an agreement of their own on top.
 */
export function permits(
  consent: Pick<Consent, 'profilingRefusedAt' | 'consentedAt' | 'sensitiveConsentAt'>,
  settings: Pick<PrivacySettings, 'consent'>,
): { profiling: boolean; sensitive: boolean } {
  const agreed = settings.consent === 'notice' || consent.consentedAt !== null
  const profiling = agreed && consent.profilingRefusedAt === null
  return { profiling, sensitive: profiling && consent.sensitiveConsentAt !== null }
}
