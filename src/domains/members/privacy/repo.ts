/** What people chose, in PostgreSQL. Rare, so each change is a statement; all of them leave in one packet. */
import { writeAudit } from '../../../kernel/audit.ts'
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'
import type { Consent } from './consent.ts'
import { type Change, type Choice, Preferences } from './schema.ts'

export type ChangeRow = { customerId: string; at: Date; by: 'customer' | 'bot'; change: Change }

const hers = 'WHERE id = $1'
/** Everybody who is the same person as the customer $1. */
const sameAsHer = 'person_id = (SELECT person_id FROM customer k WHERE k.id = $1)'
const persons = `WHERE ${sameAsHer}`

/**
 * A refusal is written where it was said, so that it stays hers when a link turns out wrong, and counts for the whole
 * person (view person_consent). What lifts a refusal or agrees must be true of all rows that have a say. $1 customer,
 * $2 now or the preferences.
 */
const statements = {
  noticed: `noticed_at = coalesce(noticed_at, $2::timestamptz) ${hers}`,
  'opted-out': `opted_out_at = coalesce(opted_out_at, $2::timestamptz) ${hers}`,
  resumed: `opted_out_at = NULL ${persons}`,
  'profiling-refused': `profiling_refused_at =
      CASE WHEN id = $1 THEN coalesce(profiling_refused_at, $2::timestamptz) ELSE profiling_refused_at END,
    sensitive_consent_at = NULL ${persons}`,
  'profiling-allowed': `profiling_refused_at = NULL, consented_at = coalesce(consented_at, $2::timestamptz) ${persons}`,
  consented: `consented_at = coalesce(consented_at, $2::timestamptz) ${persons} AND (id = $1 OR noticed_at IS NOT NULL)`,
  'sensitive-consented': `sensitive_consent_at = coalesce(sensitive_consent_at, $2::timestamptz)
    ${persons} AND (id = $1 OR noticed_at IS NOT NULL)`,
  'sensitive-asked': `sensitive_asked_at = $2::timestamptz ${hers}`,
  withdrawn: `consented_at = NULL, sensitive_consent_at = NULL ${persons}`,
  preferred: `preferences = preferences || $2::jsonb ${persons}`,
  'preferred-nothing': `preferences = '{}' ${persons}`,
} as const satisfies Record<Choice, string>

/** After customers: who says «退订» with her first words is not there yet. */
export const saveChanges: BatchWrite<ChangeRow> = {
  name: 'members-privacy',
  order: 15,
  async run(db, rows) {
    const stored = rows.flatMap(({ customerId, at, change }) => {
      const set = change.kind in statements ? statements[change.kind as Choice] : undefined
      if (set === undefined) return []
      const value = change.kind === 'preferred' ? JSON.stringify(change.preferences) : at
      return [{ set, values: set.includes('$2') ? [customerId, value] : [customerId] }]
    })
    await Promise.all([
      ...stored.map(({ set, values }) => db.query(`UPDATE customer SET ${set}`, values)),
      ...rows.map(({ customerId, at, by, change }) =>
        writeAudit(db, { at, by, action: `privacy-${change.kind}`, subject: customerId }),
      ),
    ])
  },
}

/** The preferences of everybody who is the same person as this customer: what may be sent must suit all of them. */
export async function listPreferences(db: Queryable, customerId: string): Promise<Preferences[]> {
  const { rows } = await db.query<{ preferences: unknown }>({
    name: 'members-preferences',
    text: `SELECT preferences FROM customer WHERE ${sameAsHer} AND preferences <> '{}' ORDER BY id`,
    values: [customerId],
  })
  return rows.map(({ preferences }) => Preferences.parse(preferences))
}

/** The contacts of everybody who is the same person as this customer; none of one who is not stored yet. */
export async function listContacts(db: Queryable, customerId: string): Promise<string[]> {
  const { rows } = await db.query<{ contact_id: string }>(
    `SELECT i.contact_id FROM identity i JOIN customer c ON c.id = i.customer_id
     WHERE c.${sameAsHer} ORDER BY i.contact_id`,
    [customerId],
  )
  return rows.map((row) => row.contact_id)
}

export type Farewell = {
  /** The person has been deleted, or there is no such customer. */
  gone: boolean
  /** She took the message back by which she confirmed. */
  recalled: boolean
  /** Our last words have reached her. */
  said: boolean
}

