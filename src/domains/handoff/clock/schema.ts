/** Until when a human answers, and what is said when that comes near. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'

/** Targets in ms of working hours. */
export const Targets = z.strictObject({
  first: Duration.prefault('5m').describe('Until a human first says something'),
  next: Duration.prefault('10m').describe('Until each further message of hers is answered'),
  resolve: Duration.prefault('1d').describe('Until the case is closed'),
})
export type Targets = z.output<typeof Targets>

export type Patience = Targets & {
  /** The share of a target after which it is warned of, above 0 and below 1. */
  warnAfter: number
  /** So long after our last word without one of hers she is asked whether that was all, in ms of any time. */
  idleAfter: number
  /** And so long after that the case is closed. */
  idleCloses: number
}

/**
 * Something that has to be said or done at an instant, once: `key` says for which promise. idle: nobody says anything
 * any more, and she is asked; close: she has not answered that either.
 */
export type Stage = {
  key: string
  what: 'first' | 'next' | 'resolve' | 'idle'
  stage: 'warning' | 'breach' | 'ask' | 'close'
  at: Date
}
