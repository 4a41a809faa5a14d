/** Where she lives, from what she says, her orders and her profile. */
import { type KnownPlace, type Place, resolvePlace } from '../../members/index.ts'
import type { Evidence, Facts, WantedTag } from '../schema.ts'
import { placesSaid } from './said.ts'
import type { RegionDimension } from './schema.ts'

/**
 * A place with what shows it. `rank`: 3 what she says of herself, 2 the address of an order, 1 where she asks to have
 * something sent, 0 her profile; the higher goes first. `weight`: how sure it makes us, 0..1.
 */
type Sighting = {
  place: Place
  rank: 0 | 1 | 2 | 3
  weight: number
  at: number
  until: number | null
  evidence: Evidence
}

const weights = { said: 0.9, order: 0.8, asked: 0.5, profile: 0.4 } as const
/** As many later orders in a row, all to the same city, tell more than what she said before. */
const ordersThatMove = 2
const mostEvidence = 5
const levels = ['area', 'province', 'city'] as const

/**
 * Up to three tags for the one place where she lives now: area, province and city. What she says of herself goes before
 * an order's address, and that before her profile; of the same kind the newer wins. An ambiguous name counts once
 * something else settles it.
 */
export function wanted(facts: Facts, dimension: RegionDimension, now: Date, _zone: string): WantedTag[] {
  const seen = settle(sightingsOf(facts, dimension, now))
  const first = leading(seen)
  if (!first) return []
  const place = completed(first.place, seen)
  return levels.flatMap((level) => {
    const value = place[level]
    // Shanghai is a province and its only city: one value, said once.
    if (value === null || (level === 'city' && value === place.province)) return []
    const shown = seen.filter((sighting) => sighting.place[level] === value)
    return [tagOf(dimension, { level, value, until: first.until }, shown)]
  })
}

/** Newest first, and of the same instant the higher rank first. */
function sightingsOf(
  { messages, orders, profile, firstSeenAt }: Facts,
  dimension: RegionDimension,
  now: Date,
): Sighting[] {
  const { said, order } = dimension.holds
  const seen: Sighting[] = []
  const add = (sighting: Sighting): void => {
    if (sighting.until === null || sighting.until > now.getTime()) seen.push(sighting)
  }
  for (const { id, at, text } of messages) {
    for (const { place, firm } of placesSaid(text)) {
      const evidence: Evidence = { kind: 'message', ref: id, at: at.toISOString() }
      const time = { at: at.getTime(), until: at.getTime() + said }
      add({ place, rank: firm ? 3 : 1, weight: firm ? weights.said : weights.asked, ...time, evidence })
    }
  }
  for (const { orderNo, at, cents, province, city, area } of orders) {
    const place = cents < 0n ? null : placeOf(area, province, city)
    const evidence: Evidence = { kind: 'order', ref: orderNo, at: at.toISOString() }
    if (place) add({ place, rank: 2, weight: weights.order, at: at.getTime(), until: at.getTime() + order, evidence })
  }
  const own = placeOf(profile['area'], profile['province'], profile['city'])
  const evidence: Evidence = { kind: 'profile', ref: 'place', at: firstSeenAt.toISOString() }
  if (own) add({ place: own, rank: 0, weight: weights.profile, at: firstSeenAt.getTime(), until: null, evidence })
  const byWords = (a: Evidence, b: Evidence) => (`${a.kind} ${a.ref}` < `${b.kind} ${b.ref}` ? -1 : 1)
  return seen.sort((a, b) => b.at - a.at || b.rank - a.rank || byWords(a.evidence, b.evidence))
}

/** Orders and profiles name the same few hundred places again and again; finding one takes as long as all else here. */
const found = new Map<string, Place | null>()
const mostFound = 5_000

function placeOf(...names: unknown[]): Place | null {
  const [area = '', ...narrower] = names.map((name) => (typeof name === 'string' ? name : ''))
  const written = narrower.filter((name) => name !== '').join(' ')
  const key = `${area}\n${written}`
  let place = found.get(key)
  if (place === undefined) {
    place = (written === '' ? null : resolvePlace(written)) ?? (area === '' ? null : resolvePlace(area))
    if (found.size >= mostFound) found.clear()
    found.set(key, place)
  }
  return place
}

/** Ambiguous names with the candidate that something else speaks for; without such, what all candidates share. */
function settle(sightings: readonly Sighting[]): Sighting[] {
  const clear = sightings.filter(({ place }) => !place.ambiguous)
  return sightings.flatMap((sighting) => {
    const { ambiguous, ...shared } = sighting.place
    if (!ambiguous) return [sighting]
    for (const level of ['city', 'province'] as const) {
      for (const other of clear) {
        const fitting = ambiguous.filter(
          (candidate) => candidate[level] !== null && candidate[level] === other.place[level],
        )
        if (fitting.length === 1 && fitting[0]) return [{ ...sighting, place: fitting[0] }]
      }
    }
    return shared.area === null ? [] : [{ ...sighting, place: shared }]
  })
}

/** The sighting that says where she is now. */
function leading(sightings: readonly Sighting[]): Sighting | undefined {
  const top = Math.max(...sightings.map(({ rank }) => rank))
  const first = sightings.find(({ rank }) => rank === top)
  if (first?.rank !== 3) return first
  const later = sightings.filter((one) => one.rank === 2 && one.at > first.at).slice(0, ordersThatMove)
  const [newest] = later
  const elsewhere = newest !== undefined && !fits(newest.place, first.place)
  const agreed = later.length === ordersThatMove && later.every(({ place }) => place.city === newest?.place.city)
  return elsewhere && agreed && newest.place.city !== null ? newest : first
}

/** Whether two places may be the same one: where both say something, they say the same. */
function fits(one: KnownPlace, other: KnownPlace): boolean {
  return levels.every((level) => one[level] === null || other[level] === null || one[level] === other[level])
}

/** What the leading place leaves open, from whatever fits to it: «我在浙江» and an order to 杭州. */
function completed(place: KnownPlace, sightings: readonly Sighting[]): KnownPlace {
  let whole = place
  for (const { place: other } of [...sightings].sort((a, b) => b.rank - a.rank)) {
    if (whole.city !== null) break
    if (fits(whole, other) && other.province !== null) {
      whole = { ...whole, area: other.area, province: other.province, city: other.city ?? whole.city }
    }
  }
  return whole
}

function tagOf(
  dimension: RegionDimension,
  { level, value, until }: { level: (typeof levels)[number]; value: string; until: number | null },
  shown: readonly Sighting[],
): WantedTag {
  const strongest = [...shown].sort((a, b) => b.rank - a.rank || b.at - a.at)
  const doubt = shown.reduce((left, { weight }) => left * (1 - weight), 1)
  return {
    dimension: dimension.id,
    value,
    source: 'rule',
    strength: Math.round((1 - doubt) * 100) / 100,
    until: until === null ? null : new Date(until),
    rule: `${dimension.id}/${level}`,
    evidence: strongest.slice(0, mostEvidence).map(({ evidence }) => evidence),
  }
}
