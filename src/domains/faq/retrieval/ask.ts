/** A question in, a decision out: pure, shared by the dialogue and by the command line. */
import type { Content } from '../../../kernel/content.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { unknownWords } from '../facts/index.ts'
import { isGreeting, withoutPleasantries } from '../pleasantries.ts'
import { type Candidate, chancesOf, decideBy, type Decision, type Match } from './confidence.ts'
import { buildIndex, type Found, type LexicalIndex } from './index.ts'
import { type Lexicon, lexiconOf } from './lexicon.ts'
import { type Attempt, attemptsOf, behindGreeting, clausesOf, readAsked, spoken } from './reading.ts'
import { type WordsFile, wordsKind } from './schema.ts'
import { charsOf, normalise, read, type Reading } from './tokenise.ts'
import { questionWords } from './vocabulary.ts'
import { type FaqEntry, entriesOf, faqSettings, type Option } from '../schema.ts'

export type Circumstances = {
  now: Date
  /** The id of the group's rule when it is asked in a group. */
  group?: string | null
}

export type Asked = {
  decision: Decision['kind']
  /** Up to ten entries, best first, each with the chance (0..1) that it answers the question. */
  top: { entry: string; score: number }[]
  /** What the customer reads: the answer as it is written, or the words around it. */
  text: string
}

/** One index for each version of the content; it goes when the version goes. */
const indexes = new WeakMap<Content, LexicalIndex>()

function indexOf(content: Content): LexicalIndex {
  const known = indexes.get(content)
  if (known) return known
  const entries = entriesOf(content)
  const index = buildIndex(entries, lexiconFor(content.one(wordsKind), entries))
  indexes.set(content, index)
  return index
}

function lexiconFor({ dictionary, synonyms }: WordsFile, entries: readonly FaqEntry[]): Lexicon {
  const words = [...dictionary, ...entries.flatMap(({ tags }) => tags)].map(normalise)
  return lexiconOf({ words, near: synonyms.map((group) => group.map(normalise)), same: questionWords })
}

/**
 * Builds the index of a version ahead of its first question (0.2 s for the dictionary once, then about 0.2 ms an entry).
 * Nothing needs it; the first customer just waits less.
 */
export function prepare(content: Content): void {
  indexOf(content).search(read('0'), { limit: 1, allow: () => false })
}

/** Retrieval with its verdict: the nearest entries that may be answered here and now, best first, each once. */
export type Considered = { decision: Decision; found: readonly Candidate[] }

/** What was considered lately, by version: many customers ask the same in the same words, above all in a rush. */
const remembered = new WeakMap<Content, Map<string, Considered>>()
const rememberedAtMost = 1_000
const rememberedLength = 200

export function consider(content: Content, text: string, { now, group }: Circumstances): Considered {
  const rule = group ?? ''
  const here = { today: dayIn(content.zone, now), group: group ?? null }
  if (text.length > rememberedLength) return judge(content, text, here)
  const memory = remembered.get(content) ?? new Map<string, Considered>()
  remembered.set(content, memory)
  // The length tells where the rule ends and the text begins.
  const key = `${here.today} ${rule.length} ${rule}${text}`
  const known = memory.get(key)
  if (known) return known
  const considered = judge(content, text, here)
  memory.set(key, considered)
  // A map keeps the order of insertion: the first key is the oldest.
  for (const oldest of memory.keys()) {
    if (memory.size <= rememberedAtMost) break
    memory.delete(oldest)
  }
  return considered
}

/** The day in the zone of the brand, and the group's rule. */
type Here = { today: string; group: string | null }

function judge(content: Content, text: string, here: Here): Considered {
  const settings = content.settings(faqSettings)
  const said = spoken(text)
  const asked = withoutPleasantries(said, settings)
  const found = search(content, asked, here)
  const entries = severalIn(content, asked, here)
  if (entries.length > 1) return { decision: { kind: 'answer', entries }, found }
  const decision = decideBy(found, lengthOf(asked), settings)
  const greets = decision.kind !== 'answer' && isGreeting(normalise(said), settings)
  return { decision: greets ? { kind: 'none', reply: 'faq.greeting' } : decision, found }
}

const clausesAtMost = 6
const answersAtMost = 3

/**
 * The entries that clauses ask for by themselves, in their order. None is taken for a question of its own that is no
 * nearer to its entry than all that is said is to one: it may be half of that.
 */
