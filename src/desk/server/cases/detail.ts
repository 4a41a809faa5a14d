/** Everything about one case, for whoever may read it. */
import { type CaseStory, type Facts, readStory, reasonOf, rosterOf } from '../../../domains/handoff/index.ts'
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
  on: { content: Content; now: Date; facts: Facts },
): Promise<CaseDetail> {
  const { content } = on
  const [whole, story, said, history, customer] = await Promise.all([
    readWhole(db, row.id),
    readStory(db, row.id, on),
    conversationOf(db, row, null, content),
    listHistory(db, row.id),
    cardOf(db, row, on),
  ])
  return {
    ...{ line, customer, reachable: whole?.reachable ?? false, mood: story?.mood ?? '' },
    ...{ evidence: story ? evidenceOf(story) : [], promises: promisesOf(row, content) },
    ...{ summary: story?.summary ?? null, drafts: story ? draftsOf(story) : { state: 'none', drafts: [] } },
    ...{ conversation: said.lines, earlier: said.earlier, history: history.map((entry) => entryOf(entry, content)) },
    rating: whole && whole.rating !== null ? { mark: whole.rating, words: whole.ratingWords ?? '' } : null,
  }
}

function evidenceOf({ reason: { evidence } }: CaseStory): CaseDetail['evidence'] {
  const { question, words, order, unanswered } = evidence
  const told: [CaseDetail['evidence'][number]['title'], string | null][] = [
    ['question', question],
    ['words', words.join('、')],
    ['order', order],
    ['unanswered', unanswered.join('；')],
  ]
  return told.flatMap(([title, value]) => (value === null || value === '' ? [] : [{ title, value }]))
}

/** What no longer answers her last words is being made again. */
function draftsOf({ drafts: { state, list } }: CaseStory): CaseDetail['drafts'] {
  if (state === 'stale') return { state: 'asked', drafts: [] }
  return { state, drafts: list.map((draft, at) => ({ ...draft, n: at + 1 })) }
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
    text: text('text') || text('note') || noteIn(data) || reason || code || marked(data) || text('why'),
  }
}

/** Of a rating: the mark, and what she said with it. */
function marked({ mark, words }: Record<string, unknown>): string {
  return typeof mark === 'number' ? [String(mark), words].filter(Boolean).join(' ') : ''
}

/** Of a case that a manager opened by hand: why. */
function noteIn({ evidence }: Record<string, unknown>): string {
  return typeof evidence === 'object' && evidence !== null && 'note' in evidence ? String(evidence.note) : ''
}
