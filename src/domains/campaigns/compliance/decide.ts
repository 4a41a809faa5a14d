/** The gate that copy passes before anybody reads it. Pure, and quick enough for every keystroke of an editor. */
import type { ContentKind, Item } from '../../../kernel/content.ts'
import { type Claim, claimsOf } from './claims.ts'
import { find, type Found, type Lexicon, lexiconOf } from './lexicon.ts'
import { lengthFindings } from './lengths.ts'
import { linkFindings } from './links.ts'
import { endless, unsigned } from './missing.ts'
import { personalFindings } from './personal.ts'
import type { Complaint, Context, Piece, Told } from './pieces.ts'
import { denseOf, rawEnd, type Reading, readingOf } from './reading.ts'
import { complianceKind, type ComplianceRule, type ComplianceBrand, complianceBrandKind } from './schema.ts'

/**
 * Everything that is wrong with the pieces of one drop or journey, piece by piece in the order of their texts. It
 * throws for no text and changes nothing.
 */
export type Gate = <At>(pieces: readonly Piece<At>[], context: Context) => Complaint<At>[]

type Compiled = { items: readonly Item<ComplianceRule>[]; brand: ComplianceBrand | undefined; gate: Gate }

/** Compiled once for each version of the content: found by its first rule, and used while all others are the same. */
const gates = new WeakMap<Item<ComplianceRule>, Compiled>()

/**
 * The gate of a version of the content: `others` gives the items of a kind, as `Content` does of what is live and
 * `reviewAcross` is given of what is not yet. Without rules only what needs none is looked at: personal data, links, lengths,
 * and who writes where the context names anybody.
 */
export function gateOf(others: <T>(kind: ContentKind<T>) => readonly Item<T>[]): Gate {
  const items = others(complianceKind)
  const brand = others(complianceBrandKind)[0]?.data
  const [key] = items
  const known = key && gates.get(key)
  if (known?.brand === brand && known && isSame(known.items, items)) return known.gate
  const rules = items.map(({ data }) => data)
  const gate = compiled(rules, brand ?? complianceBrandKind.schema.parse({}))
  if (key) gates.set(key, { items: [...items], brand, gate })
  return gate
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index])
}

function compiled(rules: readonly ComplianceRule[], house: ComplianceBrand): Gate {
  const lexicon = lexiconOf(rules, house)
  return (pieces, context) => {
    const read = pieces.map((piece) => readPiece(piece, lexicon))
    const senders = sendersOf(house, context)
    const names = [...senders, ...denseNames(context.exceptions ?? [])]
    const complaints = read.flatMap((one) => {
      const told = [
        ...wordFindings(one, context, names),
        ...(context.to === 'direct' ? [] : personalFindings(one.piece.text, house, names)),
        ...linkFindings(one.piece.text, context.holds),
        ...lengthFindings(one.piece, house, context.partBytes ?? 2_048),
      ]
      return told.sort((a, b) => a.index - b.index).map((finding) => ({ ...finding, at: one.piece.at }))
    })
    const [first] = pieces
    if (!first || context.purpose !== 'marketing' || context.to === 'group' || context.complete === false)
      return complaints
    const missing = [
      ...(isSigned(read, senders) ? [] : [unsigned(house)]),
      ...(canRefuse(read, house.optOut, context) ? [] : [endless(house)]),
    ]
    return [...missing.map((finding) => ({ ...finding, at: first.at })), ...complaints]
  }
}

type ReadPiece<At> = { piece: Piece<At>; reading: Reading; found: Found[] }

function readPiece<At>(piece: Piece<At>, lexicon: Lexicon): ReadPiece<At> {
  const reading = readingOf(piece.text)
  return { piece, reading, found: find(lexicon, reading) }
}

/** Names by which customers know who writes, in dense spelling. */
function sendersOf({ senders }: ComplianceBrand, { brand, personas = [] }: Context): string[] {
  return denseNames([...senders, ...personas, ...(brand === undefined ? [] : [brand])])
}

function denseNames(names: readonly string[]): string[] {
  return names.map(denseOf).filter((name) => name !== '')
}

/** Where the names stand in dense text. */
function placesOf(names: readonly string[], dense: string): [number, number][] {
  return names.flatMap((name) => {
    const places: [number, number][] = []
    for (let at = dense.indexOf(name); at >= 0; at = dense.indexOf(name, at + name.length)) {
      places.push([at, at + name.length])
    }
    return places
  })
}

function wordFindings({ reading, found }: ReadPiece<unknown>, context: Context, names: readonly string[]): Told[] {
  const applies = ({ where }: ComplianceRule): boolean =>
    where === 'all' || (where === 'marketing' ? context.purpose === 'marketing' : context.to !== 'direct')
  return claimsOf(reading, found, applies, placesOf(names, reading.dense)).map((claim) => told(reading, claim))
}

function told(reading: Reading, { rule, start, end, disguised }: Claim): Told {
  const index = reading.at[start] ?? 0
  const length = rawEnd(reading, end) - index
  const words = shown(reading.raw.slice(index, index + length))
  const reads = disguised === 'no' ? words : `${words} (read as ${shown(reading.dense.slice(start, end))})`
  const severity = disguised === 'maybe' ? 'warning' : rule.severity
  const verdict = severity === 'error' ? 'may not be said' : 'needs a second look'
  const message = `${reads} ${verdict}: ${rule.title}, ${rule.law}`
  return { rule: rule.id, law: rule.law, severity, index, length, message, expected: rule.suggestion }
}

const longestShown = 40

function shown(words: string): string {
  const plain = words.replaceAll(/\s+/gu, ' ')
  return `"${plain.length > longestShown ? `${[...plain].slice(0, longestShown - 1).join('')}…` : plain}"`
}

/** Where nobody has told of names, nothing is missing. */
function isSigned(read: readonly ReadPiece<unknown>[], names: readonly string[]): boolean {
  const says = ({ piece, reading }: ReadPiece<unknown>): boolean =>
    /\{\{-?\s*(?:brand|persona)\b/u.test(piece.text) || names.some((name) => reading.dense.includes(name))
  return names.length === 0 || read.some(says)
}

function canRefuse(read: readonly ReadPiece<unknown>[], ways: readonly string[], { hasOptOut }: Context): boolean {
  const says = ({ found }: ReadPiece<unknown>): boolean => found.some(({ use }) => use.kind === 'optOut')
  return ways.length === 0 || hasOptOut === true || read.some(says)
}
