/** Loyalty: what she does (behaviour) against how she feels about us (attitude). */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { dimensionFields, valueFields } from '../dimension.ts'

const Step = z
  .array(z.enum(['low', 'middle', 'high']))
  .min(1)
  .optional()

const bars = {
  middle: z.number().describe('From so many points on it is middle'),
  high: z.number().describe('From so many points on it is high'),
}
const inOrder = { path: ['high'], message: 'high must be above middle' }

export const LoyaltyDimension = z.strictObject({
  kind: z.literal('loyalty'),
  ...dimensionFields,
  window: Duration.prefault('365d').describe('How far back orders and interactions count'),
  behaviour: z
    .strictObject({
      order: z.number().min(0).default(10).describe('Points for every order'),
      month: z.number().min(0).default(5).describe('Points for every calendar month with an order'),
      ...bars,
    })
    .refine(({ middle, high }) => middle < high, inOrder),
  attitude: z
    .strictObject({
      points: z
        .record(z.string().min(1), z.number())
        .describe('Points for every interaction, by its kind; below zero for a complaint'),
      most: z.number().positive().default(40).describe('One kind of interaction counts for so much at most'),
      ...bars,
    })
    .refine(({ middle, high }) => middle < high, inOrder),
  kinds: z
    .array(
      z.strictObject({
        ...valueFields,
        when: z
          .strictObject({ behaviour: Step, attitude: Step })
          .optional()
          .describe('Both that are named must hold; the last kind has none: it is everybody else’s'),
      }),
    )
    .min(2)
    .describe('The first one that fits'),
})
export type LoyaltyDimension = z.output<typeof LoyaltyDimension>
