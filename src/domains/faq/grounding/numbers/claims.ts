/**
 * What a text claims in numbers and names that can be looked up: amounts, dates, times, percentages, links, ways to call
 * somebody. Each in one spelling, so that 十五天 and 15 天 are the same claim, and 15 小时 is another.
 */
import { pairOf, tidy, valueOf } from './normal.ts'
import { contacts, links } from './reach.ts'
import { type Claim, Reader } from './reader.ts'
import { calendar, festivals } from './calendar.ts'
import * as words from './vocabulary.ts'

export type { Claim } from './reader.ts'

/**
 * The claims of a text in plain spelling, in its order. `generous`: of an entry, where also what hardly claims anything
 * («一天») grounds whoever says it.
 */
export function claimsOf(plain: string, generous = false): Claim[] {
  const reader = new Reader(plain)
  links(reader)
  // Numbers of a list are no claims.
  reader.take(/(?<=^|\n)\s*\(?\d{1,2}\s*(?:[.、):](?!\d)|(?=\n))/gu, () => 'blank')
  contacts(reader)
  festivals(reader)
  reader.take(words.noNumber, () => 'blank')
  percentages(reader)
  calendar(reader)
  codes(reader)
  amounts(reader, generous)
  return reader.claims.sort((a, b) => a.start - b.start)
}

/** «SPF50+», «QY260315A»: letters and digits in one. */
function codes(reader: Reader): void {
  const unit = new RegExp(`^\\d+(?:\\.\\d+)?(?:${latinUnits})$`, 'u')
  reader.take(/(?<![a-z0-9])(?=[a-z0-9.-]*\d)(?=[a-z0-9.-]*[a-z])[a-z0-9]+(?:[.-][a-z0-9]+)*\+*/gu, ([code]) =>
    unit.test(code) || /^\d+[wk]$/u.test(code) || /^\d+[-~]\d+[a-z]+$/u.test(code)
      ? undefined
      : { keys: [`code:${code.replaceAll(/[+-]/gu, '')}`] },
  )
}

const number = words.numberSource

function percentages(reader: Reader): void {
  const percent = (value: number | undefined) =>
    value !== undefined && { check: 'percentage' as const, keys: [`%:${tidy(value)}`] }
  reader.take(words.wholly, () => ({ check: 'percentage', keys: ['%:100'] }))
  reader.take(words.halfPrice, () => ({ check: 'percentage', keys: ['%:50'] }))
  reader.take(words.percentBehind, ([, value = '']) => percent(valueOf(value)) || undefined)
  reader.take(words.percentRange, ([, low = '', high = '']) => ({
    check: 'percentage',
    keys: [`%:${valueOf(low)}-${valueOf(high)}`],
  }))
  reader.take(words.percentage, ([, value = '']) => percent(valueOf(value)) || undefined)
  reader.take(words.discount, ([, written = '']) => {
    const value = valueOf(written) ?? Number(pairDigits(written))
    return percent(value < 10 ? value * 10 : value) || undefined
  })
  reader.take(words.inTenths, ([, value = '']) => percent((valueOf(value) ?? Number.NaN) * 10) || undefined)
}

/** «八八折» is 88. */
function pairDigits(written: string): string {
  return [...written].map((char) => words.digitOf[char] ?? '').join('')
}

const spellings = Object.entries(words.units).flatMap(([unit, { words: all }]) => all.map((word) => ({ unit, word })))
const unitOf = new Map(spellings.map(({ unit, word }) => [word, unit]))
const longestFirst = spellings.map(({ word }) => word).sort((a, b) => b.length - a.length)
const unitSource = longestFirst
  .map((word) =>
    /[a-z]$/u.test(word) ? `${word}(?![a-z])` : words.unitBut[word] ? `${word}(?!${words.unitBut[word]})` : word,
  )
  .join('|')
const latinUnits = longestFirst.filter((word) => /^[a-z]+$/u.test(word)).join('|')

