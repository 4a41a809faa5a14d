/** Steps as they are written, with the way to each in the file. Pure. */
import type { Pointer } from '../../../kernel/content.ts'
import type { Journey, Step } from './schema.ts'

/** With the way to it in the journey. */
export type Placed<T> = T & { at: Pointer }

/** All steps with the way to each in the file. */
export function allSteps(steps: readonly Step[], at: Pointer = ['steps']): Placed<{ step: Step }>[] {
  return steps.flatMap((step, i): Placed<{ step: Step }>[] => {
    const here = [...at, i]
    if (step.kind !== 'branch') return [{ step, at: here }]
    const cases = step.cases.flatMap((one, j) => allSteps(one.steps, [...here, 'branch', j, 'steps']))
    return [{ step, at: here }, ...cases, ...allSteps(step.otherwise, [...here, 'else'])]
  })
}

export function sendsIn(steps: readonly Step[]): Placed<{ text: string }>[] {
  return allSteps(steps).flatMap(({ step, at }) =>
    step.kind === 'send' ? [{ text: step.text, at: [...at, 'send'] }] : [],
  )
}

/** The journeys that it starts. */
export function startsIn({ steps }: Journey): string[] {
  return allSteps(steps).flatMap(({ step }) => (step.kind === 'start' ? [step.journey] : []))
}
