/** A case on the desk of one event: taken out, changed in as many steps as it needs, and put back once. */
import type { Work } from '../../../kernel/work.ts'
import { addEntries, saveCases, type Stored } from './repo.ts'
import type { Entry, Refusal, Step } from './schema.ts'

export type { Stored } from './repo.ts'

/**
 * Within one transaction a case has one file: rows that are written twice in a statement are written in any order, so
 * everything that happens to it is gathered here. Whoever opens one holds the lock of all cases (`caseLock`).
 */
export type CaseFile = {
  /** The case with everything that was done to it here. */
  now(): Stored
  /** Does a step, or says why it may not be done: then nothing has changed. */
  take(step: Step): Refusal | undefined
  /** Adds to its history what changes nothing of it. */
  note(entry: Entry): void
  /** Changes what is no step: what its clock has said, where the talk is. */
  set(changes: Partial<Stored>): void
  /** Puts it back, with what happened. Once. */
  close(): void
}

/** Everything that changes a case is handled one after the other: two advisers never both get it. */
export const caseLock = 'handoff'

export function fileOf(stored: Stored, work: Pick<Work, 'write' | 'now'>): CaseFile {
  let current = stored
  const entries: Entry[] = []
  return {
    now: () => current,
    take(step) {
      if ('refused' in step) return step.refused
      current = { ...current, ...step.case }
      entries.push(...step.entries)
      return undefined
    },
    note(entry) {
      entries.push(entry)
    },
    set(changes) {
      current = { ...current, ...changes }
    },
    close() {
      if (current !== stored) work.write(saveCases, current)
      for (const entry of entries) work.write(addEntries, { caseId: current.id, at: work.now, entry })
    },
  }
}
