/** POST /api/events: what customers do elsewhere, as an interaction that counts, as an event that journeys wait for, or both. */
import {
  type InteractionRow,
  interactionRules,
  recordInteractions,
  resolveCustomers,
  tellOf,
} from '../../domains/members/index.ts'
import type { ScheduleEvent } from '../../kernel/effect.ts'
import type { Queryable } from '../../kernel/work.ts'
import type { ApiHouse, Request } from './house.ts'
import { type Answer, EventsBody, fieldErrors, refused } from './schema.ts'

const priority = 0

/** Takes events in; 400 names every kind that nobody knows. 422 when none could be taken. */
export async function takeEvents(house: ApiHouse, db: Queryable, { body, key, now }: Request): Promise<Answer> {
  const parsed = EventsBody.safeParse(body)
  if (!parsed.success) return refused(400, fieldErrors(parsed.error))
  const { events } = parsed.data
  const weights = weightsOf(house)
  const open = new Set(house.openEvents(house.content()))
  const unknown = events.flatMap(({ kind }, i) =>
    weights.has(kind) || open.has(kind)
      ? []
      : [{ path: `events.${i}.kind`, message: unknownKind([...new Set([...weights.keys(), ...open])]) }],
  )
  if (unknown.length > 0) return refused(400, unknown)
  const { ids, secrets } = house
  const rows = events.map(({ customer }, i) => ({ keys: customer.keys, source: `api:${key}:${i}` }))
  const found = await resolveCustomers(db, { secrets, ids, now }, rows)
  const interactions: InteractionRow[] = []
  const effects: ScheduleEvent[] = []
  const persons = new Set<string>()
  const results = events.map(({ kind, at, data }, i) => {
    const who = found[i]!
    if ('refused' in who) return { result: 'refused', reason: who.refused }
    const { customerId, personId } = who
    const source = `event:${key}:${i}`
    const weight = weights.get(kind)
    persons.add(personId)
    if (weight !== undefined) interactions.push({ customerId, kind, at, weight, source, data })
    if (open.has(kind)) effects.push(tellOf({ customerId, personId, kind, at, source, data }, now))
    return { result: 'taken' }
  })
  if (interactions.length > 0) await recordInteractions.run(db, interactions)
  if (effects.length > 0) await house.schedule.run(db, effects)
  if (persons.size > 0) await house.onChanged(db, [...persons], priority)
  return { status: persons.size === 0 ? 422 : 200, body: { events: results } }
}

/** What each kind counts for: what content says of it goes before what its slice says. */
function weightsOf({ content, interactionKinds }: ApiHouse): Map<string, number> {
  const ofSlices = Object.entries(interactionKinds).map(([kind, { weight }]) => [kind, weight] as const)
  const { interactions } = content().one(interactionRules)
  return new Map([...ofSlices, ...interactions.map(({ kind, weight }) => [kind, weight] as const)])
}

function unknownKind(known: readonly string[]): string {
  return `nobody knows this kind; there is ${known.join(', ') || 'none: content/interactions.yaml names them'}`
}
