/** What a person says about her data and about what we send: whole messages only, so that a question is never an order. */
import { plainSpelling } from '../../../kernel/spelling.ts'
import type { PrivacySettings } from './schema.ts'
import { chosenNumber, joiners, official, type Word } from './vocabulary.ts'

/** What was said. `only`: ids of topics; `when`: the id of a time. */
export type Said = { word: Word } | { word: 'only'; topics: string[] } | { word: 'when'; time: string }

type Lexicon = {
  whole: ReadonlyMap<string, Said>
  only: readonly string[]
  /** Longest first. */
  topics: readonly { word: string; id: string }[]
  before: readonly string[]
  after: readonly string[]
  sensitive: readonly string[]
}

/** Nobody says one of these words in more characters; a name that is mentioned may stand in front. */
const longest = 40
const longestRaw = 120
/** A question about a word is no order: «退订?» */
const asks = /[?？]\s*$/u
/** WeChat's mention, «@name » with its four-per-em space, or a name in front of everything, and emoticons in brackets. */
const around = /@[^@\n\u2005]{1,40}\u2005|^\s*@\S+\s+|\[[\p{L}\p{N}]{1,8}\]/gu
const unreadable = /(?:[^\p{L}\p{M}\p{N}]|[\p{Variation_Selector}\u20e3])+/gu

/** One spelling, without mentions, punctuation, emoji and spaces. */
function normalise(text: string): string {
  return plainSpelling(text.replace(around, ' ')).replace(unreadable, '')
}

/** Made once for each version of the settings: messages are compared with it all day. */
const lexicons = new WeakMap<PrivacySettings, Lexicon>()

function lexiconOf(settings: PrivacySettings): Lexicon {
  const before = lexicons.get(settings)
  if (before) return before
  const { words, topics, times, sensitiveWords } = settings
  const whole = new Map<string, Said>()
  for (const time of times) for (const text of time.words) whole.set(normalise(text), { word: 'when', time: time.id })
  const all = Object.keys(official) as Word[]
  for (const word of all) for (const text of words[word]) whole.set(normalise(text), { word })
  // Last: nothing takes the place of a word that the notice promises.
  for (const word of all) for (const text of official[word]) whole.set(normalise(text), { word })
  const listed = (list: readonly string[]) => list.map(normalise).filter((text) => text !== '')
  const lexicon = {
    whole,
    only: listed(words.only),
    topics: topics
      .flatMap(({ id, words: called }) => called.map((text) => ({ id, word: normalise(text) })))
      .filter(({ word }) => word !== '')
      .sort((a, b) => b.word.length - a.word.length),
    before: listed(words.before),
    after: listed(words.after),
    sensitive: listed(sensitiveWords),
  }
  lexicons.set(settings, lexicon)
  return lexicon
}

/** What the whole message says, or undefined when it is anything else, a question about such a word included. */
export function readWords(text: string, settings: PrivacySettings): Said | undefined {
  const plain = readable(text)
  if (plain === undefined) return undefined
  const lexicon = lexiconOf(settings)
  for (const form of formsOf(plain, lexicon)) {
    const said = lexicon.whole.get(form) ?? readTopics(form, lexicon)
    if (said) return said
  }
  return undefined
}

/** Which of the numbered options the whole message picks: its number. */
export function readNumber(text: string): number | undefined {
  const plain = readable(text)
  return plain === undefined ? undefined : chosenNumber(plain)
}

function readable(text: string): string | undefined {
  if (text.length > longestRaw || asks.test(text)) return undefined
  const plain = normalise(text)
  return plain === '' || plain.length > longest ? undefined : plain
}

/** Whether the words touch what only an agreement of its own lets us remember. */
export function touchesSensitive(text: string, settings: PrivacySettings): boolean {
  const { sensitive } = lexiconOf(settings)
  if (sensitive.length === 0) return false
  const plain = plainSpelling(text)
  return sensitive.some((word) => plain.includes(word))
}

/** The text, and what is left of it without the polite words around it. */
function* formsOf(plain: string, { before, after }: Lexicon): Generator<string, void> {
  const forms = new Set([plain])
  for (const form of forms) {
    yield form
    for (const word of before) if (form.startsWith(word) && form !== word) forms.add(form.slice(word.length))
    for (const word of after) if (form.endsWith(word) && form !== word) forms.add(form.slice(0, -word.length))
  }
}

/** «Only skin care and make-up»: «only» once, then nothing but topics. */
function readTopics(form: string, { only, topics }: Lexicon): Said | undefined {
  const first = only.filter((word) => form.startsWith(word)).sort((a, b) => b.length - a.length)[0]
  if (first === undefined) return undefined
  const found = new Set<string>()
  for (let rest = form.slice(first.length); rest !== ''; ) {
    const joiner = found.size > 0 ? joiners.find((word) => rest.startsWith(word)) : undefined
    if (joiner) rest = rest.slice(joiner.length)
    const topic = topics.find(({ word }) => rest.startsWith(word))
    if (!topic) return undefined
    found.add(topic.id)
    rest = rest.slice(topic.word.length)
  }
  return found.size === 0 ? undefined : { word: 'only', topics: [...found] }
}
