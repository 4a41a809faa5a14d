/** Promises: what the listed kinds of words say, whether they affirm or deny it, and which durations stand beside them. */
import { phrases } from '../guards/phrase.ts'
import type { GuardsContent, PromiseKind } from '../guards/index.ts'
import * as words from './vocabulary.ts'

/** `open`: asked or supposed, so that nothing is said. */
export type Stance = 'affirmed' | 'denied' | 'open'

export type Promised = {
  kind: PromiseKind
  /** Which line of the kind. */
  group: number
  stance: Stance
  words: string
  start: number
  end: number
}

type Recogniser = { kind: PromiseKind; group: number; found: RegExp; quick: RegExp }

const recognisers = new WeakMap<GuardsContent, { all: Recogniser[]; except: Map<PromiseKind, RegExp | undefined> }>()

function recognisersOf(guards: GuardsContent): { all: Recogniser[]; except: Map<PromiseKind, RegExp | undefined> } {
  const known = recognisers.get(guards)
  if (known) return known
  const all = guards.promises.flatMap((kind) =>
    kind.words.flatMap((line, group) => {
      const list = typeof line === 'string' ? [line] : line
      const found = phrases(list)
      const quick = phrases(list, 'u')
      return found && quick ? [{ kind, group, found, quick }] : []
    }),
  )
  const except = new Map(guards.promises.map((kind) => [kind, phrases(kind.except)]))
  const made = { all, except }
  recognisers.set(guards, made)
  return made
}

/** Everything that a text in plain spelling promises, by kinds of the content. */
export function promisesIn(plain: string, guards: GuardsContent): Promised[] {
  const { all, except } = recognisersOf(guards)
  return all.flatMap(({ kind, group, found, quick }) => {
    if (!quick.test(plain)) return []
    const harmless = except.get(kind)
    const text = harmless ? plain.replaceAll(harmless, (one) => '\u0001'.repeat(one.length)) : plain
    return [...text.matchAll(found)].map((match): Promised => {
      const end = match.index + match[0].length
      const gaps = match.slice(1).filter((gap) => (gap as string | undefined) !== undefined)
      return { kind, group, stance: stanceAt(text, match.index, end, gaps), words: match[0], start: match.index, end }
    })
  })
}

/** How the clause means what stands at [start, end); `gaps` are the words of it that no phrase named. */
function stanceAt(text: string, start: number, end: number, gaps: readonly string[]): Stance {
  const before = clauseBefore(text, start)
  const behind = clauseBehind(text, end)
  if (words.openBefore.test(before) || words.openBehind.test(behind) || gaps.some((gap) => words.openGap.test(gap)))
    return 'open'
  const negations = [before.slice(-8), ...gaps].reduce((sum, piece) => sum + negationsIn(piece), 0)
  return (negations + (words.denied.test(behind) ? 1 : 0)) % 2 === 1 ? 'denied' : 'affirmed'
}

function negationsIn(text: string): number {
  return [...text.matchAll(words.negations)].length
}

const ends = /[,;!?。\n]|[.:](?!\d)/gu

export function clauseBefore(text: string, start: number): string {
  const from = text.slice(Math.max(0, start - 40), start)
  let last = 0
  for (const { index } of from.matchAll(ends)) last = index + 1
  return from.slice(last)
}

export function clauseBehind(text: string, end: number): string {
  const rest = text.slice(end, end + 40)
  const [first] = rest.matchAll(ends)
  // The mark itself tells whether it is asked.
  return first ? rest.slice(0, first.index + 1).replace(/[,;!。\n.:]$/u, '') : rest
}

/** Where the clause around a place begins and ends. */
export function clauseAt(text: string, start: number, end: number): [number, number] {
  return [start - clauseBefore(text, start).length, end + clauseBehind(text, end).length]
}

/** The member of an enumeration around a place: «卸妆膏 109、洁面乳 79». */
export function pieceAt(text: string, start: number, end: number): [number, number] {
  let from = start
  while (from > 0 && !words.enumerating.test(text.charAt(from - 1))) from--
  let to = end
  while (to < text.length && !words.enumerating.test(text.charAt(to))) to++
  return [from, to]
}

/**
 * The sentence around a place: up to a full stop or a line end, over a colon that announces the lines below it.
 * Durations of an entry stand beside the promises of their sentence.
 */
export function sentenceAt(text: string, start: number, end: number): [number, number] {
  let from = start
  while (from > 0 && !(words.sentenceEnds.test(text.charAt(from - 1)) && !announced(text, from - 1))) from--
  let to = end
  while (to < text.length && !(words.sentenceEnds.test(text.charAt(to)) && !announced(text, to))) to++
  return [from, to]
}

/** A line end behind a colon. */
function announced(text: string, at: number): boolean {
  return text.charAt(at) === '\n' && /:\s*$/u.test(text.slice(Math.max(0, at - 3), at))
}
