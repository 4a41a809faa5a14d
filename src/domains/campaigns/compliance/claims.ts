/** Which of the words that stand in a text are meant: not within other words, quoted, denied or spoken of. */
import type { Found, Use } from './lexicon.ts'
import { gaps, isWithin, rawEnd, type Reading } from './reading.ts'
import type { ComplianceRule } from './schema.ts'
import { closed, listed, negation, noNegation, opened, titles } from './vocabulary.ts'

/** A rule's word at [start, end) of dense text. `disguised`: marks between its letters, or blanks that may be meant so. */
export type Claim = { rule: ComplianceRule; start: number; end: number; disguised: 'no' | 'maybe' | 'yes' }

/** Ranges of dense text that excuse what lies within them. */
type Ranges = { starts: number[]; furthest: number[] }

/** `names`: ranges of the text in which names stand that the caller excepts. At most one claim for a place. */
export function claimsOf(
  reading: Reading,
  found: readonly Found[],
  applies: (rule: ComplianceRule) => boolean,
  names: readonly (readonly [number, number])[],
): Claim[] {
  const words = found.filter(({ use }) => use.kind === 'word' && applies(use.rule))
  if (words.length === 0) return []
  const excuses = excusesIn(reading, found, names)
  const claims: Claim[] = []
  let denied = -1
  for (const one of words.sort((a, b) => a.start - b.start)) {
    if (!isWord(one.use)) continue
    const { rule } = one.use
    // «永不反弹» and within it «不反弹»: one is denied with the other.
    if (rule.negation === 'excuses' && (one.start < denied || isDenied(reading, one.start, denied))) {
      denied = Math.max(denied, one.head)
      continue
    }
    if (!excuses(one, rule)) claims.push({ rule, start: one.start, end: one.end, disguised: disguiseOf(reading, one) })
  }
  return gravest(claims)
}

function isWord(use: Use): use is Extract<Use, { rule: ComplianceRule }> {
  return use.kind === 'word'
}

function excusesIn(
  reading: Reading,
  found: readonly Found[],
  names: readonly (readonly [number, number])[],
): (one: Found, rule: ComplianceRule) => boolean {
  const sentences = sentencesOf(reading)
  const ofRule = new Map<ComplianceRule, [number, number][]>()
  const ofAll: [number, number][] = names.map(([start, end]) => [start, end])
  const unless = new Map<ComplianceRule, Set<number>>()
  const quotes = new Map<number, number>()
  for (const { use, start, end } of found) {
    if (use.kind === 'word') continue
    const sentence = sentences[start] ?? 0
    if (use.kind === 'except') append(ofRule, use.rule, [start, end])
    else if (use.kind === 'exception') ofAll.push([start, end])
    else if (use.kind === 'unless' && !isDenied(reading, start, -1))
      unless.set(use.rule, (unless.get(use.rule) ?? new Set()).add(sentence))
    else if (use.kind === 'quoting') quotes.set(sentence, Math.min(quotes.get(sentence) ?? Infinity, start))
  }
  const exceptions = rangesOf(ofAll)
  const excepts = new Map([...ofRule].map(([rule, ranges]) => [rule, rangesOf(ranges)]))
  const named = rangesOf([...reading.raw.matchAll(titles)].map(({ index, 0: title }) => [index, index + title.length]))
  return (one, rule) => {
    const sentence = sentences[one.start] ?? 0
    // Of a phrase of several words the first is enough: «不用转发 … 领取».
    const within = (ranges: Ranges | undefined): boolean => holds(ranges, one.start, one.head)
    if (within(exceptions) || within(excepts.get(rule)) || unless.get(rule)?.has(sentence) === true) return true
    const from = reading.at[one.start] ?? 0
    if (holds(named, from, rawEnd(reading, one.end))) return true
    const spokenOf = quotes.get(sentence)
    return spokenOf !== undefined && (spokenOf < one.start || isQuoted(reading, one))
  }
}

function append<K>(lists: Map<K, [number, number][]>, key: K, range: [number, number]): void {
  const list = lists.get(key)
  if (list) list.push(range)
  else lists.set(key, [range])
}

/** Of every letter, in which sentence it stands. */
function sentencesOf({ dense, gap }: Reading): Uint32Array {
  const sentences = new Uint32Array(dense.length)
  let sentence = 0
  for (let i = 0; i < dense.length; i += 1) {
    if (gap[i] === gaps.sentence) sentence += 1
    sentences[i] = sentence
  }
  return sentences
}

function rangesOf(list: readonly (readonly [number, number])[]): Ranges {
  const sorted = [...list].sort(([a], [b]) => a - b)
  let furthest = 0
  return {
    starts: sorted.map(([start]) => start),
    furthest: sorted.map(([, end]) => (furthest = Math.max(furthest, end))),
  }
}

/** Whether one of the ranges holds [start, end). */
function holds(ranges: Ranges | undefined, start: number, end: number): boolean {
  if (!ranges) return false
  let low = 0
  let high = ranges.starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges.starts[middle] ?? 0) <= start) low = middle + 1
    else high = middle
  }
  return low > 0 && (ranges.furthest[low - 1] ?? 0) >= end
}

function isQuoted(reading: Reading, { start, end }: Found): boolean {
  const from = reading.at[start] ?? 0
  const to = rawEnd(reading, end)
  return opened.test(reading.raw.slice(Math.max(0, from - 21), from)) && closed.test(reading.raw.slice(to, to + 21))
}

/** No negation goes further than this. */
const reach = 16

/** `denied`: the end of the last word that was denied, for «不预防、治疗或根治». */
function isDenied(reading: Reading, start: number, denied: number): boolean {
  const { dense, gap } = reading
  if (denied >= 0 && denied <= start && start - denied <= 3) {
    const joined = listed.test(dense.slice(denied, start)) && (gap[start] ?? 0) <= gaps.list
    if (joined && isWithin(reading, denied - 1, start, gaps.list)) return true
  }
  let from = start
  while (from > 0 && start - from < reach && (gap[from] ?? 0) <= gaps.list) from -= 1
  const before = dense.slice(from, start)
  return negation.test(before) && !noNegation.test(before)
}

function disguiseOf({ gap }: Reading, { start, head }: Found): Claim['disguised'] {
  let greatest = 0
  for (let i = start + 1; i < head; i += 1) greatest = Math.max(greatest, gap[i] ?? 0)
  if (greatest === gaps.none) return 'no'
  // «买一送一 流程简单»: two letters with a blank between may also be the end of one word and the beginning of another.
  return greatest === gaps.space && head - start === 2 ? 'maybe' : 'yes'
}

/** Of words that overlap the gravest, then the longest. */
function gravest(claims: readonly Claim[]): Claim[] {
  const kept: Claim[] = []
  for (const claim of claims) {
    const last = kept.at(-1)
    if (!last || last.end <= claim.start) kept.push(claim)
    else if (weight(claim) > weight(last)) kept[kept.length - 1] = claim
  }
  return kept
}

function weight({ rule, start, end, disguised }: Claim): number {
  return (rule.severity === 'error' && disguised !== 'maybe' ? 1_000 : 0) + end - start
}
