/** Reading a place out of an address or of what somebody says. */
import { plainSpelling } from '../../../kernel/spelling.ts'
import { type Node, type Named, placeIndex } from './table.ts'
import { gap, streetBehind } from './vocabulary.ts'

/** A place by official names, as far as it is known: 华东, 江苏省, 苏州市, 苏州工业园区. */
export type KnownPlace = {
  area: string | null
  province: string | null
  city: string | null
  district: string | null
}

/**
 * A place as it was written. Where a name means several («朝阳区»), they stand in `ambiguous`, and the place itself says
 * only what they have in common.
 */
export type Place = KnownPlace & { ambiguous?: KnownPlace[] }

/** Longer addresses are cut: what says where stands in front. */
const longest = 200

/**
 * The place that a text names: an address or the name of a place. Other words may stand in front of it when something
 * separates them: «收货人王芳 江苏省苏州市…». Null when it names none.
 */
export function resolvePlace(text: string): Place | null {
  const plain = plainSpelling(text.slice(0, longest))
  let best: { place: Place; depth: number } | null = null
  for (const at of partsOf(plain)) {
    const found = placeIn(plain, at)
    if (!found) continue
    if (!best || found.depth > best.depth) best = found
    if (best.depth >= 3) break
  }
  return best?.place ?? null
}

/** Where the parts of a text begin: at its start, and behind every gap. */
function partsOf(plain: string): number[] {
  const starts = [0]
  for (const { index, 0: separator } of plain.matchAll(/[\s,，:：;；|]+/gu)) starts.push(index + separator.length)
  return starts
}

/** The place whose name begins at `at` of a text in plain spelling, and where it ends; null when none does. */
export function placeAt(plain: string, at: number): { place: Place; end: number } | null {
  const found = placeIn(plain, at)
  return found && { place: found.place, end: found.end }
}

/** Whether some place may be named in a text in plain spelling: a quick look, which may be wrong in saying yes. */
export function mayNamePlace(plain: string): boolean {
  const { beginnings } = placeIndex()
  for (let at = 1; at < plain.length; at++) {
    if (beginnings.has((plain.charCodeAt(at - 1) << 16) | plain.charCodeAt(at))) return true
  }
  return false
}

type Found = { place: Place; end: number; depth: number }

function placeIn(plain: string, at: number): Found | null {
  let end = at + (gap.exec(plain.slice(at))?.[0].length ?? 0)
  const first = longestName(plain, end, ({ alone }) => alone)
  if (!first) return null
  let nodes = outermost(first.named)
  end = first.end
  for (let step = 0; step < 4; step++) {
    const from = end + (gap.exec(plain.slice(end, end + 16))?.[0].length ?? 0)
    const inside = longestName(plain, from, ({ node }) => nodes.some((outer) => isInside(node, outer)))
    if (!inside) break
    nodes = outermost(inside.named)
    end = inside.end
  }
  const places = distinct(nodes.map(knownPlace))
  const [only] = places
  if (places.length === 1 && only) return { place: only, end, depth: depthOf(only) }
  const shared = common(places)
  return { place: { ...shared, ambiguous: places }, end, depth: depthOf(shared) }
}

/** The longest name at `at` that means a place which may stand there; not when it is the beginning of a street's. */
function longestName(
  plain: string,
  at: number,
  may: (named: Named) => boolean,
): { named: Named[]; end: number } | null {
  const { byName, lengths } = placeIndex()
  for (const length of lengths.get(plain[at] ?? '') ?? []) {
    const named = (byName.get(plain.slice(at, at + length)) ?? []).filter(may)
    if (named.length === 0) continue
    const end = at + length
    const street = named.every(({ short }) => short) && streetBehind.test(plain.slice(end, end + 5))
    return street ? null : { named, end }
  }
  return null
}

/** Of places within each other the outermost: «吉林» is the province before the city in it. */
function outermost(named: readonly Named[]): Node[] {
  const nodes = named.map(({ node }) => node)
  return nodes.filter((node) => !nodes.some((other) => isInside(node, other)))
}

function isInside(node: Node, outer: Node): boolean {
  for (let up = node.parent; up; up = up.parent) if (up === outer) return true
  return false
}

function knownPlace(node: Node): KnownPlace {
  const place: KnownPlace = { area: null, province: null, city: null, district: null }
  for (let up: Node | null = node; up; up = up.parent) place[up.level] = up.name
  return isMunicipality(place) ? { ...place, city: place.province } : place
}

/** 北京市, 香港特别行政区 and their like are their own cities: who says the one says the other. */
const municipality = /^(?:北京|天津|上海|重庆|香港|澳门)/u

function isMunicipality({ province }: KnownPlace): boolean {
  return province !== null && municipality.test(province)
}

function distinct(places: readonly KnownPlace[]): KnownPlace[] {
  return [...new Map(places.map((place) => [Object.values(place).join(' '), place])).values()]
}

function common(places: readonly KnownPlace[]): KnownPlace {
  const shared = (level: keyof KnownPlace): string | null => {
    const [first = null] = places.map((place) => place[level])
    return places.every((place) => place[level] === first) ? first : null
  }
  const area = shared('area')
  const province = area && shared('province')
  const city = province && shared('city')
  return { area, province, city, district: city && shared('district') }
}

function depthOf({ area, province, city, district }: KnownPlace): number {
  return [area, province, city, district].filter((name) => name !== null).length
}
