/** content/journeys/*.yaml, with what slices lend. */
import { type Content, type ContentKind, contentKind, type Pointer } from '../../../kernel/content.ts'
import { mediaIn, templatesIn } from '../messages/index.ts'
import { reviewAcross, reviewAlone } from './review.ts'
import type { Condition, Journey, Lent, Named } from './schema.ts'
import { allSteps, sendsIn } from './steps.ts'
import { journeySchema } from './written.ts'

/**
 * The kind with these triggers, steps, goals and placeholders. Content finds a kind by its name: whoever reads journeys may
 * ask with the kind of any, and gets what was read with those of the running program.
 */
export function journeysKind(lent: Lent): ContentKind<Journey> {
  return contentKind<Journey>({
    name: 'journeys',
    title: 'Journeys',
    sources: [{ form: 'list', glob: 'journeys/*.yaml' }],
    schema: journeySchema(lent),
    unique: 'id',
    references: (journey) => referencesOf(journey, lent),
    templates: ({ steps }) => sendsIn(steps).flatMap(({ text, at }) => templatesIn(text, at, lent.placeholders)),
    media: ({ steps }) => sendsIn(steps).flatMap(({ text, at }) => mediaIn(text, at)),
    review: reviewAlone,
    reviewAcross: (...given) => reviewAcross(lent.placeholders, ...given),
    skeleton: (id) => ({ path: `journeys/${id}.yaml`, text: skeletonOf(id) }),
  })
}

function skeletonOf(id: string): string {
  return `- id: ${id}
  title: ${id}
  draft: true
  trigger: { addedBot: {} }
  purpose: service
  steps:
    - send: |
        {{ brand }}: ${id}
`
}

const bare = journeysKind({ triggers: {}, steps: {}, goals: {}, placeholders: {} })

/** The journeys of content that people may enter. */
export function journeysOf(content: Content): Journey[] {
  return content.items(bare).flatMap(({ data }) => (data.draft ? [] : [data]))
}

type Reference = { at: Pointer; kind: string; id: string }

function referencesOf({ triggers, entry, exit, steps }: Journey, lent: Lent): Reference[] {
  const of = (
    named: Named,
    kinds: Readonly<Record<string, { references?(args: never): Reference[] }>>,
    at: Pointer,
  ): Reference[] =>
    (kinds[named.name]?.references?.(named.args as never) ?? []).map((one) => ({
      ...one,
      at: [...at, named.name, ...one.at],
    }))
  const segment = (id: string | undefined, at: Pointer): Reference[] =>
    id === undefined ? [] : [{ at, kind: 'segments', id }]
  const condition = (given: Condition, at: Pointer): Reference[] => {
    if ('not' in given) return condition(given.not, [...at, 'not'])
    return 'segment' in given ? segment(given.segment, [...at, 'segment']) : of(given.did, lent.goals, [...at, 'did'])
  }
  return [
    ...triggers.flatMap((one, i) =>
      of(one, lent.triggers, triggers.length === 1 ? ['trigger'] : ['trigger', 'any', i]),
    ),
    ...segment(entry.segment, ['entry', 'segment']),
    ...(entry.unless ?? []).map((id, i) => ({ at: ['entry', 'unless', i], kind: 'journeys', id })),
    ...segment(exit.segment, ['exit', 'segment']),
    ...(exit.did ? of(exit.did, lent.goals, ['exit', 'did']) : []),
    ...allSteps(steps).flatMap(({ step, at }): Reference[] => {
      if (step.kind === 'start' || step.kind === 'stop')
        return [{ at: [...at, step.kind], kind: 'journeys', id: step.journey }]
      if (step.kind === 'lent') return of(step.step, lent.steps, at)
      if (step.kind === 'waitFor') return of(step.did, lent.goals, [...at, 'waitFor', 'did'])
      if (step.kind === 'branch') return step.cases.flatMap((one, j) => condition(one.if, [...at, 'branch', j, 'if']))
      return []
    }),
  ]
}
