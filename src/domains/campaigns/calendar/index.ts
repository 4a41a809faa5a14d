/** The calendar by which campaigns go: public holidays from content, solar terms and lunar days by reckoning. */
import type { Content } from '../../../kernel/content.ts'
import { type Calendar, createCalendar } from './decide.ts'
import { holidaysKind } from './schema.ts'

export { type Calendar, createCalendar, isDayName, isOn, isOnOneOf } from './decide.ts'
export { Day, isDay } from './day.ts'
export { holidaysKind, type HolidayYear } from './schema.ts'
export { dayNamesHint } from './vocabulary.ts'

/** Made once for each version of content. */
const calendars = new WeakMap<Content, Calendar>()

export function calendarOf(content: Content): Calendar {
  const known = calendars.get(content)
  if (known) return known
  const calendar = createCalendar(content.items(holidaysKind).map(({ data }) => data))
  calendars.set(content, calendar)
  return calendar
}
