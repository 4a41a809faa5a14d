/** What a question is about: read with what it leans on, beside what was asked lately. Pure. */
import type { Content } from '../../../kernel/content.ts'
import { mayAsk, readings } from '../context/index.ts'
import type { Question } from '../decide.ts'
import { guard } from '../guards/index.ts'
import type { Persona } from '../persona/index.ts'
import { type Considered, consider } from '../retrieval/ask.ts'
import { normalise } from '../retrieval/tokenise.ts'
import { type FaqEntry, entryOf, faqSettings, type Talk } from '../schema.ts'
import {
  type AnswersSettings,
  answersSettings,
  type Context,
  type Recent,
  type Retrieved,
  type Turn,
} from './schema.ts'

/** A question with what it leans on, and what retrieval makes of it. */
export type Read = { context: Context; considered: Considered }

/**
 * What was said between her and us lately, the oldest first. Also what is being answered, still without an answer: she goes
 * on while we think.
 */
export function turnsOf(recent: readonly Recent[], settings: AnswersSettings, now: Date): Turn[] {
  const since = now.getTime() - settings.contextFor
  return (
    recent
      .filter(({ askedAt, said, state }) => askedAt.getTime() >= since && (said !== null || state === 'asked'))
      // What was refused is nothing to go on, nor are pleasantries.
      .filter(({ outcome }) => outcome !== 'refused' && outcome !== 'courtesy')
      .slice(0, settings.contextTurns)
      .map(({ question, said, entries }) => ({ question, answer: said ?? '', entries }))
      .toReversed()
  )
}

/** Reads a question by itself and, where it leans on something, with that; the first reading that is sure counts. */
export function readQuestion(
  question: Question,
  turns: readonly Turn[],
  talk: Talk,
  content: Content,
  now: Date,
): Read {
  const { text, quoted, overheard } = question
  const how = { now, group: talk.rule }
  const picked = entryOf(content, question.picked)
  if (picked) {
    const found = [{ entry: picked, score: 1, likeness: 1, question: text, topic: undefined }]
    const considered: Considered = { decision: { kind: 'answer', entries: [picked] }, found }
    return { context: { turns: [], quoted, reading: text, overheard }, considered }
  }
  const all = readings(text, { quoted, recent: turns, content }).map((reading) => ({
    ...reading,
    considered: consider(content, reading.text, how),
  }))
  const first = all[0]!
  const chosen = all.find(({ considered }) => considered.decision.kind === 'answer') ?? first
  // What is sure by itself is the same for everybody: it needs nothing of what was said before.
  const alone = chosen.considered.decision.kind === 'answer' && !chosen.leans
  const context = { turns: alone ? [] : [...turns], quoted: alone ? null : quoted, reading: chosen.text, overheard }
  return { context, considered: chosen.considered }
}

/** Without what gets no answer: it was dropped, or taken back while it was being answered. Said again, it is new. */
export function thatCount(recent: readonly Recent[]): Recent[] {
  return recent.filter(({ outcome, recalled }) => outcome !== 'dropped' && !recalled)
}

/**
 * In a group the same question of one person is answered once in a while; elsewhere while it is being answered. The same
 * words below another message («and this one?») are another question.
 */
export function isRepeated(
  question: Question,
  recent: readonly Recent[],
  talk: Talk,
  content: Content,
  now: Date,
): boolean {
  const settings = content.settings(answersSettings)
  const since = now.getTime() - settings.repeatWindow
  const inGroup = talk.recipient.kind === 'group'
  // With a mark behind it, or without, it is the same question.
  const said = normalise(question.text)
  return recent.some(({ question: text, reading, askedAt, state }, place) => {
    if (normalise(text) !== said || !(state === 'asked' || (inGroup && askedAt.getTime() >= since))) return false
    if (question.quoted === null || guard(text, content).kind !== 'clear') return true
    // Read beside what had been said when those words were read.
    const turns = turnsOf(recent.slice(place + 1), settings, now)
    return readQuestion(question, turns, talk, content, now).context.reading === reading
  })
}

/** Whether thanks and small talk of hers were returned lately. A greeting that was returned is none of these. */
export function wasCourteous(
  recent: readonly Recent[],
  { courtesies }: Pick<Persona, 'courtesies'>,
  content: Content,
  now: Date,
): boolean {
  const since = now.getTime() - content.settings(answersSettings).courtesyEvery
  return recent.some(
    ({ outcome, said, askedAt }) =>
      outcome === 'courtesy' &&
      askedAt.getTime() >= since &&
      courtesies.some(({ says }) => says.some((line) => line === said)),
  )
}

/** Less than this adds nothing to a question: «2», «hm?». It wants an answer of its own. */
const shortestAddition = 4

/**
 * Whether this only goes on with what she asked a moment ago and was understood then: «it says delivered» — «but I never got
 * it». Read together the two ask nothing else. What asks is a question of its own, whatever it stands beside.
 */
export function isSameBreath(
  question: Question,
  recent: readonly Recent[],
  read: Read,
  talk: Talk,
  content: Content,
  now: Date,
): boolean {
  const [last] = recent
  const { burstLimit } = content.settings(faqSettings)
  if (
    !last ||
    question.text.length < shortestAddition ||
    mayAsk(question.text) ||
    read.considered.decision.kind === 'answer' ||
    now.getTime() - last.askedAt.getTime() > burstLimit
  )
    return false
  const matchOf = (text: string): string | undefined => {
    const { decision } = consider(content, text, { now, group: talk.rule })
    return decision.kind === 'answer' ? decision.entries.map(({ id }) => id).join(' ') : undefined
  }
  const before = matchOf(last.question)
  return before !== undefined && matchOf(`${last.question}\n${question.text}`) === before
}

/** Whether what she asked last, a moment ago, had no answer either. */
export function wasUnknown([last]: readonly Recent[], { contextFor }: AnswersSettings, now: Date): boolean {
  return last?.outcome === 'unknown' && now.getTime() - last.askedAt.getTime() <= contextFor
}

/** The likeliest entries, those of the decision first. What holds somebody's own figures is never given to a model. */
export function retrievedOf(
  { decision, found }: Considered,
  { entries: atMost }: AnswersSettings,
  turns: readonly Turn[] = [],
): Retrieved[] {
  const sure = decision.kind === 'answer' ? decision.entries.map(({ id }) => id) : []
  const rank = ({ entry }: (typeof found)[number]): number => Number(sure.includes(entry.id))
  const best = [...found]
    .sort((a, b) => rank(b) - rank(a) || b.score - a.score)
    .filter(({ entry }) => entry.fact === undefined)
    .slice(0, atMost)
    .map(({ entry, score }) => ({ entry: entry.id, chance: score }))
  // «Why?» finds nothing by itself: it is about what was said last.
  const last = (turns.at(-1)?.entries ?? []).filter((id) => best.every(({ entry }) => entry !== id))
  return [...best, ...last.map((entry) => ({ entry, chance: 0 }))]
}

/** Without those that hold somebody's own figures. */
export function withoutFacts(found: readonly Retrieved[], content: Content): Retrieved[] {
  return found.filter(({ entry }) => entryOf(content, entry)?.fact === undefined)
}

/** The entries that were found, as content has them now. One that has gone since is no source any more. */
export function entriesNamed(found: readonly { entry: string }[], content: Content): FaqEntry[] {
  return found.flatMap(({ entry }) => entryOf(content, entry) ?? [])
}
