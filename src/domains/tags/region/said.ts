/** Places that somebody says she lives in, or has things sent to. */
import { type Clause, clausesOf, mayNamePlace, type Place, placeAt } from '../../members/index.ts'
import { plainSpelling } from '../../../kernel/spelling.ts'
import * as words from './vocabulary.ts'

/** `firm`: she says so of herself; else it may be somebody else's address. */
export type SaidPlace = { place: Place; firm: boolean }

const longest = 1_000

/** In the order in which they are said. Places of others, of journeys, of the past and of origin are left out. */
export function placesSaid(text: string): SaidPlace[] {
  const folded = plainSpelling(text.slice(0, longest))
  // Most messages name no place, and cost no more than this look.
  if (!mayNamePlace(folded)) return []
  const plain = folded.replace(words.joinedSpace, '')
  return clausesOf(plain).flatMap((clause) => {
    if (clause.aboutOthers) return []
    const said = placeIn(clause)
    return said ? [said] : []
  })
}

function placeIn(clause: Clause): SaidPlace | null {
  const { text } = clause
  return (
    readBehind(clause, words.moved, true) ??
    (isElsewhere(text) ? null : (readBehind(clause, words.residence, true) ?? readOurs(text))) ??
    readBehind(clause, words.shipping, !clause.asks) ??
    readAddress(text)
  )
}

/** She is there for some days, or was there once. */
function isElsewhere(text: string): boolean {
  return words.visiting.test(text) || (words.formerly.test(text) && !words.stillNow.test(text))
}

/** The first place that begins right behind one of the phrases. */
function readBehind({ text }: Clause, phrases: RegExp, firm: boolean): SaidPlace | null {
  for (const { index, 0: phrase } of text.matchAll(phrases)) {
    const before = text.slice(0, index)
    const found = placeAt(text, index + phrase.length)
    if (!found || isNotHers(before, text.slice(found.end))) continue
    if (phrases === words.moved && words.visiting.test(text.slice(found.end))) continue
    return { place: found.place, firm }
  }
  return null
}

function isNotHers(before: string, behind: string): boolean {
  return (
    words.denied.test(before) ||
    words.origin.test(before) ||
    words.planned.test(before) ||
    words.otherThing.test(behind)
  )
}

function readOurs(text: string): SaidPlace | null {
  for (const { index, 0: phrase } of text.matchAll(words.ours)) {
    const found = placeAt(text, index + phrase.length)
    if (!found || !words.oursBehind.test(text.slice(found.end))) continue
    if (!isNotHers(text.slice(0, index), '')) return { place: found.place, firm: true }
  }
  return null
}

/** A whole address without a word about it, as it is given when one is asked for it. */
function readAddress(text: string): SaidPlace | null {
  const found = placeAt(text, 0)
  if (!found) return null
  const { province, city, district } = found.place
  const whole = city !== null && (district !== null || province !== city)
  return whole && words.streetAddress.test(text.slice(found.end)) ? { place: found.place, firm: true } : null
}
