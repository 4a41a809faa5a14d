/** What every dimension and every value of tags.yaml has. */
import { z } from 'zod'

const Id = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^=/,\s]+$/u, 'a name without spaces, «=», «/» and «,»')

/** Fields of a dimension beside its `kind`. */
export const dimensionFields = {
  id: Id.describe('Stays the same for ever: tags, segments and reports point at it'),
  title: z.string().trim().min(1).optional().describe('For us; default: the id'),
  sensitive: z
    .boolean()
    .default(false)
    .describe('Nothing of it is kept until the customer has agreed to that explicitly'),
}

/** Fields of a value. `saidAs` is what she reads in «my data»; without it she is never told of it. */
export const valueFields = {
  id: Id.describe('Stays the same for ever: tags, segments and reports point at it'),
  title: z.string().trim().min(1).optional().describe('For us; default: the id'),
  saidAs: z.string().trim().min(1).nullish().describe('Words for the customer; without them she is never told'),
}

export const Value = z.strictObject(valueFields)
export type Value = z.infer<typeof Value>
