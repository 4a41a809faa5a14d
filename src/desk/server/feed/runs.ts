/** What an adviser is told of what happened. Pure. */
import type { Content } from '../../../kernel/content.ts'
import type { LiveEvent } from '../../api.ts'
import type { Viewer } from '../cases/house.ts'
import { lineFor, lineGone } from '../cases/lines.ts'
import type { LineRow } from '../cases/repo/lines.ts'
import type { EntrySeen, Place } from './repo.ts'

/** What happened to one case without anything of another between; `end` is the place behind it. */
export type Run = { caseId: string; kinds: string[]; end: Place }

/**
 * Gathered only as far as nothing of another case lies between: the id of each event is the place up to which all has been
 * told, so a stream that breaks anywhere goes on without losing or repeating anything.
 */
export function runsOf(entries: readonly EntrySeen[]): Run[] {
  const runs: Run[] = []
  for (const { caseId, kind, xid, id } of entries) {
    const last = runs.at(-1)
    if (last?.caseId === caseId) {
      last.kinds.push(kind)
      last.end = { xid, id }
    } else runs.push({ caseId, kinds: [kind], end: { xid, id } })
  }
  return runs
}

/** By these a case that waits appears to everybody, or changes for whoever might take it. */
const shows: ReadonlySet<string> = new Set(['opened', 'again', 'passed', 'released', 'reopened'])
/** By these it is no longer everybody's. */
const takes: ReadonlySet<string> = new Set(['offered', 'accepted', 'transferred', 'taken-over', 'resolved'])

/** Undefined where it is nothing to her. Of what she may not read she learns that it waits, or that it does no more. */
export function eventFor(
  viewer: Pick<Viewer, 'id' | 'role'>,
  row: LineRow,
  kinds: readonly string[],
  content: Content,
): LiveEvent | undefined {
  const line = lineFor(viewer, row, content)
  if (line?.readable) return { kind: 'case', line, entries: [...kinds] }
  if (line) return kinds.some((kind) => shows.has(kind)) ? { kind: 'case', line, entries: [] } : undefined
  return kinds.some((kind) => takes.has(kind)) ? { kind: 'case', line: lineGone(row), entries: [] } : undefined
}
