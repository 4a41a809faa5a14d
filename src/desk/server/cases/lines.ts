/** A case as a line of the queue, as much of it as somebody may see. */
import { promisedNow, reasonOf } from '../../../domains/handoff/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { CaseLine, Promised } from '../../api.ts'
import type { Viewer } from './house.ts'
import type { LineRow } from './repo/lines.ts'
import { sightOf } from './sight.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** Undefined for whoever may not see it at all. */
export function lineFor(viewer: Pick<Viewer, 'id' | 'role'>, row: LineRow, content: Content): CaseLine | undefined {
  const sight = sightOf(viewer, row)
  if (sight === 'none') return undefined
  const line = wholeLine(row, content)
  return sight === 'whole' ? line : { ...line, readable: false, name: '', lastWords: '', group: '', customerId: null }
}

/** For a page that shows a case which its reader may see no longer: that it is not there for her any more. */
export function lineGone({ id, number, state, openedAt }: LineRow): CaseLine {
  const at = openedAt.toISOString()
  return {
    ...{ id, number, state, openedAt: at, lastAt: at, readable: false, urgency: 0, unread: 0 },
    ...{ name: '', level: '', region: '', group: '', lastWords: '', reason: { code: '', title: '' } },
    ...{ customerId: null, owner: null, offeredTo: null, offeredUntil: null, closedAt: null },
    ...{ unansweredSince: null, promised: null },
  }
}

function wholeLine(row: LineRow, content: Content): CaseLine {
  const { id, number, state, name, customerId, urgency, wanted, owner, offeredTo, unread } = row
  const last = [row.openedAt, row.lastCustomerAt, row.lastAdviserAt].filter((at) => at !== null)
  return {
    ...{ id, number, state, name, customerId, urgency, owner, offeredTo, unread, readable: true },
    reason: { code: row.reason, title: reasonOf(content, row.reason).title },
    ...{ level: wanted.level ?? '', region: wanted.region ?? '', group: row.topic },
    ...{ offeredUntil: iso(row.offeredUntil), openedAt: row.openedAt.toISOString(), closedAt: iso(row.closedAt) },
    unansweredSince: iso(row.unansweredSince),
    // Of a picture or a card the platform's text is no words.
    lastWords: row.lastType === 'text' ? (row.lastWords ?? '') : '',
    lastAt: new Date(Math.max(...last.map((at) => at.getTime()))).toISOString(),
    promised: promisesOf(row, content)[0] ?? null,
  }
}

export function promisesOf(row: LineRow, content: Content): Promised[] {
  return promisedNow(row, content).map(({ what, warnAt, due }) => ({
    ...{ what, warnAt: warnAt.toISOString(), due: due.toISOString() },
  }))
}

/** What is urgent first, then what has waited longest; closed ones behind, the latest first. */
export function inOrder(a: CaseLine, b: CaseLine): number {
  if (a.closedAt !== null || b.closedAt !== null) {
    if (a.closedAt === null || b.closedAt === null) return a.closedAt === null ? -1 : 1
    return a.closedAt < b.closedAt ? 1 : -1
  }
  return b.urgency - a.urgency || (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.number - b.number)
}
