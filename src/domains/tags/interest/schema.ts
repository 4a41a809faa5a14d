/** Interests: what she speaks of, buys and does. Any number of them, each with a strength that decays. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { PatternSource } from '../../../kernel/pattern.ts'
import { dimensionFields, valueFields } from '../dimension.ts'

const Share = z.number().min(0).max(1)
const Words = z.array(z.string().trim().min(1)).default([])

const InterestValue = z
  .strictObject({
    ...valueFields,
    words: Words.describe('Words that speak of it; one of them is enough'),
    patterns: z.array(PatternSource).default([]).describe('The same as regular expressions'),
    except: Words.describe('Words that contain one of these but speak of something else'),
    categories: Words.describe('Categories of orders that show it'),
    skus: Words.describe('Product numbers of orders that show it'),
    interactions: Words.describe('Kinds of interactions that show it, such as a check-in'),
  })
  .refine(
    ({ words, patterns, categories, skus, interactions }) =>
      [words, patterns, categories, skus, interactions].some((list) => list.length > 0),
    'at least one of words, patterns, categories, skus and interactions',
  )
export type InterestValue = z.output<typeof InterestValue>

export const InterestDimension = z.strictObject({
  kind: z.literal('interest'),
  ...dimensionFields,
  halfLife: Duration.prefault('90d').describe('After so long without new evidence a strength has halved'),
  bar: z.number().gt(0).max(1).default(0.3).describe('From this strength on the tag is hers'),
  weights: z
    .strictObject({
      mentioned: Share.default(0.25).describe('She speaks of it'),
      asked: Share.default(0.35).describe('She asks about it'),
      liked: Share.default(0.6).describe('She likes it, wants it or uses it'),
      bought: Share.default(0.6).describe('She bought it'),
      did: Share.default(0.25).describe('An interaction of a kind that shows it'),
      disliked: Share.default(0.8).describe('She does not want it: so much of the strength is gone'),
    })
    .prefault({})
    .describe('What each kind of evidence adds to what is missing to 1'),
  values: z.array(InterestValue).min(1),
})
export type InterestDimension = z.output<typeof InterestDimension>
