/** Groups of value: high and low of the three scores of RFM, and where she stands in her life as a customer. */
import { z } from 'zod'
import { dimensionFields, valueFields } from '../dimension.ts'

const Side = z.enum(['high', 'low']).optional()
const Score = z.int().min(2).max(5).default(4)

export const ValueDimension = z.strictObject({
  kind: z.literal('valueGroup'),
  ...dimensionFields,
  high: z
    .strictObject({ r: Score, f: Score, m: Score })
    .prefault({})
    .describe('From which score on (1 to 5) each is high'),
  groups: z
    .array(
      z.strictObject({
        ...valueFields,
        when: z
          .strictObject({
            r: Side.describe('Recency'),
            f: Side.describe('Frequency'),
            m: Side.describe('Spend'),
            lifecycle: z.array(z.string().min(1)).min(1).optional().describe('One of these stages of the lifecycle'),
          })
          .optional()
          .describe('All that is named must hold; the last group has none: it is everybody else’s'),
      }),
    )
    .min(2)
    .describe('The first one that fits'),
})
export type ValueDimension = z.output<typeof ValueDimension>
