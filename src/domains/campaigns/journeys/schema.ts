/** Journeys: what follows when somebody does something, step by step. */
import type { GoalKind, JourneyStep, JourneyTrigger } from '../../../kernel/slice.ts'
import type { Message, Placeholders } from '../messages/index.ts'

/** What slices lend, by name. */
export type Lent = {
  triggers: Readonly<Record<string, JourneyTrigger>>
  steps: Readonly<Record<string, JourneyStep>>
  goals: Readonly<Record<string, GoalKind>>
  placeholders: Placeholders
}

/** A thing of a slice by its name, with its arguments as its schema made them. */
export type Named = { name: string; args: unknown }

/** `did`: right behind a `waitFor` since that began, else since she entered. */
export type Condition = { segment: string } | { did: Named } | { not: Condition }

/** A step as it is written. `id`: given, or where it stands: `2`, `3.1.2`. */
export type Step =
  | { kind: 'send'; id: string; text: string }
  | { kind: 'wait'; id: string; ms: number }
  | { kind: 'waitUntil'; id: string; time: string; on: string[] }
  | { kind: 'waitFor'; id: string; did: Named; within: number }
  | { kind: 'branch'; id: string; cases: { if: Condition; steps: Step[] }[]; otherwise: Step[] }
  | { kind: 'start' | 'stop'; id: string; journey: string }
  | { kind: 'end'; id: string }
  | { kind: 'lent'; id: string; step: Named }

export type Journey = {
  id: string
  title: string
  draft: boolean
  triggers: Named[]
  entry: { segment?: string | undefined; unless?: string[] | undefined }
  /** null: never again; else so long (ms) after it ended. */
  again: number | null
  exit: { did?: Named | undefined; segment?: string | undefined }
  purpose: 'marketing' | 'service'
  topic?: string | undefined
  priority: number
  account?: string | undefined
  /** Each message is of no use so long (ms) after its step. */
  expires: number
  steps: Step[]
}

/** A journey as it is kept: who is under way ends by what she began with. */
export type FrozenJourney = Omit<Journey, 'steps' | 'triggers' | 'draft' | 'again' | 'entry'> & {
  steps: FrozenStep[]
  entry: Journey['entry']
}
export type FrozenStep =
  | { kind: 'send'; id: string; messages: Message[] }
  | { kind: 'branch'; id: string; cases: { if: Condition; steps: FrozenStep[] }[]; otherwise: FrozenStep[] }
  | Exclude<Step, { kind: 'send' | 'branch' }>

/** What all its messages have in common, for delivery. */
export function batchOf(journey: string): string {
  return `journey:${journey}`
}
