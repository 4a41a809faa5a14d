/** Region: where she lives, as area, province and city with their official names. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { dimensionFields } from '../dimension.ts'

export const RegionDimension = z.strictObject({
  kind: z.literal('region'),
  ...dimensionFields,
  shown: z.boolean().default(true).describe('Whether she reads her place in «my data»'),
  holds: z
    .strictObject({
      said: Duration.prefault('730d').describe('How long what she says of herself holds'),
      order: Duration.prefault('730d').describe('How long the address of an order holds'),
    })
    .prefault({}),
})
export type RegionDimension = z.output<typeof RegionDimension>