/** How far a confirmed deletion has come. `words`: what we said; delivery adds it to the thread when it was sent. */
export async function readFarewell(
  db: Queryable,
  asked: { customerId: string; account: string; messageId: string; threadId: string; words: string; since: Date },
): Promise<Farewell> {
  const { rows } = await db.query<Farewell>(
    `SELECT NOT EXISTS (SELECT FROM customer WHERE id = $1 AND forgotten_at IS NULL) AS gone,
       EXISTS (SELECT FROM message WHERE account = $2 AND platform_id = $3 AND recalled_at IS NOT NULL) AS recalled,
       EXISTS (SELECT FROM message WHERE thread_id = $4 AND direction = 'out' AND sent_at >= $5 AND text = $6) AS said`,
    [asked.customerId, asked.account, asked.messageId, asked.threadId, asked.since, asked.words],
  )
  return rows[0] ?? { gone: true, recalled: false, said: false }
}

/** What is true of somebody at the moment in which a timer goes off; undefined when she is not there any more. */
export type Now = { consent: Consent; silentUntil: Date | null }

export async function readNow(
  db: Queryable,
  { customerId, threadId }: { customerId: string; threadId: string },
): Promise<Now | undefined> {
  const { rows } = await db.query<Consent & { silentUntil: Date | null }>(
    `SELECT v.person_id AS "personId", noticed_at AS "noticedAt", opted_out_at AS "optedOutAt",
       profiling_refused_at AS "profilingRefusedAt", consented_at AS "consentedAt",
       sensitive_consent_at AS "sensitiveConsentAt", sensitive_asked_at AS "sensitiveAskedAt",
       (SELECT silent_until FROM thread WHERE id = $2) AS "silentUntil"
     FROM person_consent v WHERE v.person_id = (SELECT person_id FROM customer WHERE id = $1 AND forgotten_at IS NULL)`,
    [customerId, threadId],
  )
  const [row] = rows
  if (!row) return undefined
  const { silentUntil, ...consent } = row
  return { consent, silentUntil }
}

export type About = {
  names: string[]
  since: Date | null
  groups: string[]
  messages: number
  phone: boolean
  place: string | null
} & Pick<Consent, 'optedOutAt' | 'profilingRefusedAt' | 'consentedAt' | 'sensitiveConsentAt'>

/** What members knows of the person that the customer is. */
export async function readAbout(db: Queryable, customerId: string): Promise<About | undefined> {
  const { rows } = await db.query<About>(
    `WITH her AS (SELECT id, person_id, profile, first_seen_at FROM customer WHERE ${sameAsHer}),
       contact AS (SELECT name, id, profile, first_seen_at FROM identity WHERE customer_id IN (SELECT id FROM her))
     SELECT
       ARRAY(SELECT name FROM contact WHERE name <> '' GROUP BY name ORDER BY min(first_seen_at)) AS names,
       (SELECT min(first_seen_at) FROM her) AS since,
       ARRAY(SELECT r.topic FROM membership m JOIN room r ON r.id = m.group_id
             WHERE m.left_at IS NULL AND m.identity_id IN (SELECT id FROM contact) AND r.topic <> ''
             GROUP BY r.topic ORDER BY min(m.joined_at)) AS groups,
       (SELECT count(*)::int FROM message WHERE customer_id IN (SELECT id FROM her) AND direction = 'in') AS messages,
       EXISTS (SELECT FROM customer_key WHERE customer_id IN (SELECT id FROM her) AND kind = 'phone') AS phone,
       (SELECT nullif(concat(p.profile ->> 'province', p.profile ->> 'city'), '')
        FROM (SELECT profile, 0 AS n FROM her UNION ALL SELECT profile, 1 FROM contact) p
        WHERE p.profile ?| ARRAY['province', 'city'] ORDER BY n LIMIT 1) AS place,
       v.opted_out_at AS "optedOutAt", v.profiling_refused_at AS "profilingRefusedAt",
       v.consented_at AS "consentedAt", v.sensitive_consent_at AS "sensitiveConsentAt"
     FROM person_consent v WHERE v.${sameAsHer}`,
    [customerId],
  )
  return rows[0]
}
