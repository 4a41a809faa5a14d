/** Facts about many persons, in a few statements that travel together. */
import type { Queryable } from '../../../kernel/work.ts'
import { permits } from '../../members/index.ts'
import { centsOf } from '../../orders/index.ts'
import { findReferredCents } from '../rfm/repo.ts'
import { lookBackOf, type TagRules } from '../rules.ts'
import type { Evidence, Facts, InteractionFact, MessageFact, OrderFact, PersonTag, TagSource } from '../schema.ts'

/** Orders, interactions and messages of one person at most, the newest. */
const most = 500

/** What is stored of her scores, to write only what differs. */
export type StoredRfm = {
  lastAt: Date | null
  frequency: number
  /** As numeric text. */
  monetary: string
  r: number
  f: number
  m: number
  lookAt: Date | null
}

export type Loaded = {
  facts: Facts
  /** One of us: never tagged (law 13). */
  staff: boolean
  rfm: StoredRfm | null
}

/** Rows come as arrays, in the order of the columns: half a million of them are read sooner than objects. */
type Read = <R extends readonly unknown[]>(name: string, text: string, values: unknown[]) => Promise<R[]>

/**
 * By person id. Who is no person of her own (any more), or was forgotten, is left out. Every statement names its person by
 * the place in the list, which is shorter than her id.
 */
export async function loadFacts(
  db: Queryable,
  personIds: readonly string[],
  rules: TagRules,
  now: Date,
): Promise<Map<string, Loaded>> {
  const back = lookBackOf(rules)
  const since = (ms: number): Date => new Date(now.getTime() - ms)
  const read: Read = async (name, text, values) =>
    (await db.query({ name, text, values: [personIds, ...values], rowMode: 'array' })).rows as never
  const [people, consents, profiles, orders, interactions, messages, tags, scores, referred] = await Promise.all([
    listPeople(read),
    listConsents(read),
    rules.dimensions.some(({ kind }) => kind === 'region')
      ? listProfiles(read)
      : none<number, Record<string, unknown>[]>(),
    back.orders > 0 ? listOrders(read, since(back.orders)) : none<number, OrderFact[]>(),
    back.interactions > 0 ? listInteractions(read, since(back.interactions)) : none<number, InteractionFact[]>(),
    back.messages > 0 ? listMessages(read, since(back.messages)) : none<number, MessageFact[]>(),
    listTags(read, rules.only ?? null),
    listScores(read),
    rules.only ? none<string, bigint>() : findReferredCents(db, personIds, rules.rfm, now),
  ])
  const loaded = new Map<string, Loaded>()
  for (const [n, id, firstSeenAt, lastSeenAt, staff, profile] of people) {
    const consent = consents.get(id)
    loaded.set(id, {
      staff,
      rfm: scores.get(n) ?? null,
      facts: {
        personId: id,
        firstSeenAt,
        lastSeenAt,
        profile: mergedProfile([...(profiles.get(n) ?? []), ...(profile ?? [])]),
        orders: orders.get(n) ?? [],
        interactions: interactions.get(n) ?? [],
        messages: messages.get(n) ?? [],
        referredCents: referred.get(id) ?? 0n,
        consent: permits(consent ?? noConsent, rules),
        current: tags.get(n) ?? [],
      },
    })
  }
  return loaded
}

/** What no rule asks for is not read. */
const none = <K, V>(): Map<K, V> => new Map<K, V>()
const noConsent = { profilingRefusedAt: null, consentedAt: null, sensitiveConsentAt: null }

/** What is said later in the list goes over what was said before it; nothing said goes over nothing. */
function mergedProfile(profiles: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const profile of profiles)
    for (const [key, value] of Object.entries(profile)) if (value !== null && value !== '') merged[key] = value
  return merged
}

type Person = [
  n: number,
  id: string,
  firstSeenAt: Date,
  lastSeenAt: Date,
  staff: boolean,
  profiles: Record<string, unknown>[] | null,
]

const who = 'unnest($1::uuid[]) WITH ORDINALITY AS p (id, n)'

function listPeople(read: Read): Promise<Person[]> {
  return read<Person>(
    'tags-people',
    `SELECT p.n::int, p.id, min(c.first_seen_at), max(c.last_seen_at), bool_or(c.staff AND c.id = p.id),
            json_agg(c.profile ORDER BY c.id = p.id, c.last_seen_at) FILTER (WHERE c.profile <> '{}')
     FROM ${who} JOIN customer c ON c.person_id = p.id
     GROUP BY p.n, p.id HAVING bool_or(c.id = p.id AND c.forgotten_at IS NULL)`,
    [],
  )
}

type Consent = { profilingRefusedAt: Date | null; consentedAt: Date | null; sensitiveConsentAt: Date | null }

async function listConsents(read: Read): Promise<Map<string, Consent>> {
  const rows = await read<[string, Date | null, Date | null, Date | null]>(
    'tags-consents',
    `SELECT person_id, profiling_refused_at, consented_at, sensitive_consent_at
     FROM person_consent WHERE person_id = ANY($1::uuid[])`,
    [],
  )
  return new Map(
    rows.map(([personId, profilingRefusedAt, consentedAt, sensitiveConsentAt]) => [
      personId,
      { profilingRefusedAt, consentedAt, sensitiveConsentAt },
    ]),
  )
}

