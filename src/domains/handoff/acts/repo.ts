/** What was clicked on the desk, in PostgreSQL. */
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'

/** How a click ended. `who`: the colleague that it is about, by her name; '' for nobody. */
export type DeskResult = { done: true } | { refused: { kind: string; who: string } }

export type DeskDone = { key: string; adviser: string; caseId: string | null; result: DeskResult }

/** In the transaction of what was done: the answer is there exactly when the deed is. */
export const saveDeskActs: BatchWrite<DeskDone & { at: Date }> = {
  name: 'handoff-desk-acts',
  order: 50,
  async run(db, rows) {
    await db.query({
      name: 'handoff-desk-acts',
      text: `INSERT INTO desk_act (key, adviser, case_id, at, result)
             SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::jsonb[])
             ON CONFLICT (key) DO NOTHING`,
      values: [
        rows.map(({ key }) => key),
        rows.map(({ adviser }) => adviser),
        rows.map(({ caseId }) => caseId),
        rows.map(({ at }) => at),
        rows.map(({ result }) => JSON.stringify(result)),
      ],
    })
  },
}

/** What became of a click; undefined while it is not done. */
export async function findDeskAct(db: Queryable, key: string): Promise<DeskDone | undefined> {
  const { rows } = await db.query<{ adviser: string; case_id: string | null; result: DeskResult }>({
    name: 'handoff-desk-act',
    text: 'SELECT adviser, case_id, result FROM desk_act WHERE key = $1',
    values: [key],
  })
  const [row] = rows
  return row && { key, adviser: row.adviser, caseId: row.case_id, result: row.result }
}
