/** Everything about one case, for whoever may read it. */
import { reasonOf, rosterOf } from '../../../domains/handoff/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { CaseDetail, CaseLine, HistoryEntry } from '../../api.ts'
import { cardOf } from './customer.ts'
import { promisesOf } from './lines.ts'
import type { LineRow } from './repo/lines.ts'
import { type EntryRow, listHistory, readWhole } from './repo/whole.ts'
import { conversationOf } from './said.ts'
import { resolutionTitle } from './words.ts'

export async function detailOf(
  db: Queryable,
  { row, line }: { row: LineRow; line: CaseLine },
  { content, now }: { content: Content; now: Date },
): Promise<CaseDetail> {
  const [whole, said, history, customer] = await Promise.all([
    readWhole(db, row.id),
    conversationOf(db, row, null, content),
    listHistory(db, row.id),
    cardOf(db, row, { content, now }),
  ])
  return {
    ...{ line, customer, reachable: whole?.reachable ?? false, mood: whole?.mood ?? '' },
    ...{ evidence: evidenceOf(whole?.evidence ?? {}), promises: promisesOf(row, content) },
    ...{ summary: null, drafts: { state: 'none' as const, drafts: [] } },
    ...{ conversation: said.lines, earlier: said.earlier, history: history.map((entry) => entryOf(entry, content)) },
    rating: whole && whole.rating !== null ? { mark: whole.rating, words: whole.ratingWords ?? '' } : null,
  }
}

/** What leads to rows of ours helps nobody who reads it. */
const inner: ReadonlySet<string> = new Set(['exchange', 'outboxKey', 'messages'])

function evidenceOf(evidence: Record<string, unknown>): CaseDetail['evidence'] {
  return Object.entries(evidence).flatMap(([title, value]) => {
    if (inner.has(title)) return []
    const parts = (Array.isArray(value) ? value : [value]).filter(
      (part): part is string | number | boolean => typeof part !== 'object' && part !== undefined,
    )
    return parts.length > 0 ? [{ title, value: parts.join(', ') }] : []
  })
}

/** An entry in one shape, whatever its kind: who, to whom or from whom, and its words. */
function entryOf({ id, at, kind, data }: EntryRow, content: Content): HistoryEntry {
  const text = (key: string): string => {
    const value = data[key]
    return typeof value === 'string' ? value : ''
  }
  const name = (who: string): string => rosterOf(content).get(who)?.name ?? who
  const { by } = data
  const actor = typeof by === 'object' && by !== null && 'adviser' in by ? String(by.adviser) : text('by')
  const reason = text('reason') === '' ? '' : reasonOf(content, text('reason')).title
  const code = text('code') === '' ? '' : resolutionTitle(content, text('code'))
  return {
    ...{ id, kind, at: at.toISOString(), by: name(actor), to: name(text('to') || text('from') || text('for')) },
    text: text('text') || text('note') || reason || code || text('why'),
  }
}
