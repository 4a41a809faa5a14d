/** content/tags.yaml: the dimensions, their values and the rules that give them. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Pointer } from '../../kernel/content.ts'
import { dimensionFields, Value } from './dimension.ts'
import { InterestDimension } from './interest/schema.ts'
import { LevelDimension } from './level/schema.ts'
import { LifecycleDimension } from './lifecycle/schema.ts'
import { LoyaltyDimension } from './loyalty/schema.ts'
import { RegionDimension } from './region/schema.ts'
import { rfmSchema } from './rfm/schema.ts'
import { ValueDimension } from './value/schema.ts'

/** What advisers and managers alone set. */
const ByHandDimension = z.strictObject({
  kind: z.literal('byHand'),
  ...dimensionFields,
  several: z.boolean().default(false).describe('Whether a customer may have several of the values at once'),
  values: z.array(Value).min(1),
})

export const Dimension = z.discriminatedUnion('kind', [
  LevelDimension,
  LifecycleDimension,
  ValueDimension,
  LoyaltyDimension,
  InterestDimension,
  RegionDimension,
  ByHandDimension,
])
export type Dimension = z.output<typeof Dimension>

export const TagsContent = z.strictObject({
  rfm: rfmSchema.prefault({}),
  dimensions: z.array(Dimension).default([]),
})
export type TagsContent = z.output<typeof TagsContent>

export const tagsKind: ContentKind<TagsContent> = contentKind<TagsContent>({
  name: 'tags',
  title: 'the dimensions of tags.yaml',
  sources: [{ form: 'single', path: 'tags.yaml', optional: true }],
  schema: TagsContent,
  // Segments name values as «dimension/value». One that stands twice is told of below, in better words.
  ids: ({ dimensions }) =>
    dimensions.flatMap((dimension, index) => {
      const values = new Map(valuesOf(dimension).map(({ id, at }) => [`${dimension.id}/${id}`, at]))
      const at = ['dimensions', index]
      return [{ at: [...at, 'id'], id: dimension.id }, ...[...values].map(([id, way]) => ({ at: [...at, ...way], id }))]
    }),
  references: ({ rfm, dimensions }) => [
    ...namedInteractions(Object.keys(rfm.frequency.interactions), ['rfm', 'frequency', 'interactions']),
    ...dimensions.flatMap((dimension, index) => interactionsIn(dimension, ['dimensions', index])),
  ],
  review(items, tell) {
    for (const item of items) {
      const stages = item.data.dimensions.filter(({ kind }) => kind === 'lifecycle').flatMap(valuesOf)
      for (const [index, dimension] of item.data.dimensions.entries()) {
        for (const { at, ...finding } of complaintsAbout(
          dimension,
          stages.map(({ id }) => id),
        )) {
          tell(item, ['dimensions', index, ...at], { severity: 'error', ...finding })
        }
      }
    }
  },
})

type Named = { at: Pointer; kind: 'interactions'; id: string }

/** Kinds of interactions.yaml that stand as keys at a place. */
function namedInteractions(kinds: readonly string[], at: Pointer): Named[] {
  return kinds.map((id) => ({ at: [...at, id], kind: 'interactions', id }))
}

function interactionsIn(dimension: Dimension, at: Pointer): Named[] {
  if (dimension.kind === 'loyalty') {
    return namedInteractions(Object.keys(dimension.attitude.points), [...at, 'attitude', 'points'])
  }
  if (dimension.kind !== 'interest') return []
  return dimension.values.flatMap(({ interactions }, value) =>
    interactions.map((id, i): Named => ({ at: [...at, 'values', value, 'interactions', i], kind: 'interactions', id })),
  )
}

type Complaint = { at: (string | number)[]; message: string; expected: string }

function complaintsAbout(dimension: Dimension, stages: readonly string[]): Complaint[] {
  const twice = complaintsAboutTwins(dimension)
  if (dimension.kind === 'level') return [...twice, ...complaintsAboutLast('levels', dimension.levels)]
  if (dimension.kind === 'loyalty') return [...twice, ...complaintsAboutLast('kinds', dimension.kinds)]
  if (dimension.kind !== 'valueGroup') return twice
  return [
    ...twice,
    ...complaintsAboutLast('groups', dimension.groups),
    ...dimension.groups.flatMap(({ when }, group) =>
      (when?.lifecycle ?? []).flatMap((stage, place) =>
        stages.includes(stage)
          ? []
          : [
              {
                at: ['groups', group, 'when', 'lifecycle', place],
                message: `no lifecycle of tags.yaml has the value «${stage}»`,
                expected: stages.length > 0 ? `One of ${stages.join(', ')}` : 'A dimension of kind `lifecycle` first',
              },
            ],
      ),
    ),
  ]
}

/** The last one is everybody else's, so that each customer has one; one without a condition before it would hide the rest. */
function complaintsAboutLast(key: string, choices: readonly { when?: unknown }[]): Complaint[] {
  return choices.flatMap(({ when }, place) => {
    const isLast = place === choices.length - 1
    if (isLast === (when === undefined)) return []
    return [
      isLast
        ? {
            at: [key, place, 'when'],
            message: 'the last one has a condition: who fits nowhere would be left without a tag',
            expected: 'The last one without `when`',
          }
        : {
            at: [key, place],
            message: 'it has no condition, so those after it are never reached',
            expected: 'A `when` here; only the last one goes without',
          },
    ]
  })
}

function complaintsAboutTwins(dimension: Dimension): Complaint[] {
  const seen = new Set<string>()
  return valuesOf(dimension).flatMap(({ id, at }) => {
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    return [{ at, message: `the value «${id}» stands twice in «${dimension.id}»`, expected: 'Each value once' }]
  })
}

/** A value that a dimension declares, and where it stands in the dimension. */
export type DeclaredValue = Value & { at: (string | number)[] }

/**
 * The declared values of a dimension. A region declares none: its values are the places of the national table, and it is
 * said as it is called.
 */
export function valuesOf(dimension: Dimension): DeclaredValue[] {
  const listed = (key: string, values: readonly Value[]): DeclaredValue[] =>
    values.map(({ id, title, saidAs }, place) => ({ id, title, saidAs, at: [key, place, 'id'] }))
  switch (dimension.kind) {
    case 'level':
      return listed('levels', dimension.levels)
    case 'valueGroup':
      return listed('groups', dimension.groups)
    case 'loyalty':
      return listed('kinds', dimension.kinds)
    case 'lifecycle':
      return (['new', 'active', 'dormant', 'leaving', 'back'] as const).map((stage) => {
        const { id, title, saidAs } = dimension[stage]
        return { id, title, saidAs, at: [stage, 'id'] }
      })
    case 'interest':
    case 'byHand':
      return listed('values', dimension.values)
    case 'region':
      return []
    default:
      return dimension satisfies never
  }
}
