/** A journey as it is at one moment: its fingerprint, and the form that is kept. */
import { createHash } from 'node:crypto'
import type { Content } from '../../../kernel/content.ts'
import { freezeMessages, parseMessages } from '../messages/index.ts'
import type { FrozenJourney, FrozenStep, Journey, Step } from './schema.ts'

function frozenSteps(steps: readonly Step[], content: Content): FrozenStep[] {
  return steps.map((step): FrozenStep => {
    if (step.kind === 'send')
      return { kind: 'send', id: step.id, messages: freezeMessages(parseMessages(step.text).messages, content) }
    if (step.kind !== 'branch') return step
    const cases = step.cases.map((one) => ({ if: one.if, steps: frozenSteps(one.steps, content) }))
    return { ...step, cases, otherwise: frozenSteps(step.otherwise, content) }
  })
}

/** The journey as somebody enters it, with the bytes of its pictures, and a hash of all that. */
export function frozenOf(journey: Journey, content: Content): { frozen: FrozenJourney; fingerprint: string } {
  const { draft: _draft, triggers: _triggers, again: _again, steps, ...rest } = journey
  const frozen = { ...rest, steps: frozenSteps(steps, content) }
  return { frozen, fingerprint: createHash('sha256').update(JSON.stringify(frozen)).digest('hex') }
}
