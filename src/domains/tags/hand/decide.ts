/** Whether a tag may be set by hand or proposed by the model, and which rows it becomes. Pure. */
import { permits, resolvePlace } from '../../members/index.ts'
import { type Dimension, valuesOf } from '../content.ts'
import type { TagRules } from '../rules.ts'

/** The person behind a customer, with what she let us do. */
export type Target = {
  personId: string
  staff: boolean
  forgottenAt: Date | null
  profilingRefusedAt: Date | null
  consentedAt: Date | null
  sensitiveConsentAt: Date | null
}

export type TagRefusal =
  | 'unknown-customer'
  | 'staff'
  | 'forgotten'
  /** She does not want personal tags, or has not agreed where content asks first. */
  | 'refused'
  /** The dimension is sensitive and she has not agreed to that. */
  | 'not-agreed'
  | 'unknown-dimension'
  | 'unknown-value'
  /** `until` is not in the future. */
  | 'past'
  /** No hand has set it. */
  | 'not-by-hand'

export type Allowed =
  | { kind: 'allowed'; personId: string; dimension: Dimension; values: string[] }
  | { kind: 'refused'; reason: TagRefusal; known: string[] }

export type Asked = { dimension: string; value: string; until?: Date | undefined }

/** `values` are the rows that the one value becomes: a city brings its province and its area with it. */
export function allow(target: Target | undefined, asked: Asked, rules: TagRules, now: Date): Allowed {
  const refused = (reason: TagRefusal, known: string[] = []): Allowed => ({ kind: 'refused', reason, known })
  const dimension = rules.dimensions.find(({ id }) => id === asked.dimension)
  if (!dimension)
    return refused(
      'unknown-dimension',
      rules.dimensions.map(({ id }) => id),
    )
  const values = valuesBy(dimension, asked.value)
  if (values.length === 0)
    return refused(
      'unknown-value',
      valuesOf(dimension).map(({ id }) => id),
    )
  if (asked.until && asked.until <= now) return refused('past')
  if (!target) return refused('unknown-customer')
  if (target.forgottenAt) return refused('forgotten')
  if (target.staff) return refused('staff')
  const may = permits(target, rules)
  if (!may.profiling) return refused('refused')
  if (dimension.sensitive && !may.sensitive) return refused('not-agreed')
  return { kind: 'allowed', personId: target.personId, dimension, values }
}

function valuesBy(dimension: Dimension, value: string): string[] {
  if (dimension.kind !== 'region') return valuesOf(dimension).some(({ id }) => id === value) ? [value] : []
  const place = resolvePlace(value)
  // An area is no place of the table by itself, and an ambiguous name is settled by nobody but who wrote it.
  if (!place || place.ambiguous) return []
  return [place.area, place.province, place.city].filter((name) => name !== null)
}
