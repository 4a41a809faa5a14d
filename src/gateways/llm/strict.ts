/** Whether a JSON Schema can be asked for strictly: every object closed, every field required, and only some keywords. */

type Schema = Record<string, unknown>

/** What a strict endpoint refuses although the answer may well be checked against it by us afterwards. */
const hints = new Set(['$schema', 'default', 'minLength', 'maxLength', 'format', 'examples', 'title'])

/** What it cannot keep, and we cannot leave out. */
const impossible = ['allOf', 'oneOf', 'not', 'if', 'propertyNames', 'patternProperties', 'dependentRequired']

const known = new WeakMap<Schema, Schema | undefined>()

/** The schema without hints; undefined when it cannot be strict. Schemas are looked at once: they live as constants. */
export function strictOf(schema: Schema): Schema | undefined {
  if (!known.has(schema)) known.set(schema, schema['type'] === 'object' ? strict(schema) : undefined)
  return known.get(schema)
}

function strict(schema: Schema): Schema | undefined {
  if (impossible.some((keyword) => keyword in schema) || !isClosed(schema)) return undefined
  const result: Schema = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (hints.has(keyword)) continue
    const part = partOf(keyword, value)
    if (part === undefined) return undefined
    result[keyword] = part
  }
  return result
}

function partOf(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case 'properties':
    case '$defs': {
      const parts = Object.entries(value as Record<string, Schema>).map(([name, part]) => [name, strict(part)] as const)
      return parts.every(([, part]) => part) ? Object.fromEntries(parts) : undefined
    }
    case 'items':
      return strict(value as Schema)
    case 'anyOf': {
      const parts = (value as Schema[]).map(strict)
      return parts.every(Boolean) ? parts : undefined
    }
    default:
      return value
  }
}

function isClosed(schema: Schema): boolean {
  const { type, properties, required, additionalProperties } = schema
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'))
  if (!isObject) return true
  const fields = Object.keys((properties as Schema | undefined) ?? {})
  return additionalProperties === false && fields.every((field) => (required as string[] | undefined)?.includes(field))
}
