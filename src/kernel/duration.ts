/** Durations as community managers write them: `1.5s`, `30m`, `2h`, `1d`. */
import { z } from 'zod'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const form = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/

/** Milliseconds of a written duration, or undefined when it is not one. */
export function milliseconds(written: string): number | undefined {
  const match = form.exec(written.trim())
  return match ? Math.round(Number(match[1]) * units[match[2] as keyof typeof units]) : undefined
}

/** Accepts a written duration, gives milliseconds. */
export const Duration = z
  .string()
  .regex(form, 'a duration such as 1.5s, 30m, 2h or 1d')
  .meta({ examples: ['1.5s', '30m', '2h', '1d'] })
  .transform((written) => milliseconds(written)!)
  .describe('A duration such as 1.5s, 30m, 2h or 1d')

/** Milliseconds as a short text for people: 90 s → «1m30s». */
export function inWords(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 100) / 10}s`
  const minutes = Math.floor(ms / 60_000)
  const seconds = Math.round((ms % 60_000) / 1_000)
  return minutes >= 60 ? `${Math.floor(minutes / 60)}h${minutes % 60}m` : `${minutes}m${seconds}s`
}
