/** What several clauses have in common: ranges, windows and lists of one. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import type { ClauseSql } from '../../../kernel/slice.ts'

type Bind = ClauseSql['bind']

export function rangeOf(number: z.ZodType<number>) {
  return z
    .strictObject({
      min: number.optional().describe('At least'),
      max: number.optional().describe('At most'),
    })
    .refine(({ min, max }) => min !== undefined || max !== undefined, { error: '`min`, `max` or both' })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
      path: ['max'],
      error: 'not less than min',
    })
}
export type Range = { min?: number | undefined; max?: number | undefined }

export const Count = rangeOf(z.int().min(0).max(1_000_000))
export const Within = Duration.describe('Within this time until now, such as 30d')

/** One word or a list of them. */
export function oneOrMore(word: z.ZodType<string>) {
  return z
    .union([word, z.array(word).min(1)])
    .transform((written) => (typeof written === 'string' ? [written] : written))
}

/** The condition that `value` lies in the range, both ends in it. */
export function inRange(value: string, { min, max }: Range, bind: Bind, type: string): string {
  const low = min === undefined ? [] : [`${value} >= ${bind(min, type)}`]
  const high = max === undefined ? [] : [`${value} <= ${bind(max, type)}`]
  return [...low, ...high].join(' AND ')
}

export function contains({ min = -Infinity, max = Infinity }: Range, value: number): boolean {
  return value >= min && value <= max
}

export function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms)
}

/** The customers that were merged into somebody and of whom something is so: ids of the persons that they are now. */
export function mergedWhere(condition: string): string {
  return `SELECT person_id FROM customer WHERE merged_into IS NOT NULL AND ${condition}`
}

/** Collects the values of a statement; equal ones of one type share a placeholder. */
export class Binding {
  readonly values: unknown[]
  readonly #known = new Map<string, string>()

  /** Values that the statement has already, from `$1` on, stay in front. */
  constructor(values: readonly unknown[] = []) {
    this.values = [...values]
  }

  readonly bind = (value: unknown, type: string): string => {
    const key = `${type} ${JSON.stringify(value)}`
    const known = this.#known.get(key)
    if (known) return known
    this.values.push(value)
    const placeholder = `$${this.values.length}::${type}`
    this.#known.set(key, placeholder)
    return placeholder
  }
}
