import { scoresAsEvidence } from '../level/decide.ts'
import type { Facts, Rfm, WantedTag } from '../schema.ts'
import type { ValueDimension } from './schema.ts'

/** Exactly one group. `stages`: her lifecycle as it was just decided. */
export function wanted(facts: Facts, dimension: ValueDimension, rfm: Rfm, stages: readonly WantedTag[]): WantedTag[] {
  const side = (key: 'r' | 'f' | 'm') => (rfm[key] >= dimension.high[key] ? 'high' : 'low')
  const group = dimension.groups.find(
    ({ when }) =>
      when === undefined ||
      ((['r', 'f', 'm'] as const).every((key) => when[key] === undefined || when[key] === side(key)) &&
        (when.lifecycle === undefined || stages.some(({ value }) => when.lifecycle?.includes(value)))),
  )
  if (!group) return []
  const looked = group.when?.lifecycle ? stages.flatMap(({ evidence }) => evidence) : []
  return [
    {
      dimension: dimension.id,
      value: group.id,
      source: 'rule',
      strength: 1,
      until: null,
      rule: `${dimension.id}/${group.id}`,
      evidence: [scoresAsEvidence(rfm, facts), ...looked],
    },
  ]
}
