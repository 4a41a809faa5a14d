/** What customers said of their cases, in PostgreSQL. */
import type { BatchWrite } from '../../../kernel/work.ts'

/** A case is judged once: what is there stays. */
export const saveRatings: BatchWrite<{ caseId: string; mark: number; words: string }> = {
  name: 'handoff-ratings',
  order: 50,
  async run(db, rows) {
    await db.query({
      name: 'handoff-ratings',
      text: `UPDATE handoff_case h SET rating = w.mark, rating_words = w.words
             FROM unnest($1::uuid[], $2::int[], $3::text[]) AS w (id, mark, words)
             WHERE h.id = w.id AND h.rating IS NULL`,
      values: [rows.map(({ caseId }) => caseId), rows.map(({ mark }) => mark), rows.map(({ words }) => words)],
    })
  },
}
