/**
 * What a customer means when she leans on what was said before: «and the cleanser?», «how much is that one», «why». Her
 * words are completed from it, and looked up as if she had written it all.
 *
 * The danger is a question that stands by itself and only looks as if it leaned: it would be answered for something
 * else. So whatever an entry asks word for word stays as it is, a pronoun must stand where no noun follows it, and a
 * long text leans on nothing.
 */
import type { Content } from '../../../kernel/content.ts'
import { plainSpelling } from '../../../kernel/spelling.ts'
import type { Turn } from '../answers/schema.ts'
import { spoken } from '../retrieval/reading.ts'
import { normalise } from '../retrieval/tokenise.ts'
import {
  areAlike,
  beginningOf,
  firstNamed,
  namesIn,
  type Named,
  placeIn,
  topicOf,
  type Topics,
  topicsOf,
} from './topics.ts'
import {
  amounts,
  asking,
  asksAloud,
  asksItself,
  bareName,
  bareWords,
  deferringWords,
  ellipsis,
  happened,
  opening,
  particles,
  predicate,
  pronoun,
} from './vocabulary.ts'

export type Before = {
  /** The words of the message that hers quotes. */
  quoted: string | null
  /** Her questions and our answers in this thread, oldest first. */
  recent: readonly Turn[]
  content: Content
}

/** Something to look up. `leans`: it was completed from what was said before. */
export type ReadAs = { text: string; leans: boolean }

const readingsAtMost = 3
/** Whoever leans says little. */
const longestLeaning = 40
/** Of a quoted message: a question is shorter, an answer says in front what it is about. */
const longestQuoted = 60
/** Further back nobody points. */
const turnsAtMost = 4

/**
 * What to look up, best first; always the text itself among it. Try them in this order, and take the first that finds
 * a sure answer.
 */
export function readings(text: string, { quoted, recent, content }: Before): ReadAs[] {
  const plain = { text, leans: false }
  const said = plainSpelling(spoken(text)).trim()
  if (said.length > longestLeaning) return [plain]
  const topics = topicsOf(content)
  if (topics.questions.has(normalise(said))) return [plain]
  const quote = quoted === null ? '' : plainSpelling(spoken(quoted)).trim()
  const before = resolved(recent.slice(-turnsAtMost), topics)
  const completed = quote === '' ? completedFrom(said, before, topics) : completedByQuote(said, quote, before, topics)
  // What she leant on may have been a picture, without a word.
  const texts = [...new Set(completed)].filter((one) => !['', normalise(said)].includes(normalise(one)))
  return [...texts.slice(0, readingsAtMost - 1).map((one) => ({ text: one, leans: true })), plain]
}

/** Whether a text asks something itself. In other letters than Chinese it may. */
export function mayAsk(text: string): boolean {
  const said = plainSpelling(spoken(text))
  return asking.test(said) || asksAloud.test(said) || !/\p{sc=Han}/u.test(said)
}

/** A question of hers as it is understood: itself complete, and what it is about. */
type Resolved = { said: string; question: string; answer: string; topic: string | undefined }

/** Each turn may lean on the one before: «the mask?», «and the cream?». */
function resolved(turns: readonly Turn[], topics: Topics): Resolved[] {
  const done: Resolved[] = []
  for (const { question, answer, entries } of turns) {
    const said = plainSpelling(spoken(question)).trim()
    const stands = said.length > longestLeaning || topics.questions.has(normalise(said))
    const full = stands ? said : (completedFrom(said, done, topics)[0] ?? said)
    done.push({ said, question: full, answer, topic: topicOf(full, entries, topics) })
  }
  return done
}

/** The text completed from the last turn, best first; [] when it stands by itself. */
function completedFrom(said: string, before: readonly Resolved[], topics: Topics): string[] {
  const last = before.at(-1)
  if (!last) return []
  const asked = said.replace(opening, '')
  if (asked === '') return []
  const pointer = pointerIn(asked, last.topic, topics)
  if (pointer) {
    // «And this one?» without anything else asks the same again.
    if (onlyPoints(asked)) return [last.question]
    return last.topic === undefined ? [] : [spliced(asked, pointer, last.topic)]
  }
  if (isBareQuestion(asked)) return last.topic === undefined ? [] : [`${last.topic}${asked}`]
  return renamed(asked, last, topics)
}

