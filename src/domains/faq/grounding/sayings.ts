/** What an answer may not say whatever the entries say: for whom it speaks, to whom, in which language, and what it tells. */
import type { Complaint, ModelAnswer } from '../answers/schema.ts'
import { phrases } from '../guards/phrase.ts'
import type { GuardsContent } from '../guards/index.ts'
import { lengthOf, limitsOf, type Persona } from '../persona/index.ts'
import { plainly } from './numbers/normal.ts'
import { bare } from './products.ts'
import { clauseBefore } from './promises.ts'
import * as words from './vocabulary.ts'

type Forbidden = GuardsContent['absolutes']
type Finder = { found: RegExp | undefined; except: RegExp | undefined }
const finders = new WeakMap<Forbidden, Finder>()

/** Words of the advertising law that no cited entry says. A denial («不是药, 不能治疗») claims nothing. */
export function absolutesIn(plain: string, forbidden: Forbidden, entries: string): Complaint[] {
  const finder = finders.get(forbidden) ?? { found: phrases(forbidden.words), except: phrases(forbidden.except) }
  finders.set(forbidden, finder)
  const { found, except } = finder
  if (!found) return []
  const blank = (one: string): string => '\u0001'.repeat(one.length)
  const text = except ? plain.replaceAll(except, blank) : plain
  return [...text.matchAll(found)].flatMap(({ 0: word, index }): Complaint[] => {
    const phrase = bare(plain.slice(index, index + word.length + 2))
    if (entries.includes(phrase) || isDenied(text, index)) return []
    return [{ check: 'absolute', words: word }]
  })
}

function isDenied(text: string, index: number): boolean {
  return [...clauseBefore(text, index).slice(-8).matchAll(words.negations)].length % 2 === 1
}

export function bannedIn(plain: string, persona: Persona | undefined): Complaint[] {
  const dense = bare(plain)
  return (persona?.banned ?? []).flatMap((word): Complaint[] =>
    plain.includes(plainly(word)) || (bare(word) !== '' && dense.includes(bare(word)))
      ? [{ check: 'banned', words: word }]
      : [],
  )
}

/** Somebody else's name or affairs. `known`: the cited entries, letters and digits alone. */
export function personsIn(plain: string, known: string, askerNames: readonly string[]): Complaint[] {
  const own = askerNames.map(bare).filter((name) => name !== '')
  const isOwn = (name: string): boolean => own.some((one) => one.includes(name) || name.includes(one))
  const found: string[] = []
  const add = (whole: string, name = whole): void => {
    const letters = bare(name)
    if (letters !== '' && !isOwn(letters) && !known.includes(bare(whole))) found.push(whole)
  }
  for (const { 1: name = '', 2: title = '', index, 0: whole } of plain.matchAll(words.titled)) {
    // «张姐»: a name begins where a word does.
    if (
      words.commonTitle.test(title) &&
      /[\p{sc=Han}]/u.test(plain.charAt(index - 1)) &&
      !words.beforeName.test(plain.slice(0, index))
    )
      continue
    add(whole, name)
  }
  for (const { 1: name = '', 0: whole } of plain.matchAll(words.dear)) if (!words.dearAll.test(name)) add(whole, name)
  for (const { 0: whole, 1: name = '' } of plain.matchAll(words.namedPerson)) add(whole, name)
  for (const [whole] of plain.matchAll(words.somebodyElse)) found.push(whole)
  for (const [whole] of plain.matchAll(words.street)) add(whole)
  for (const [whole] of plain.matchAll(words.shortName)) add(whole)
  const greeted = words.greetedByName.exec(plain)?.[1]
  if (greeted !== undefined && !words.noName.test(greeted)) add(greeted)
  return found.map((one) => ({ check: 'person', words: one }))
}

export function humanClaims(plain: string): Complaint[] {
  return [...plain.matchAll(words.humanClaim)].flatMap(({ 0: claim }): Complaint[] =>
    words.notHuman.test(claim) ? [] : [{ check: 'human-claim', words: claim }],
  )
}

const shortestSecret = 20

/** It tells what it was told: how it is made, the ids of entries, sentences of the persona, the marks of the prompt. */
export function leaksIn(
  plain: string,
  { entryIds, known, persona }: { entryIds: readonly string[]; known: string; persona: Persona | undefined },
): Complaint[] {
  const leak = (one: string): Complaint => ({ check: 'leak', words: one })
  const found = [...plain.matchAll(words.leak)].filter(([one]) => bare(one) === '' || !known.includes(bare(one)))
  const ids = entryIds.filter(
    (id) => id.length > 3 && /[-\d]|^[a-z]+$/u.test(id) && plain.includes(id) && !known.includes(bare(id)),
  )
  const dense = bare(plain)
  const secrets = secretsOf(persona).filter((secret) => dense.includes(secret) && !known.includes(secret))
  const fence = /<<\s*\S|\S\s*>>|={4,}|-{5,}|\b[0-9a-f]{8}-[0-9a-f]{4}-/u.exec(plain)
  return [
    ...found.map(([one]) => leak(one)),
    ...ids.map(leak),
    ...secrets.map(leak),
    ...(fence ? [leak(fence[0])] : []),
  ]
}

const secrets = new WeakMap<Persona, string[]>()

/** Sentences of the persona's page. What it gives as examples of answers is there to be said. */
function secretsOf(persona: Persona | undefined): string[] {
  if (!persona) return []
  const known = secrets.get(persona)
  if (known) return known
  const made = plainly(persona.character)
    .split('\n')
    .filter((line) => !words.exampleLine(line, plainly(persona.name)))
    .flatMap((line) => line.split(/[。;!?]/u))
    .map(bare)
    .filter((sentence) => sentence.length >= shortestSecret)
  secrets.set(persona, made)
  return made
}

/** Who asks in Chinese is answered in Chinese; other scripts than those two are nobody's. */
export function languageOf(plain: string, question: string, known: string): Complaint[] {
  const foreign =
    /[\p{sc=Cyrillic}\p{sc=Arabic}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Hebrew}\p{sc=Devanagari}\p{sc=Greek}]{3,}/u.exec(
      plain,
    )
  if (foreign && !known.includes(foreign[0])) return [{ check: 'language', words: foreign[0] }]
  const latin = (plain.match(/[a-z]{2,}/gu) ?? []).filter((word) => !known.includes(word))
  const han = plain.match(/\p{sc=Han}/gu)?.length ?? 0
  const run = /(?:[a-z'’]+[ ,.!?-]+){5,}[a-z]+/u.exec(plain)
  const inChinese = /\p{sc=Han}/u.test(question)
  if (!inChinese) return []
  if (run || latin.length * 2 > han || (han === 0 && latin.length > 0)) {
    return [{ check: 'language', words: run?.[0].slice(0, 40) ?? latin.slice(0, 5).join(' ') }]
  }
  return []
}

/** Without a persona a chat message is no longer than this. */
const longest = 400

export function lengthComplaint({ answer, mood }: ModelAnswer, persona: Persona | undefined): Complaint[] {
  const most = persona ? limitsOf(persona, mood).characters : longest
  const length = lengthOf(answer)
  return length > most ? [{ check: 'length', words: `${length} > ${most}` }] : []
}