function amounts(reader: Reader, generous: boolean): void {
  const currency = '([¥$]\\s*)?'
  const ranged = new RegExp(
    `${currency}(${number})(?: ?(${unitSource}))?${words.rangeSource}[¥$]?\\s*(${number})(?: ?(${unitSource}))?`,
    'gu',
  )
  reader.take(ranged, (match, text) => {
    const [, sign, low = '', unitLow, high = '', unitHigh] = match
    const [from, to] = [valueOf(low), valueOf(high)]
    const unit = unitOf.get(unitHigh ?? unitLow ?? '') ?? (sign === undefined ? '' : words.yuan)
    if (from === undefined || to === undefined || from > to) return undefined
    // «10 元到 20 天» is no range.
    if (unitLow !== undefined && unitHigh !== undefined && unitOf.get(unitLow) !== unitOf.get(unitHigh))
      return undefined
    return amount(unit, `${from}-${to}`, match, text)
  })
  // «19 块 9»
  reader.take(words.withTenth, (match, text) => {
    const [, whole = '', tenth = ''] = match
    return amount(words.yuan, `${tidy((valueOf(whole) ?? 0) + (valueOf(tenth) ?? 0) / 10)}`, match, text)
  })
  reader.take(new RegExp(`${currency}(${number})(?: ?(${unitSource}))?`, 'gu'), (match, text) => {
    const [all, sign, written = '', spelled] = match
    const inCharacters = !/\d/u.test(written)
    const behind = text.slice(match.index + all.length)
    const before = text.slice(Math.max(0, match.index - 8), match.index)
    const money = sign !== undefined || (spelled === undefined && words.priceBefore.test(before))
    const unit = money ? words.yuan : (unitOf.get(spelled ?? '') ?? unknownUnit(behind))
    const pair = inCharacters ? pairOf(written) : undefined
    if (pair) return words.units[unit] ? amount(unit, pair.join('-'), match, text) : undefined
    const value = valueOf(written)
    if (value === undefined) return undefined
    if (words.pointing.test(before) && !words.units[unit]?.hard && !generous) return undefined
    if (inCharacters && !generous && !saysMuch(value, unit, behind, before) && !words.mayBeCounted(value, unit))
      return undefined
    const mild = inCharacters && !generous && !saysMuch(value, unit, behind, before)
    return { ...amount(unit, `${value}`, match, text), mild }
  })
  reader.take(words.fewMoney, ([written]) => ({ check: 'price', keys: [`${words.yuan}:${written}`], unit: words.yuan }))
}

/** Numbers in characters stand in many harmless words; only some of them say how much. */
function saysMuch(value: number, unit: string, behind: string, before: string): boolean {
  if (unit === '') return value > 10
  const known = words.units[unit]
  if (!known) return value >= 10
  if (value === 1) return words.onlyOne.has(unit) || (unit === words.dayUnit && words.oneDay(before, behind))
  if (known.hard || words.goods.has(unit)) return true
  return value >= 3 && words.counted.has(unit)
}

function unknownUnit(behind: string): string {
  const next = behind.replace(/^ /u, '')
  return /^\p{sc=Han}/u.test(next) && !words.noUnit.test(next) ? next.charAt(0) : ''
}

function amount(unit: string, value: string, match: RegExpExecArray, text: string): Partial<Claim> {
  const before = text.slice(Math.max(0, match.index - 12), match.index)
  const behind = text.slice(match.index + match[0].length, match.index + match[0].length + 10)
  const keys = [`${unit}:${value}`, ...(sameElsewhere[`${unit}:${value}`] ?? [])]
  if (words.atMost.test(before) || words.atMostBehind.test(behind)) keys.push(`${unit}:<${value}`)
  if (words.atLeast.test(before)) keys.push(`${unit}:>${value}`)
  const hard = words.units[unit]?.hard ?? false
  return {
    check: words.money.has(unit) ? 'price' : words.durations.has(unit) ? 'date' : 'number',
    keys,
    unit,
    soft: !hard && !words.goods.has(unit),
    threshold: unit === words.yuan && (words.thresholdBefore.test(before) || words.thresholdBehind.test(behind)),
  }
}

/** Two ways to say the same that nobody would call a calculation. */
const sameElsewhere: Readonly<Record<string, readonly string[]>> = words.sameAmounts

/** The keys under which an entry's claim grounds an answer's: the ends of a range too, where they are called so. */
export function groundsOf({ keys, unit }: Claim, aboutProduct: boolean): string[] {
  const all = [...keys]
  for (const key of keys) {
    const [, low, high] = /:([\d.]+)-([\d.]+)$/u.exec(key) ?? []
    if (low !== undefined && high !== undefined) all.push(`${unit}:<${high}`, `${unit}:>${low}`)
    const bare = /^:([\d.]+)$/u.exec(key)?.[1]
    // Lists of prices do not repeat the currency.
    if (bare !== undefined && aboutProduct) all.push(`${words.yuan}:${bare}`)
    if (key.startsWith(`${words.yuan}:`)) all.push(key.slice(words.yuan.length))
  }
  return all
}
