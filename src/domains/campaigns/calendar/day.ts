/** Days as people write them: `2026-10-01`, and that there is such a day. */
import { z } from 'zod'

/** Days that calendars do not have roll over, or are no dates at all. */
export function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

export const Day = z
  .string()
  .refine(isDay, 'a day that there is, such as 2026-10-01')
  .meta({ examples: ['2026-10-01'] })
