/** A level: every customer has exactly one, by what she spends and how often. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { dimensionFields, valueFields } from '../dimension.ts'

const Score = z.int().min(1).max(5).optional()

/** All that is named must hold. */
export const Bar = z
  .strictObject({
    spend: z.number().positive().optional().describe('Spent within the window at least, in the currency of the shop'),
    orders: z.int().positive().optional().describe('Orders within the window at least'),
    r: Score.describe('Score of recency at least, 1 to 5'),
    f: Score.describe('Score of frequency at least, 1 to 5'),
    m: Score.describe('Score of spend at least, 1 to 5'),
    total: z.int().min(3).max(15).optional().describe('Sum of the three scores at least, 3 to 15'),
  })
  .refine((bar) => Object.keys(bar).length > 0, 'at least one condition')
export type Bar = z.infer<typeof Bar>

export const LevelDimension = z.strictObject({
  kind: z.literal('level'),
  ...dimensionFields,
  window: Duration.prefault('365d').describe('How far back orders count'),
  hysteresis: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.15)
    .describe('A level is left only when this share below its bar, so that nobody goes back and forth'),
  levels: z
    .array(
      z.strictObject({
        ...valueFields,
        when: z
          .array(Bar)
          .min(1)
          .optional()
          .describe('Any one of these bars is enough; the last level has none: it is everybody else’s'),
      }),
    )
    .min(2)
    .describe('The highest first'),
})
export type LevelDimension = z.output<typeof LevelDimension>
