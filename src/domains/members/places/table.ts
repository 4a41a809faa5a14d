/** The national table as a tree, with every name under which a place is found. Built once, on first use (some 10 ms). */
import table from './table.json' with { type: 'json' }
import {
  countyCity,
  famousCities,
  nicknames,
  sharedShortNames,
  shortDistrictNames,
  shortNames,
  wordsFirst,
  zone,
} from './vocabulary.ts'

export type Level = 'area' | 'province' | 'city' | 'district'
export type Node = { name: string; level: Level; parent: Node | null }

/**
 * A name of a place. `alone`: it says where also when nothing stands in front of it. `short`: it is not the official
 * name.
 */
export type Named = { node: Node; alone: boolean; short: boolean }

export type Index = {
  /** All places that a name may mean. */
  byName: ReadonlyMap<string, readonly Named[]>
  /** How long the names are that begin with a character, longest first. */
  lengths: ReadonlyMap<string, readonly number[]>
  /** The first two UTF-16 units of every name that says where by itself, as one number. */
  beginnings: ReadonlySet<number>
}

let built: Index | undefined

export function placeIndex(): Index {
  built ??= buildIndex()
  return built
}

function buildIndex(): Index {
  const byName = new Map<string, Named[]>()
  const add = (name: string, named: Named): void => {
    const known = byName.get(name)
    if (!known) byName.set(name, [named])
    else if (!known.some(({ node }) => node === named.node)) known.push(named)
  }
  for (const node of listNodes()) {
    // Two characters as «东区» are a direction, not a place.
    add(node.name, { node, alone: !(node.level === 'district' && isVague(node.name)), short: false })
    for (const short of shortNamesOf(node)) add(short, { node, alone: !zone.test(short), short: true })
  }
  for (const [name, official] of Object.entries(nicknames)) {
    const node = byName.get(official)?.[0]?.node
    if (node) add(name, { node, alone: true, short: true })
  }
  for (const [name, all] of byName) byName.set(name, settled(name, all))
  const alone = [...byName].filter(([, all]) => all.some((named) => named.alone)).map(([name]) => name)
  const beginnings = new Set(alone.map((name) => (name.charCodeAt(0) << 16) | name.charCodeAt(1)))
  return { byName, lengths: lengthsOf(byName.keys()), beginnings }
}

function isVague(name: string): boolean {
  return name.length < 3 || wordsFirst.has(name)
}

function listNodes(): Node[] {
  const nodes: Node[] = []
  const grow = (name: string, level: Level, parent: Node | null): Node => {
    const node = { name, level, parent }
    nodes.push(node)
    return node
  }
  for (const { name, provinces } of table.areas) {
    const area = grow(name, 'area', null)
    for (const { name, cities } of provinces) {
      const province = grow(name, 'province', area)
      for (const line of cities) {
        const [first = '', ...districts] = line.split(' ')
        const city = grow(first, 'city', province)
        for (const district of districts) grow(district, 'district', city)
      }
    }
  }
  return nodes
}

function shortNamesOf({ name, level, parent }: Node): string[] {
  switch (level) {
    case 'area':
      return []
    case 'province':
    case 'city':
      return shortNames(name)
    case 'district':
      return shortDistrictNames(name, parent?.name ?? '')
    default:
      return level satisfies never
  }
}

/**
 * What a name means alone. For short a province goes before a city and both before districts: «海南», «中山». The short
 * name of a district counts where it is known in the whole country, but then for everybody who bears it: «通州».
 */
function settled(name: string, all: readonly Named[]): Named[] {
  if (!all.some(({ short }) => short) || zone.test(name)) return [...all]
  const has = (level: Level) => all.some(({ node }) => node.level === level)
  const known = all.some(({ node }) => node.level === 'district' && isKnownEverywhere(node))
  const may: Record<Level, boolean> = {
    area: true,
    province: true,
    city: !has('province'),
    district: sharedShortNames.has(name) || (!has('province') && !has('city') && known),
  }
  return all.map((named) => (named.short ? { ...named, alone: may[named.node.level] && !wordsFirst.has(name) } : named))
}

/** A county that calls itself a city, as «昆山», or a district of one of the four largest. */
function isKnownEverywhere({ name, parent }: Node): boolean {
  return countyCity.test(name) || famousCities.has(parent?.name ?? '')
}

function lengthsOf(names: Iterable<string>): Map<string, number[]> {
  const sets = new Map<string, Set<number>>()
  for (const name of names) {
    const first = name[0] ?? ''
    sets.set(first, (sets.get(first) ?? new Set()).add(name.length))
  }
  return new Map([...sets].map(([first, lengths]) => [first, [...lengths].sort((a, b) => b - a)]))
}
