/** Where a customer stands between her first day and the day on which she is lost. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { dimensionFields, valueFields } from '../dimension.ts'

const lasting = (what: string) => z.strictObject({ ...valueFields, for: Duration.describe(what) })
const silent = (what: string) => z.strictObject({ ...valueFields, after: Duration.describe(what) })

export const LifecycleDimension = z
  .strictObject({
    kind: z.literal('lifecycle'),
    ...dimensionFields,
    new: lasting('So long after we first met her or she first bought'),
    active: z.strictObject(valueFields).describe('Heard of within `dormant.after`'),
    dormant: silent('Not heard of for so long'),
    leaving: silent('Not heard of for so long: about to be lost'),
    back: lasting('So long after she has come back from `dormant` or `leaving`'),
  })
  .refine(({ dormant, leaving }) => dormant.after < leaving.after, {
    path: ['leaving', 'after'],
    message: 'leaving.after must be longer than dormant.after',
  })
export type LifecycleDimension = z.output<typeof LifecycleDimension>