function severalIn(content: Content, said: string, here: Here): FaqEntry[] {
  const clauses = clausesOf(said)
  if (clauses.length < 2) return []
  const sure = new Map<FaqEntry, number>()
  for (const clause of clauses.slice(0, clausesAtMost)) {
    const found = search(content, clause, here)
    const decision = decideBy(found, lengthOf(clause), content.settings(faqSettings))
    if (decision.kind === 'answer') for (const entry of decision.entries) sure.set(entry, found[0]?.likeness ?? 0)
  }
  if (sure.size < 2) return []
  const how = { limit: 1, allow: allowedIn(here) }
  const whole = indexOf(content).search(readAsked(normalise(said), indexOf(content).lexicon), how)[0]?.score ?? 0
  return [...sure].flatMap(([entry, likeness]) => (likeness > whole ? [entry] : [])).slice(0, answersAtMost)
}

type Allow = (entry: FaqEntry) => boolean

/** By the day and the group's rule. The index tells by the function itself whether it has asked it before. */
const rules = new Map<string, Allow>()
const rulesAtMost = 100

/** Which entries may be answered: of this group or of none, and not past their last day. */
export function allowedAt(content: Content, { now, group }: Circumstances): Allow {
  return allowedIn({ today: dayIn(content.zone, now), group: group ?? null })
}

function allowedIn({ today, group }: Here): Allow {
  const key = `${today} ${group ?? ''}`
  let allow = rules.get(key)
  if (!allow) {
    allow = ({ groups, validUntil }) =>
      (groups.length === 0 || (group !== null && groups.includes(group))) &&
      (validUntil === undefined || today <= validUntil)
    if (rules.size >= rulesAtMost) rules.clear()
    rules.set(key, allow)
  }
  return allow
}

/** In characters; a word in Latin letters or a number is one. */
function lengthOf(said: string): number {
  return charsOf(normalise(said)).length
}

/** A part of what is said counts while it may come this near to the likeness of the best. */
const nearBy = 0.08
/** A line so like an entry is no greeting. */
const knownAt = 0.35
const atMost = 10

function search(content: Content, said: string, here: Here): Candidate[] {
  const allow = allowedIn(here)
  const index = indexOf(content)
  const best = new Map<string, Match>()
  let highest = 0
  // What a part is worth at most can neither come first nor come near any more.
  const worthWhile = (worth: number): boolean => highest - nearBy < worth
  for (const attempt of attemptsOf(said, index.topics, worthWhile, index.lexicon)) take(attempt)
  const isKnown = (line: Reading): boolean => (index.search(line, { limit: 1, allow })[0]?.score ?? 0) >= knownAt
  const behind = worthWhile(1) ? behindGreeting(said, isKnown, index.lexicon) : undefined
  if (behind) take(behind)
  // Of two that are equally near, the one written for this group first.
  const special = ({ entry }: Match): number => Math.sign(entry.groups.length)
  const found = [...best.values()].sort((a, b) => b.score - a.score || special(b) - special(a)).slice(0, atMost)
  return chancesOf(found, lengthOf(said))

  function take({ asked, worth, topic }: Attempt): void {
    for (const found of index.search(asked, { limit: atMost, allow })) {
      const score = found.score * worth
      const match = { ...found, score, topic: score < 1 ? topic : undefined }
      highest = Math.max(highest, score)
      if (score > (best.get(found.entry.id)?.score ?? 0)) best.set(found.entry.id, match)
    }
  }
}

/** What the bot would say to this question as a conversation of its own. */
export function ask(content: Content, question: string, at: Circumstances): Asked {
  const { decision, found } = consider(content, question, at)
  const top = found.map(({ entry, score }) => ({ entry: entry.id, score: Math.round(score * 10_000) / 10_000 }))
  return { decision: decision.kind, top, text: textOf(content, decision) }
}

/** The approved words for a decision, where nobody is there to be offered anything. */
export function textOf(content: Content, decision: Decision): string {
  switch (decision.kind) {
    case 'answer':
      // Her own figures are known when she asks: here nobody does.
      return answersOf(decision.entries.map((entry) => (entry.fact ? { answer: unknownWords(entry, content) } : entry)))
    case 'suggest':
      return content.reply('faq.did-you-mean', { options: optionsOf(decision.found) })
    case 'none':
      return content.reply(decision.reply)
    default:
      return decision satisfies never
  }
}

/** One text, an empty line between two answers. */
export function answersOf(entries: readonly Pick<FaqEntry, 'answer'>[]): string {
  return entries.map(({ answer }) => answer).join('\n\n')
}

export function optionsOf(found: readonly Found[]): Option[] {
  return found.map(({ question }, index) => ({ number: index + 1, question }))
}
