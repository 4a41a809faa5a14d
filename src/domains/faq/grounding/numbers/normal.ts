/** Numbers however they are written, as one value: 15, 十五, １５, 1,500, 1.5万, 一百二, 半, 两三 (a range). */
import { plainly as plainSpelling } from '../../guards/index.ts'
import { decimalPoint, digitOf, half, powerOf } from './vocabulary.ts'

const latinPower: Readonly<Record<string, number>> = { w: 10_000, k: 1000 }

const small =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const englishNumber = new RegExp(
  `(?<![a-z])(?:(${tens.join('|')})(?:[ -](${small.slice(0, 9).join('|')}))?|(${small.join('|')}))(?: (hundred|thousand))?(?![a-z])`,
  'gu',
)
const englishPower: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000 }

/** One spelling without what is not seen, and with digits for numbers in English words. */
export function plainly(text: string): string {
  // «A 7-day return»
  const plain = plainSpelling(text).replaceAll(/(?<=\d)-(?=(?:day|hour|week|month|year|minute)s?(?![a-z]))/gu, ' ')
  return plain.replaceAll(
    englishNumber,
    (word: string, ten?: string, unit?: string, alone?: string, power?: string) => {
      // «This one» counts nothing.
      if (word === 'one') return word
      const value = (ten === undefined ? 0 : 20 + 10 * tens.indexOf(ten)) + 1 + small.indexOf(unit ?? alone ?? '')
      return String(value * (englishPower[power ?? ''] ?? 1))
    },
  )
}

/** The value of what an expression of numbers found; undefined for numerals that make no number. */
export function valueOf(written: string): number | undefined {
  const digits = /^([\d,.]+)\s?([万千百亿wk])?$/u.exec(written)
  if (digits?.[1] !== undefined) {
    const power = digits[2] === undefined ? 1 : (powerOf[digits[2]] ?? latinPower[digits[2]] ?? 1)
    return tidy(Number(digits[1].replaceAll(',', '')) * power)
  }
  const [whole = '', fraction] = written.split(decimalPoint)
  const value = numeralsOf(whole)
  if (value === undefined || fraction === undefined) return value
  return tidy(value + Number(`0.${[...fraction].map((char) => digitOf[char] ?? 0).join('')}`))
}

/** The two ends of «两三», «三五», when they are neighbours or as good as. */
export function pairOf(written: string): [number, number] | undefined {
  const [a, b, ...rest] = [...written].map((char) => digitOf[char])
  return rest.length === 0 && a !== undefined && b !== undefined && a > 0 && b > a && b - a <= 2 ? [a, b] : undefined
}

function numeralsOf(written: string): number | undefined {
  if (written === half) return 0.5
  const chars = [...written]
  if (chars.every((char) => digitOf[char] !== undefined)) {
    // «二零二六» is read digit by digit; «三五» is no number.
    if (chars.length === 2 && !/[零〇]/u.test(written)) return undefined
    return Number(chars.map((char) => digitOf[char]).join(''))
  }
  let total = 0
  let section = 0
  let digit: number | undefined
  let last = 1
  for (const char of chars) {
    const power = powerOf[char]
    if (char === half) return undefined
    if (power === undefined) {
      if (digit !== undefined && digit !== 0) return undefined
      digit = digitOf[char]
      if (digit === 0) last = 1
      continue
    }
    if (power >= 10_000) {
      total = (total + section + (digit ?? 0)) * power
      section = 0
    } else section += (digit ?? 1) * power
    digit = undefined
    last = power
  }
  // «一百二» is 120, «一百零二» is 102.
  return total + section + (digit ?? 0) * (last > 10 ? last / 10 : 1)
}

/** 19.9 × 10 must not become 198.99999999999997. */
export function tidy(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
