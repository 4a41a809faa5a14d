/** What a community manager writes about RFM: the `rfm:` part of content/tags.yaml. All of it has defaults. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'

/** Weights are kept in thousandths, so that a sum is the same in whatever order it is taken. */
const Weight = z.number().min(-1_000).max(1_000).multipleOf(0.001, 'at most three decimals')

/** Four bars make five steps; equal bars leave the step between them empty. */
const fourBars = (bar: z.ZodNumber, meaning: string) =>
  z
    .array(bar)
    .length(4, 'four numbers: they make five steps')
    .refine((bars) => bars.every((one, i) => i === 0 || one >= bars[i - 1]!), 'four numbers that rise')
    .describe(meaning)

export const rfmSchema = z
  .strictObject({
    window: Duration.optional().describe(
      'How far back orders and interactions count, such as 365d; without it all of them do',
    ),
    frequency: z
      .strictObject({
        order: Weight.min(0).default(1).describe('What an order adds to F'),
        interactions: z
          .record(z.string().min(1), Weight)
          .default({})
          .describe('What an interaction of a kind adds to F, instead of its weight in interactions.yaml'),
      })
      .prefault({})
      .describe('F: orders and interactions, weighted'),
    monetary: z
      .strictObject({
        referred: z
          .number()
          .min(0)
          .max(1)
          .multipleOf(0.001, 'at most three decimals')
          .default(0.1)
          .describe('Which share of the spend of those she brought in counts as hers, 0 to 1'),
      })
      .prefault({})
      .describe('M: her own net spend, and a share of the spend of those she brought in'),
    scores: z
      .enum(['quintiles', 'bars'])
      .default('quintiles')
      .describe('quintiles: each fifth of the base has a score, anew each day. bars: the bars below, always'),
    bars: z
      .strictObject({
        recencyDays: fourBars(
          z.number().min(0).multipleOf(1),
          'Days since the last time: fewer than the first is R 5, the last or more is R 1',
        ).default([7, 30, 90, 180]),
        frequency: fourBars(z.number().multipleOf(0.001), 'From each bar on F is one higher').default([1, 3, 6, 12]),
        monetary: fourBars(z.number().multipleOf(0.01), 'From each bar on, in the currency, M is one higher').default([
          1, 300, 1_000, 3_000,
        ]),
      })
      .prefault({})
      .describe('Fixed bars; also used while there are fewer than five people, who cannot be put into fifths'),
  })
  .describe('RFM: how lately, how often and how much')

export type RfmSettings = z.output<typeof rfmSchema>
