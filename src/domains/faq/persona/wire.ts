/** The object that the model is asked for, as it goes over the wire. */
import { z } from 'zod'
import { ModelAnswer } from '../answers/schema.ts'

/** Proposed interests: an object with any keys is not allowed in strict structured output, so it is a list there. */
export const Proposals = z.array(z.object({ dimension: z.string(), value: z.string() }))

/** Limits and defaults are refused in strict structured output: they are checked by us alone. */
const refused = new Set(['$schema', 'default', 'minLength', 'maxLength', 'minItems', 'maxItems'])

/** JSON Schema within what strict structured output takes: every key is required, and no other is allowed. */
export function strictly(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strictly)
  if (!isBlock(schema)) return schema
  const kept = Object.entries(schema).filter(([key]) => !refused.has(key))
  const strict = Object.fromEntries(kept.map(([key, value]) => [key, strictly(value)]))
  const { properties } = schema
  if (!isBlock(properties)) return strict
  // The names of properties are no keywords.
  const fields = Object.entries(properties).map(([name, field]) => [name, strictly(field)])
  return {
    ...strict,
    properties: Object.fromEntries(fields) as object,
    required: Object.keys(properties),
    additionalProperties: false,
  }
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON Schema of an answer, within what strict structured output takes. */
export const wireSchema = strictly(z.toJSONSchema(ModelAnswer.extend({ proposes: Proposals }))) as Record<
  string,
  unknown
>
