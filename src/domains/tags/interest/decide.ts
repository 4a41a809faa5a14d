/** What she is interested in: every piece of evidence adds to a strength, dislike takes from it, and time wears it off. */
import type { Evidence, Facts, WantedTag } from '../schema.ts'
import { interestsSaid } from './said.ts'
import type { InterestDimension } from './schema.ts'

/** `weight` > 0 adds this share of what is missing to 1; < 0 takes this share of what is there. */
type Piece = { at: number; weight: number; evidence: Evidence }

const mostEvidence = 5

/**
 * One tag for every value whose strength is above the bar. `until` is when it falls below it if nothing is added;
 * evidence is what still adds most to the strength.
 */
export function wanted(facts: Facts, dimension: InterestDimension, now: Date, _zone: string): WantedTag[] {
  const pieces = piecesOf(facts, dimension, now)
  return dimension.values.flatMap(({ id }) => {
    const own = pieces.get(id)
    if (!own) return []
    const strength = strengthAt(own, now.getTime(), dimension.halfLife)
    return strength < dimension.bar ? [] : [tagOf(dimension, id, strength, own, now)]
  })
}

function piecesOf(
  { messages, orders, interactions }: Facts,
  dimension: InterestDimension,
  now: Date,
): Map<string, Piece[]> {
  const { weights, values } = dimension
  const pieces = new Map<string, Piece[]>()
  const add = (value: string, weight: number, at: Date, evidence: Omit<Evidence, 'at'>): void => {
    if (weight === 0 || at > now) return
    const list = pieces.get(value) ?? []
    list.push({ at: at.getTime(), weight, evidence: { ...evidence, at: at.toISOString() } })
    pieces.set(value, list)
  }
  for (const { id, at, text } of messages) {
    for (const { value, stance, word } of interestsSaid(text, dimension)) {
      const weight = stance === 'disliked' ? -weights.disliked : weights[stance]
      add(value, weight, at, { kind: 'message', ref: id, note: word === '' ? stance : `${stance} ${word}` })
    }
  }
  const refunded = new Set(orders.filter(({ cents }) => cents < 0n).map(({ refundOf }) => refundOf))
  for (const value of values) {
    const bought = (has: readonly string[], wants: readonly string[]) => has.find((one) => wants.includes(one))
    for (const { orderNo, at, cents, categories, skus } of orders) {
      const what = bought(categories, value.categories) ?? bought(skus, value.skus)
      // What went back shows nothing.
      if (what === undefined || cents < 0n || refunded.has(orderNo)) continue
      add(value.id, weights.bought, at, { kind: 'order', ref: orderNo, note: `bought ${what}` })
    }
    for (const { id, kind, at } of interactions) {
      if (!value.interactions.includes(kind)) continue
      add(value.id, weights.did, at, { kind: 'interaction', ref: String(id), note: kind })
    }
  }
  for (const list of pieces.values()) list.sort(inTime)
  return pieces
}

/** Oldest first; of the same instant always in the same order, whatever the order of the lists. */
function inTime(a: Piece, b: Piece): number {
  return a.at - b.at || b.weight - a.weight || (a.evidence.ref < b.evidence.ref ? -1 : 1)
}

function strengthAt(pieces: readonly Piece[], now: number, halfLife: number): number {
  let strength = 0
  let last = pieces[0]?.at ?? now
  for (const { at, weight } of pieces) {
    const left = strength * fade(at - last, halfLife)
    strength = weight > 0 ? left + weight * (1 - left) : left * (1 + weight)
    last = at
  }
  return strength * fade(now - last, halfLife)
}

/** What is left of 1 after `ms`. */
function fade(ms: number, halfLife: number): number {
  return 2 ** (-ms / halfLife)
}

function tagOf(
  { id: dimension, halfLife, bar }: InterestDimension,
  value: string,
  strength: number,
  pieces: readonly Piece[],
  now: Date,
): WantedTag {
  const worth = ({ at, weight }: Piece) => weight * fade(now.getTime() - at, halfLife)
  const strongest = pieces.filter(({ weight }) => weight > 0).sort((a, b) => worth(b) - worth(a) || inTime(b, a))
  return {
    dimension,
    value,
    source: 'rule',
    strength: Math.round(strength * 100) / 100,
    until: new Date(Math.ceil(now.getTime() + halfLife * Math.log2(strength / bar))),
    rule: `${dimension}/${value}`,
    evidence: strongest.slice(0, mostEvidence).map(({ evidence }) => evidence),
  }
}