/** The text completed from the message that it quotes. */
function completedByQuote(said: string, quote: string, before: readonly Resolved[], topics: Topics): string[] {
  const short = quote.slice(0, longestQuoted)
  const topic = quotedTopic(quote, before, topics)
  const last = before.at(-1)
  const asked = said.replace(opening, '')
  if (onlyPoints(asked) || isMadeOf(said, deferringWords)) {
    const again = topic === undefined || !last ? [] : renamed(topic, last, topics)
    const isQuestion = asking.test(quote) && quote.length <= longestLeaning
    return isQuestion ? [short, ...again] : [...again, short]
  }
  const together = `${short} ${asked}`
  const pointer = pointerIn(asked, topic, topics)
  if (pointer) return topic === undefined ? [together] : [spliced(asked, pointer, topic), together]
  if (isBareQuestion(asked)) return topic === undefined ? [together] : [`${topic}${asked}`, together]
  return renamed(asked, { question: short, topic }, topics)
}

/** What a quoted message is about: an answer of ours what it answered, anything else what it names. */
function quotedTopic(quote: string, before: readonly Resolved[], topics: Topics): string | undefined {
  const start = beginningOf(quote)
  const begins = (answer: string): boolean => start.length > 3 && answer.startsWith(start)
  const turn = before.findLast(({ answer, said }) => begins(beginningOf(answer)) || beginningOf(said) === start)
  if (turn) return turn.topic
  const entry = topics.beginnings.find(([beginning]) => begins(beginning))?.[1]
  return entry === undefined ? firstNamed(quote, topics) : topicOf('', [entry], topics)
}

/**
 * The pronoun that stands for the topic. What follows it must be a predicate, or somebody or something of another kind
 * («is this for sensitive skin»): «this cream» is named already.
 */
function pointerIn(asked: string, topic: string | undefined, topics: Topics): Span | undefined {
  const found = pronoun.exec(asked)
  if (!found) return undefined
  const span = { from: found.index, to: found.index + found[0].length }
  const rest = asked.slice(span.to)
  if (predicate.test(rest)) return span
  const [next] = namesIn(rest, topics)
  if (next?.from !== 0 || topic === undefined) return undefined
  return namesIn(topic, topics).some((own) => areAlike(own, next, topics)) ? undefined : span
}

/** Nothing but a pronoun, or «and this one?». */
function onlyPoints(asked: string): boolean {
  const found = pronoun.exec(asked)
  return found?.index === 0 && particles.test(asked.slice(found[0].length))
}

function isBareQuestion(asked: string): boolean {
  return isMadeOf(asked, bareWords) && asking.test(asked)
}

/** Whether a short text is nothing but these words, one behind the other. */
function isMadeOf(text: string, words: ReadonlySet<string>): boolean {
  // The places up to which it is made of them: an expression would try all ways of cutting it.
  const reached = new Set([0])
  for (const from of reached) {
    for (let to = from + 1; to <= text.length; to++) if (words.has(text.slice(from, to))) reached.add(to)
  }
  return reached.has(text.length)
}

/** «And the cleanser?»: the last question, asked of something else. */
function renamed(asked: string, last: Pick<Resolved, 'question' | 'topic'>, topics: Topics): string[] {
  const explicit = ellipsis.exec(asked)?.groups?.name
  const name = explicit ?? bareName.exec(asked)?.groups?.name
  if (name === undefined) return []
  const inPlace = inPlaceOfItsLike(name, last.question, topics)
  if (inPlace !== undefined) return [inPlace]
  if (explicit === undefined || asksItself.test(name)) return []
  const topic = last.topic === undefined ? -1 : last.question.indexOf(last.topic)
  if (topic < 0 || isPlace(name) || isAmount(name)) return [`${name}${last.question}`]
  const span = { from: topic, to: topic + last.topic!.length }
  // «And once I have opened it?» is a condition, not a thing.
  if (happened.test(name))
    return [name.includes(last.topic!) ? name + last.question.slice(span.to) : last.topic! + name]
  return [spliced(last.question, span, name)]
}

function isAmount(name: string): boolean {
  return amounts.some((amount) => amount.exec(name)?.[0] === name)
}

/** The question with a name, place, number or day replaced by one of the same kind; undefined when it has none such. */
function inPlaceOfItsLike(name: string, question: string, topics: Topics): string | undefined {
  for (const amount of amounts) {
    const found = amount.exec(name)?.[0] === name ? amount.exec(question) : null
    if (found) return spliced(question, { from: found.index, to: found.index + found[0].length }, name)
  }
  if (isPlace(name)) {
    const place = placeIn(question)
    return place && spliced(question, place, name)
  }
  const [only, ...more] = namesIn(name, topics)
  if (!only || more.length > 0 || only.word !== name) return undefined
  const alike: Named | undefined = namesIn(question, topics).find((named) => areAlike(named, only, topics))
  return alike && spliced(question, alike, name)
}

function isPlace(name: string): boolean {
  const place = placeIn(name)
  return place?.from === 0 && place.to === name.length
}

type Span = { from: number; to: number }

function spliced(text: string, { from, to }: Span, by: string): string {
  return text.slice(0, from) + by + text.slice(to)
}
