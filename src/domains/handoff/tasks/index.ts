/** The step of journeys that gives an adviser something to do for a customer, and how that becomes a case. */
import { z } from 'zod'
import type { Effect, EffectOf, ScheduleEvent } from '../../../kernel/effect.ts'
import { type Applying, type JourneyStep, journeyStep, type SliceEventSeen } from '../../../kernel/slice.ts'
import { listSameCustomers } from '../../members/index.ts'
import { journeyTask } from './decide.ts'
import { findPlace, isServed } from './repo.ts'

const TaskArgs = z.strictObject({
  skill: z.string().trim().min(1).optional().describe('Who knows about it: a skill of advisers.yaml'),
  note: z.string().trim().min(1).max(500).describe('What is to be done; the adviser reads it, never the customer'),
})

const task: JourneyStep<z.output<typeof TaskArgs>> = {
  title: 'Gives an adviser something to do for her; she is told nothing of it',
  schema: TaskArgs,
  effects: ({ skill, note }, { customerId, journey, key }) => [
    { kind: 'OpenTask', customerId, key, journey, note, ...(skill !== undefined && { skill }) },
  ],
}

export const steps: Readonly<Record<string, JourneyStep>> = { task: journeyStep(task) }

export const taskAsked = 'handoff.task'

const Asked = z.object({
  customerId: z.string(),
  key: z.string(),
  journey: z.string(),
  note: z.string(),
  skill: z.string().optional(),
})

/** In a transaction of its own: whoever was met for the first time in this one can be found only then. */
export function applyOpenTask({ kind: _, ...asked }: EffectOf<'OpenTask'>, { work }: Applying): ScheduleEvent[] {
  const { customerId, key } = asked
  const lock = [`customer:${customerId}`]
  const event = { kind: 'ScheduleEvent', name: taskAsked, key: `${taskAsked}:${key}`, at: work.now } as const
  return [{ ...event, account: '', lock, payload: asked }]
}

/** Nothing comes of it for one of us, for who was deleted, and where nobody could meet her. */
export async function onTaskAsked({ event, work }: SliceEventSeen): Promise<Effect[]> {
  const { customerId, key, journey, note, skill } = Asked.parse(event.what.payload)
  if (!(await isServed(work.db, customerId))) return []
  const place = await findPlace(work.db, await listSameCustomers(work.db, customerId))
  if (!place) return []
  const evidence = { note, journey, ...(skill !== undefined && { skill }) }
  return [{ kind: 'OpenCase', ...place, reason: journeyTask, evidence, key: `task:${key}` }]
}
