/** What others may know of somebody's questions: for our own people, never to be said. */
import type { FactKind } from '../../kernel/slice.ts'
import { listLately } from './answers/repo/lately.ts'

/** So long a mood lasts, and a question counts as open. */
const latelyMs = 24 * 3_600_000
const unansweredAtMost = 2

const lately: FactKind = {
  title: 'Her mood by her last questions, and those that nobody could answer',
  placeholders: [],
  async ask(db, customerId, { now }) {
    const all = await listLately(db, customerId, new Date(now.getTime() - latelyMs))
    if (all.length === 0) return { kind: 'unknown' }
    const mood = all.find((one) => one.mood !== null)?.mood ?? null
    const open = all.filter(({ outcome }) => outcome === 'unknown' || outcome === 'handed').slice(0, unansweredAtMost)
    return { kind: 'known', values: { mood, unanswered: open.map(({ question }) => ({ question })).toReversed() } }
  },
}

export const facts: Readonly<Record<string, FactKind>> = { 'faq.lately': lately }
