/** Who owns a thread, in PostgreSQL. */
import type { BatchWrite } from '../../kernel/work.ts'

/** Of two humans, the one who stays longer decides. */
export const yieldThreads: BatchWrite<{ threadId: string; until: Date }> = {
  name: 'handoff-yield',
  order: 21,
  async run(db, rows) {
    await db.query({
      name: 'handoff-yield',
      text: `UPDATE thread SET silent_until = greatest(thread.silent_until, row.until)
             FROM (SELECT id, max(until) AS until FROM unnest($1::uuid[], $2::timestamptz[]) AS asked (id, until)
                   GROUP BY id) AS row
             WHERE thread.id = row.id`,
      values: [rows.map((row) => row.threadId), rows.map((row) => row.until)],
    })
  },
}
