/** What the model is asked: the persona and the rules, then the entries and what the customer wrote, fenced as data. */
import type { Content } from '../../../kernel/content.ts'
import type { ModelCall, ModelMessage } from '../../../kernel/ports.ts'
import { textOf } from '../answer.ts'
import { CheckName, type Complaint, Mood, type Turn } from '../answers/schema.ts'
import type { FaqEntry } from '../schema.ts'
import { type Fence, fenceWith } from './fence.ts'
import { hashOf, personaHash } from './hash.ts'
import type { Persona } from './schema.ts'
import { data, frame, grounding, repairs, returned, task } from './technique.ts'
import { wireSchema } from './wire.ts'

/** What differs from question to question. */
export type Asking = {
  question: string
  /** What she and we said before, oldest first. */
  context: readonly Turn[]
  /** The words of the message that hers quotes. */
  quoted: string | null
  entries: readonly FaqEntry[]
  inGroup: boolean
  /** Where something is known of it already; the model judges it by her words otherwise. */
  mood?: Mood | undefined
  /** A tag of hers that the persona has a tone for. The tag itself is not told. */
  level: string | null
  /** Values by dimension that the model may propose. */
  proposable: Readonly<Record<string, readonly string[]>>
  /** The repair: what was wrong with `previous`, which is what the model said. [] and null the first time. */
  complaints: readonly Complaint[]
  previous: string | null
  /** Random, fresh for each prompt: nobody can close a fence that she cannot guess. */
  nonce: string
}

export type Prompt = {
  messages: ModelMessage[]
  /** SHA-256 of everything that is the same for all questions: the persona, the fixed texts and the schema. */
  hash: string
  schema: ModelCall['schema']
}

/** Characters at most. */
const bounds = {
  question: 1_000,
  turn: 300,
  quoted: 500,
  entry: 4_000,
  /** Of all entries: those that no longer fit are left out, the last first. */
  entries: 16_000,
  previous: 2_000,
  complaint: 200,
}
const turnsAtMost = 10
const questionsShown = 3
const valuesAtMost = 60

export const answerSchema: ModelCall['schema'] = { name: 'answer', json: wireSchema }

/** Throws `prompt-nonce` when the nonce cannot be one. */
export function promptFor(_content: Content, persona: Persona, asking: Asking): Prompt {
  return { messages: messagesFor(persona, asking), hash: hashFor(persona), schema: answerSchema }
}

function messagesFor(persona: Persona, asking: Asking): ModelMessage[] {
  const fence = fenceWith(asking.nonce)
  return [
    { role: 'system', content: `${standing(persona)}\n\n${conversation(persona, asking)}` },
    {
      role: 'user',
      content: joined([entriesText(asking.entries), talkText(asking, fence), repairText(asking, fence)]),
    },
  ]
}

const standings = new WeakMap<Persona, string>()

/** What is the same for all questions. */
function standing(persona: Persona): string {
  const known = standings.get(persona)
  if (known !== undefined) return known
  const text = joined([
    task,
    `${frame.who}\n${whoText(persona)}`,
    persona.character && `${frame.character}\n${persona.character}`,
    `${frame.limits}\n${limitsText(persona)}`,
    `${frame.moods}\n${Mood.options.map((mood) => moodText(persona, mood)).join('\n')}`,
    grounding,
    data,
    returned,
  ])
  standings.set(persona, text)
  return text
}

export function whoText({ name, self = name, address }: Persona): string {
  const never = address.never.length > 0 ? ` Never: ${address.never.join(', ')}.` : ''
  return `Name: ${name}. Calls herself: ${self}. Addresses the customer as: ${address.usual ?? frame.informally}.${never}`
}

export function limitsText({ length, emoji, banned, replace }: Persona): string {
  const lines = [
    `At most ${length.characters} characters and ${length.sentences} sentences; shorter is better.`,
    emoji.allowed.length > 0 && emoji.atMost > 0
      ? `Emoji: at most ${emoji.atMost} in an answer, mostly none, and only of: ${emoji.allowed.join(' ')}`
      : 'No emoji.',
    banned.length > 0 && `Words that are never used: ${banned.join(', ')}`,
    Object.keys(replace).length > 0 && `Avoid: ${Object.entries(replace).map(replacementText).join(', ')}`,
  ]
  return lines.filter((line) => line !== false).join('\n')
}

function replacementText([word, replacement]: [string, Persona['replace'][string]]): string {
  const target = typeof replacement === 'string' ? replacement : replacement.with
  return target === '' ? word : `${word} (say ${target})`
}

