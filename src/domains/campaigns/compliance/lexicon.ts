/** All words of all rules in one tree of letters, so that a text is read once however many words there are. */
import type { ComplianceRule, ComplianceBrand } from './schema.ts'
import { denseOf, gaps, isWithin, type Reading } from './reading.ts'
import { type Search, searchesOf } from './phrase.ts'
import { digit } from './vocabulary.ts'

/** What a phrase is for: a rule's words, what excuses them, or the house's own ways of speaking. */
export type Use =
  | { kind: 'word' | 'except' | 'unless'; rule: ComplianceRule }
  | { kind: 'exception' | 'quoting' | 'optOut' }

/** A phrase found at [start, end) of dense text. `head` is the end of its first word. */
export type Found = { use: Use; start: number; head: number; end: number }

type Entry = Search & { use: Use }
type Node = { next: Map<number, Node>; entries: Entry[] }

export type Lexicon = { root: Node /** Whether any word begins with the letter. */; begins: Uint8Array }

export function lexiconOf(rules: readonly ComplianceRule[], house: ComplianceBrand): Lexicon {
  const lexicon: Lexicon = { root: { next: new Map(), entries: [] }, begins: new Uint8Array(0x1_0000) }
  const add = (phrases: readonly string[], use: Use): void => {
    for (const phrase of phrases) for (const search of searchesOf(phrase)) plant(lexicon, { ...search, use })
  }
  for (const rule of rules) {
    add(rule.words, { kind: 'word', rule })
    add(rule.except, { kind: 'except', rule })
    add(rule.unless, { kind: 'unless', rule })
  }
  add(house.quoting, { kind: 'quoting' })
  add(house.optOut, { kind: 'optOut' })
  // Names are no phrases: «#1» in one stands for itself.
  for (const name of house.exceptions) {
    plant(lexicon, { anchor: denseOf(name), counted: false, pattern: undefined, use: { kind: 'exception' } })
  }
  return lexicon
}

function plant({ root, begins }: Lexicon, entry: Entry): void {
  if (entry.anchor === '') return
  begins[entry.anchor.charCodeAt(0)] = 1
  let node = root
  for (let i = 0; i < entry.anchor.length; i += 1) {
    const letter = entry.anchor.charCodeAt(i)
    let next = node.next.get(letter)
    if (!next) {
      next = { next: new Map(), entries: [] }
      node.next.set(letter, next)
    }
    node = next
  }
  node.entries.push(entry)
}

/** Everything that is found, by where its anchor stands. */
export function find({ root, begins }: Lexicon, reading: Reading): Found[] {
  const { dense } = reading
  const found: Found[] = []
  for (let i = 0; i < dense.length; i += 1) {
    if (begins[dense.charCodeAt(i)] === 0) continue
    let node = root.next.get(dense.charCodeAt(i))
    for (let end = i + 1; node; end += 1) {
      for (const entry of node.entries) {
        const one = foundAt(entry, reading, i, end)
        if (one) found.push(one)
      }
      node = end < dense.length ? node.next.get(dense.charCodeAt(end)) : undefined
    }
  }
  return found
}

function foundAt({ use, counted, pattern }: Entry, reading: Reading, at: number, head: number): Found | undefined {
  let start = at
  if (counted) {
    while (start > 0 && at - start < 8 && digit.test(reading.dense[start - 1] ?? '')) start -= 1
    if (start === at) return undefined
  }
  let end = head
  if (pattern) {
    pattern.lastIndex = start
    if (!pattern.test(reading.dense)) return undefined
    end = pattern.lastIndex
    if (!isWithin(reading, start, end, gaps.clause)) return undefined
  }
  // What hides the first word may not hide it from its exceptions; those of the others are not worth a look.
  return isOneWord(reading, start, head) ? { use, start, head, end } : undefined
}

/**
 * Whether the letters of [start, end) are one word, for all that may stand between them. A comma between them parts
 * words, but for «最，优，惠», where every letter stands alone; and «0添加» is not in «2.0添加».
 */
function isOneWord(reading: Reading, start: number, end: number): boolean {
  if (cutsLatin(reading, start) || cutsLatin(reading, end)) return false
  const { gap } = reading
  let greatest = 0
  let least = Infinity
  for (let i = start + 1; i < end; i += 1) {
    greatest = Math.max(greatest, gap[i] ?? 0)
    least = Math.min(least, gap[i] ?? 0)
  }
  if (greatest <= gaps.space) return true
  if (greatest >= gaps.sentence || least < gaps.list) return false
  const standsAlone = (gap[start] ?? 0) >= gaps.list && (gap[end] ?? 0) >= gaps.list
  return end - start > 2 || standsAlone
}

const latin = /[a-z0-9]/u
const figure = /\d/u

/** Whether a word in Latin letters or a number goes on across `index`. */
function cutsLatin({ dense, gap }: Reading, index: number): boolean {
  const before = dense[index - 1] ?? ''
  const behind = dense[index] ?? ''
  if (figure.test(before) && figure.test(behind)) return (gap[index] ?? 0) <= gaps.symbol
  return latin.test(before) && latin.test(behind) && (gap[index] ?? 0) <= gaps.unseen
}
