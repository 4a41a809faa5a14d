/** Which drafts an adviser may be given: what is asked for, and what may stay of what came back. Pure. */
import type { Content } from '../../../kernel/content.ts'
import type { Draft, DraftReplies, TalkLine } from '../../../kernel/effect.ts'
import { textOf } from '../answer.ts'
import { adviceOf } from '../answers/decide.ts'
import { entriesNamed, retrievedOf } from '../answers/reading.ts'
import { answersSettings, type ModelAnswer, type Recent } from '../answers/schema.ts'
import { masked } from '../gaps/mask.ts'
import { checkAnswer, standsIn } from '../grounding/index.ts'
import { guard, guardsOf } from '../guards/index.ts'
import { courtesyOf, type Persona, personaOf, polish } from '../persona/index.ts'
import { needsNoAnswer } from '../pleasantries.ts'
import { type Considered, consider } from '../retrieval/ask.ts'
import { normalise } from '../retrieval/tokenise.ts'
import { type FaqEntry, faqSettings } from '../schema.ts'
import { type DraftRequest, draftsAtMost, longestSummary, type ModelDrafts } from './schema.ts'

/** So much of a conversation the model is told. */
const linesAtMost = 12
/** An entry less likely than this answers something else: it would only be in the adviser's way. */
const leastChance = 0.1

/** Whether there is anything in it to be answered: thanks, «ok» and emoticons are not. */
export function asks(question: string, content: Content): boolean {
  const said = normalise(question)
  const pleasant = courtesyOf(question, personaOf(content, null)) !== undefined
  return said !== '' && !pleasant && !needsNoAnswer(said, content.settings(faqSettings))
}

/**
 * What the model is told and what it may stand on. Of our own lines only those that the FAQ knows as its own are told: what
 * it does not know was filled in for her alone. Words that a guard refuses reach no model, whoever they are drafted for.
 */
export function requestOf(
  effect: DraftReplies,
  recent: readonly Pick<Recent, 'said'>[],
  content: Content,
  now: Date,
): DraftRequest {
  const { kind: _, from: __, threadId: ___, ...rest } = effect
  const said = recent.flatMap(({ said: words }) => words ?? [])
  const isTold = ({ who, text }: TalkLine): boolean =>
    who === 'bot' ? said.some((words) => words.includes(text)) : !isRefused(text, content)
  const lines = effect.lines.filter(isTold).slice(-linesAtMost)
  const question = clearOf(effect.question, content)
  const found = findFor(question || effect.question, lines, content, now)
  const guarded = guard(effect.question, content)
  const advice = guarded.kind === 'human' ? adviceOf(guarded, content) : undefined
  const first = advice ? [advice.id] : []
  const { entries } = content.settings(answersSettings)
  const given = retrievedOf(found, content.settings(answersSettings)).map(({ entry }) => entry)
  return {
    ...rest,
    question: masked(question),
    lines: lines.map(({ who, text }) => ({ who, text: masked(text) })),
    given: [...new Set([...first, ...given])].slice(0, entries),
    approved: approvedFor(found, first, effect.lines, content),
  }
}

function approvedFor({ found }: Considered, first: string[], lines: readonly TalkLine[], content: Content): string[] {
  const likely = found.filter(({ score, entry }) => score >= leastChance && entry.fact === undefined)
  const named = entriesNamed(
    [...first, ...likely.map(({ entry }) => entry.id)].map((entry) => ({ entry })),
    content,
  )
  const fresh = named.filter((entry) => !isHandedOver(entry, lines, content))
  return [...new Set(fresh.map(({ id }) => id))].slice(0, draftsAtMost)
}

/** What the bot told her when it fetched an adviser («one is on her way») is no answer of that adviser's. */
function isHandedOver({ id, answer }: FaqEntry, lines: readonly TalkLine[], content: Content): boolean {
  const isTopics = guardsOf(content).topics.some(({ entry }) => entry === id)
  const text = textOf(answer)
  return isTopics && text !== '' && lines.some((line) => line.who === 'bot' && line.text.includes(text))
}

/** Without lines that a guard refuses; '' where what is left would be refused as well. */
function clearOf(question: string, content: Content): string {
  const lines = question.split('\n').filter((line) => !isRefused(line, content))
  const clear = lines.join('\n')
  return isRefused(clear, content) ? '' : clear
}

function isRefused(text: string, content: Content): boolean {
  return guard(text, content).kind === 'refuse'
}

/** By her last words, or where they find nothing («a human, please») by what she said before them. */
function findFor(question: string, lines: readonly TalkLine[], content: Content, now: Date): Considered {
  const hers = lines.filter(({ who }) => who === 'customer').map(({ text }) => text)
  const by = (text: string): Considered => consider(content, text, { now, group: null })
  const found = by(question)
  const isLikely = found.found.some(({ score }) => score >= leastChance)
  return !isLikely && hers.length > 1 ? by(hers.slice(-3).join('\n')) : found
}

/** Approved answers, word for word. */
export function approvedDrafts({ approved }: Pick<DraftRequest, 'approved'>, content: Content): Draft[] {
  return entriesNamed(
    approved.map((entry) => ({ entry })),
    content,
  )
    .map(({ id, answer }): Draft => ({ text: textOf(answer), cites: [id], source: 'faq' }))
    .filter(({ text }) => text !== '')
}

/** What passes every check that an answer to the customer herself would have to pass; the rest is dropped, not mended. */
export function checkedDrafts({ drafts }: ModelDrafts, request: DraftRequest, content: Content): Draft[] {
  const persona = personaOf(content, null)
  const sound = drafts
    .map(({ text, cites }) => ({ text: persona ? polished(text, persona) : text, cites }))
    .filter((draft) => isSound(draft, request, persona, content))
  const distinct = [...new Map(sound.map((draft) => [draft.text, draft])).values()]
  return distinct.slice(0, draftsAtMost).map((draft): Draft => ({ ...draft, source: 'model' }))
}

const mood = 'calm'

function polished(text: string, persona: Persona): string {
  return polish(text, persona, mood)
}

function isSound(
  { text, cites }: { text: string; cites: string[] },
  { given, question, lines }: DraftRequest,
  persona: Persona | undefined,
  content: Content,
): boolean {
  // What stands on no entry is never drafted, however harmless it reads.
  if (cites.length === 0 || isRefused(text, content)) return false
  const answer: ModelAnswer = { answer: text, cites, mood, intent: 'faq', human: 'none', proposes: {} }
  const context = lines.map((line) => ({ question: line.text, answer: '', entries: [] }))
  const entries = entriesNamed(
    given.map((entry) => ({ entry })),
    content,
  )
  return checkAnswer(answer, { given: entries, question, context, persona, content, askerNames: [] }).length === 0
}

/** Null where it is too long, empty, or tells of what was not said. It is not cut: half a number is another number. */
export function checkedSummary(
  { summary }: ModelDrafts,
  { question, lines }: DraftRequest,
  content: Content,
): string | null {
  const text = summary.replaceAll(/\s+/gu, ' ').trim()
  const conversation = [...lines.map((line) => line.text), question].join('\n')
  const fits = text !== '' && [...text].length <= longestSummary
  return fits && !isRefused(text, content) && standsIn(text, conversation, content) ? text : null
}