/** Rows of a person, by her place, in the order in which they came. */
function byPlace<R extends readonly [number, ...unknown[]], T>(
  rows: readonly R[],
  read: (row: R) => T,
): Map<number, T[]> {
  const places = new Map<number, T[]>()
  let place = -1
  let list: T[] = []
  for (const row of rows) {
    // Rows of one person mostly stand together.
    if (row[0] !== place) {
      place = row[0]
      list = places.get(place) ?? []
      places.set(place, list)
    }
    list.push(read(row))
  }
  return places
}

async function listProfiles(read: Read): Promise<Map<number, Record<string, unknown>[]>> {
  const rows = await read<[number, Record<string, unknown>]>(
    'tags-profiles',
    `SELECT p.n::int, i.profile FROM ${who}
     JOIN customer c ON c.person_id = p.id JOIN identity i ON i.customer_id = c.id
     WHERE i.profile <> '{}' ORDER BY i.last_seen_at`,
    [],
  )
  return byPlace(rows, ([, profile]) => profile)
}

type OrderRow = [
  number,
  bigint,
  string,
  Date,
  string,
  string,
  string | null,
  string[],
  string[],
  string | null,
  string | null,
  string | null,
]

async function listOrders(read: Read, since: Date): Promise<Map<number, OrderFact[]>> {
  const rows = await read<OrderRow>(
    'tags-orders',
    `SELECT p.n::int, o.id, o.order_no, o.ordered_at, o.amount, o.status, o.refund_of, o.categories, o.skus,
            o.province, o.city, o.area
     FROM ${who} CROSS JOIN LATERAL (
       SELECT * FROM orders WHERE person_id = p.id AND ordered_at > $2 ORDER BY ordered_at DESC LIMIT ${most}) o`,
    [since],
  )
  return byPlace(rows, ([, id, orderNo, at, amount, status, refundOf, categories, skus, province, city, area]) => ({
    id,
    orderNo,
    at,
    cents: centsOf(amount),
    status,
    refundOf,
    categories,
    skus,
    province,
    city,
    area,
  }))
}

async function listInteractions(read: Read, since: Date): Promise<Map<number, InteractionFact[]>> {
  const rows = await read<[number, bigint, string, Date, number, string]>(
    'tags-interactions',
    `SELECT p.n::int, i.id, i.kind, i.at, i.weight, i.source
     FROM ${who} CROSS JOIN LATERAL (
       SELECT * FROM interaction WHERE person_id = p.id AND at > $2 ORDER BY at DESC LIMIT ${most}) i`,
    [since],
  )
  return byPlace(rows, ([, id, kind, at, weight, source]) => ({ id, kind, at, weight, source }))
}

/** Messages keep the id under which they were written: of a merged person each of hers is looked at. */
async function listMessages(read: Read, since: Date): Promise<Map<number, MessageFact[]>> {
  const rows = await read<[number, string, Date, string]>(
    'tags-messages',
    `SELECT p.n::int, m.id, m.sent_at, m.text
     FROM ${who} JOIN customer c ON c.person_id = p.id CROSS JOIN LATERAL (
       SELECT id, sent_at, text FROM message
       WHERE customer_id = c.id AND sent_at > $2 AND direction = 'in' AND type = 'text' AND recalled_at IS NULL
       ORDER BY sent_at DESC LIMIT ${most}) m`,
    [since],
  )
  const places = byPlace(rows, ([, id, at, text]): MessageFact => ({ id, at, text }))
  for (const [n, messages] of places)
    places.set(n, messages.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, most))
  return places
}

type TagRow = [number, string, string, TagSource, boolean, number, Date, Date | null, string, Evidence[]]

async function listTags(read: Read, only: readonly string[] | null): Promise<Map<number, PersonTag[]>> {
  const rows = await read<TagRow>(
    'tags-current',
    `SELECT p.n::int, g.dimension, g.value, t.source, t.effective, t.strength, t.since, t.until, t.rule, t.evidence
     FROM ${who} JOIN customer_tag t ON t.person_id = p.id JOIN tag g ON g.id = t.tag_id
     WHERE $2::text[] IS NULL OR g.dimension = ANY($2)`,
    [only],
  )
  return byPlace(rows, ([, dimension, value, source, effective, strength, since, until, rule, evidence]) => ({
    dimension,
    value,
    source,
    effective,
    strength,
    since,
    until,
    rule,
    evidence,
  }))
}

async function listScores(read: Read): Promise<Map<number, StoredRfm>> {
  const rows = await read<[number, Date | null, number, string, number, number, number, Date | null]>(
    'tags-scores',
    `SELECT p.n::int, s.last_at, s.frequency, s.monetary, s.r, s.f, s.m, s.look_at
     FROM ${who} JOIN customer_rfm s ON s.person_id = p.id`,
    [],
  )
  return new Map(
    rows.map(([n, lastAt, frequency, monetary, r, f, m, lookAt]) => [
      n,
      { lastAt, frequency, monetary, r, f, m, lookAt },
    ]),
  )
}