/** Where a human is offered, code adds the line: the model's own would stand there twice. */
function moodText(persona: Persona, mood: Mood): string {
  const bend = persona.moods[mood]
  const rules = [
    bend?.tone,
    bend?.maxCharacters !== undefined && `At most ${bend.maxCharacters} characters.`,
    bend?.emoji === false && 'No emoji.',
    bend?.offersHuman !== undefined && 'Do not offer a human yourself: a line that does is added.',
  ]
  return `- ${mood}: ${rules.filter(Boolean).join(' ') || 'as always'}`
}

function conversation(persona: Persona, { inGroup, mood, level, proposable, nonce }: Asking): string {
  const bend = level === null ? undefined : persona.levels[level]
  const values = Object.entries(proposable).map(
    ([dimension, all]) => `- ${dimension}: ${all.slice(0, valuesAtMost).join(', ')}`,
  )
  const lines = [
    frame.conversation,
    inGroup ? frame.inGroup : frame.direct,
    mood && `${frame.moodKnown} ${mood}.`,
    bend?.tone && `${frame.tone} ${bend.tone}`,
    bend?.address && `${frame.address} ${bend.address}`,
    ...(values.length > 0 ? [frame.proposable, ...values] : [frame.nothingProposable]),
    `${frame.fences} <<${nonce} … ${nonce}>>`,
  ]
  return lines.filter(Boolean).join('\n')
}

export function entriesText(entries: readonly FaqEntry[]): string {
  let left = bounds.entries
  // An answer with a fact is a template, and its figures are none of the model's business.
  const plain = entries.filter(({ fact }) => fact === undefined)
  const shown = plain.flatMap((entry) => {
    const text = textOf(entry.answer).slice(0, bounds.entry)
    if (text.length > left) return []
    left -= text.length
    const questions = entry.questions.slice(0, questionsShown).join(' / ')
    return [`<entry id="${entry.id}">\n${frame.asked} ${questions}\n\n${text}\n</entry>`]
  })
  return [frame.entries, ...(shown.length > 0 ? shown : [frame.noEntries])].join('\n')
}

function talkText({ question, context, quoted }: Asking, fence: Fence): string {
  const turns = context.slice(-turnsAtMost).map(({ question: asked, answer }) => {
    const said = `${frame.customer}\n${fence(asked, bounds.turn)}`
    return answer === '' ? said : `${said}\n${frame.brand}\n${fence(answer, bounds.turn)}`
  })
  return joined([
    turns.length > 0 && [frame.before, ...turns].join('\n'),
    quoted !== null && `${frame.quoted}\n${fence(quoted, bounds.quoted)}`,
    `${frame.question}\n${fence(question, bounds.question)}`,
  ])
}

/** What the model said is fenced as well: it may repeat what a customer talked it into. */
function repairText({ complaints, previous }: Asking, fence: Fence): string | false {
  if (complaints.length === 0) return false
  const faults = complaints.map(({ check, words }) =>
    words === '' ? `- ${repairs[check]}` : `- ${repairs[check]}\n${fence(words, bounds.complaint)}`,
  )
  return joined([
    previous !== null && `${frame.previous}\n${fence(previous, bounds.previous)}`,
    `${frame.wrong}\n${faults.join('\n')}`,
    frame.again,
  ])
}

export function joined(parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join('\n\n')
}

const hashes = new WeakMap<Persona, string>()

/** An imaginary asking that every fixed text has a part in: its prompt changes when one of them does. */
const imaginary: Omit<Asking, 'inGroup' | 'mood' | 'entries' | 'proposable' | 'level'> = {
  question: 'q',
  context: [{ question: 'q', answer: 'a', entries: [] }],
  quoted: 'q',
  complaints: CheckName.options.map((check) => ({ check, words: 'w' })),
  previous: 'p',
  nonce: 'imaginary-nonce',
}
const imaginaryEntry: FaqEntry = { id: 'e', questions: ['q'], answer: 'a', tags: [], groups: [], draft: false }

function hashFor(persona: Persona): string {
  const known = hashes.get(persona)
  if (known !== undefined) return known
  const empty = { ...imaginary, inGroup: true, mood: undefined, entries: [], proposable: {}, level: null }
  const filled = { entries: [imaginaryEntry], proposable: { d: ['v'] }, mood: Mood.enum.calm, level: 'l' }
  const levelled = { ...persona, levels: { l: { tone: 't', address: 'a' } } }
  const full = { ...imaginary, ...filled, inGroup: false }
  const prompts = [messagesFor(persona, empty), messagesFor(levelled, full)]
  const hash = hashOf([personaHash(persona), prompts, answerSchema])
  hashes.set(persona, hash)
  return hash
}
