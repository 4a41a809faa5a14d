/** Dates, times of the day, weekdays, days from today, and festivals. */
import type { Claim, Reader } from './reader.ts'
import { valueOf } from './normal.ts'
import * as words from './vocabulary.ts'

const date = (keys: string[]): Partial<Claim> => ({ check: 'date', keys })

export function calendar(reader: Reader): void {
  times(reader)
  dates(reader)
  reader.take(words.weekday, ([, a, b]) => date([`weekday:${words.sameWeekday[a ?? b ?? ''] ?? a ?? b ?? ''}`]))
  reader.take(words.weekend, () => date(['weekday:end']))
  reader.take(words.relativeDay, ({ 0: word, index }, text) =>
    words.happens.test(clauseAround(text, index)) ? date([`day:${words.dayClass[word] ?? word}`]) : undefined,
  )
}

/** Before anything else: «双十一» is no number. */
export function festivals(reader: Reader): void {
  reader.take(words.festival, ([name], text) =>
    words.festivalWish.test(text.slice(text.indexOf(name) + name.length, text.indexOf(name) + name.length + 4))
      ? undefined
      : date([`festival:${words.festivalClass[name] ?? name}`]),
  )
}

function clauseAround(text: string, index: number): string {
  const start = Math.max(...[...text.slice(0, index).matchAll(/[,;!?。\n]/gu)].map(({ index: at }) => at + 1), 0)
  const [clause = ''] = /^[^,;!?。\n]*/u.exec(text.slice(start)) ?? []
  return clause
}

function dates(reader: Reader): void {
  const inRange = (month: number | undefined, day: number | undefined): boolean =>
    month !== undefined && day !== undefined && month >= 1 && month <= 12 && day >= 1 && day <= 31
  reader.take(words.monthAndDay, ([, y, m = '', d = '']) => {
    const [month, day] = [valueOf(m), valueOf(d)]
    if (!inRange(month, day)) return undefined
    return date([y === undefined ? `date:${month}-${day}` : `date:${valueOf(y)}-${month}-${day}`])
  })
  reader.take(words.yearMonthDay, ([, y = '', m = '', d = '']) =>
    inRange(Number(m), Number(d)) ? date([`date:${valueOf(y)}-${Number(m)}-${Number(d)}`]) : undefined,
  )
  reader.take(
    /(?<![\d.¥$/-])(\d{1,2})([./-])(\d{1,2})(?![\d.%/-])/gu,
    ({ 0: all, 1: m = '', 2: mark, 3: d = '', index }, text) => {
      if (!words.dateBehind.test(text.slice(index + all.length))) return undefined
      if (!inRange(Number(m), Number(d))) return undefined
      const as = mark === '.' ? [`:${Number(`${m}.${d}`)}`] : mark === '-' ? [`:${Number(m)}-${Number(d)}`] : []
      return date([`date:${Number(m)}-${Number(d)}`, ...as])
    },
  )
  reader.take(words.monthAlone, ([, m = '']) => (inRange(valueOf(m), 1) ? date([`month:${valueOf(m)}`]) : undefined))
  reader.take(words.yearAlone, ([, y = '']) =>
    Number(y) > 1900 && Number(y) < 2100 ? date([`year:${Number(y)}`]) : undefined,
  )
  reader.take(words.dayAlone, ([, d = '', word = '']) => {
    const day = valueOf(d)
    if (!inRange(1, day)) return undefined
    return date([`monthday:${day}`, ...(word === words.dayOrDays ? [`${words.dayUnit}:${day}`] : [])])
  })
}

function times(reader: Reader): void {
  const clock = /(?<!\d)(\d{1,2}):(\d{2})(?!\d)/gu
  reader.take(clock, ({ 1: h = '', 2: m = '', index }, text) => {
    const part = words.partOfDay.exec(text.slice(Math.max(0, index - 4), index))?.[1]
    return Number(h) <= 24 && Number(m) < 60 ? date(timeKeys(Number(h), Number(m), part, true)) : undefined
  })
  reader.take(words.hourSpoken, ({ 0: all, 1: h = '', 2: rest, index }, text) => {
    const hour = valueOf(h)
    const part = words.partOfDay.exec(text.slice(Math.max(0, index - 4), index))?.[1]
    if (hour === undefined || hour > 24 || !Number.isInteger(hour)) return undefined
    const certain = part !== undefined || /\d/u.test(h) || rest !== undefined || words.exactHour.test(all)
    if (!certain && !(hour > 1 && words.behindHour.test(text.slice(index + all.length)))) return undefined
    if (!/\d/u.test(h) && part === undefined && hour === 1) return undefined
    return date(timeKeys(hour, minutesOf(rest), part, false))
  })
  reader.take(words.ampm, ([, h = '', m = '0', half = '']) => {
    const hour = (Number(h) % 12) + (half.startsWith('p') ? 12 : 0)
    return Number(h) <= 12 ? date(timeKeys(hour, Number(m), undefined, true)) : undefined
  })
}

function minutesOf(rest: string | undefined): number {
  if (rest === undefined) return 0
  if (rest === words.half) return 30
  if (words.quarter.test(rest)) return words.threeQuarters.test(rest) ? 45 : 15
  return valueOf(rest.replace(words.minuteWord, '')) ?? 0
}

/** «8 点» alone may be in the morning and in the evening. */
function timeKeys(hour: number, minute: number, part: string | undefined, exact: boolean): string[] {
  const key = (h: number) => `time:${h % 24}:${String(minute).padStart(2, '0')}`
  if (part !== undefined && words.afterNoon.has(part) && hour < 12) {
    return part === words.noon && hour > 10 ? [key(hour)] : [key(hour + 12)]
  }
  if (part !== undefined && words.midnight.has(part) && hour === 12) return [key(0)]
  if (part !== undefined || exact || hour > 12) return [key(hour)]
  return [key(hour), key(hour + 12)]
}

/** An entry that names a day of a month names the month too. */
export function datesWithin(key: string): string[] {
  const [, year, month, day] = /^date:(?:(\d{4})-)?(\d+)-(\d+)$/u.exec(key) ?? []
  if (month === undefined || day === undefined) return []
  return [`date:${month}-${day}`, `month:${month}`, `monthday:${day}`, ...(year === undefined ? [] : [`year:${year}`])]
}
