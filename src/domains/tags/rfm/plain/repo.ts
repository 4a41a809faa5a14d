/** The plain form from the orders that the database has: any number of customers, a batch at a time in memory. */
import type { Database } from '../../../../kernel/db.ts'
import type { Queryable } from '../../../../kernel/work.ts'
import { type PlainFifths, type PlainRfm, plainScore, type PlainTotal } from './decide.ts'

/** `asOf` is YYYY-MM-DD; its days begin and end at midnight in `zone`. */
export type PlainAsOf = { asOf: string; zone: string }

export type PlainReading = {
  /** Called once, first; `fifths` is null when nobody has ordered. */
  begin(customers: number, fifths: PlainFifths | null): Promise<void>
  /** Customers by their person's id, in its order; the next are read when this has resolved. */
  rows(batch: PlainRfm[]): Promise<void>
}

const batchSize = 5_000

/** Scores every person as of a day as `plainRfm` does, and hands the rows on while they are read. */
export async function readPlainRfm(db: Database, { asOf, zone }: PlainAsOf, reading: PlainReading): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SET LOCAL work_mem = '192MB'`)
    await tx.query(
      `CREATE TEMP TABLE rfm_plain (customer uuid NOT NULL, days int NOT NULL, orders bigint NOT NULL, cents bigint NOT NULL)
       ON COMMIT DROP`,
    )
    await tx.query(
      `INSERT INTO rfm_plain
       SELECT o.person_id, $1::date - (max(o.ordered_at) FILTER (WHERE o.amount >= 0) AT TIME ZONE $2)::date,
         count(*) FILTER (WHERE o.amount >= 0), (sum(o.amount) * 100)::bigint
       FROM orders o
       JOIN customer p ON p.id = o.person_id AND p.id = p.person_id AND p.forgotten_at IS NULL AND NOT p.staff
       WHERE o.status <> 'cancelled' AND o.ordered_at < ($1::date + 1)::timestamp AT TIME ZONE $2
       GROUP BY o.person_id HAVING count(*) FILTER (WHERE o.amount >= 0) > 0`,
      [asOf, zone],
    )
    const { customers, fifths } = await findFifths(tx)
    await reading.begin(customers, fifths)
    if (fifths) await readRows(tx, fifths, reading)
  })
}

/** `percentile_cont` is a quantile of type 7; what it lost to floats is put back, since fifths of whole numbers are whole. */
async function findFifths(tx: Queryable): Promise<{ customers: number; fifths: PlainFifths | null }> {
  const at = 'percentile_cont(ARRAY[0.2, 0.4, 0.6, 0.8]) WITHIN GROUP'
  type Row = { customers: bigint; days: number[] | null; orders: number[] | null; cents: number[] | null }
  const { rows } = await tx.query<Row>(
    `SELECT count(*) AS customers, ${at} (ORDER BY days::float8) AS days, ${at} (ORDER BY orders::float8) AS orders,
       ${at} (ORDER BY cents::float8) AS cents
     FROM rfm_plain`,
  )
  const { customers, days, orders, cents } = rows[0]!
  const exact = (quantiles: number[]): bigint[] => quantiles.map((quantile) => BigInt(Math.round(quantile * 5)))
  if (!days || !orders || !cents) return { customers: 0, fifths: null }
  const fifths = { recencyDays: exact(days), orders: exact(orders), cents: exact(cents) }
  return { customers: Number(customers), fifths }
}

async function readRows(tx: Queryable, fifths: PlainFifths, reading: PlainReading): Promise<void> {
  await tx.query('DECLARE rfm_rows NO SCROLL CURSOR FOR SELECT * FROM rfm_plain ORDER BY customer')
  for (;;) {
    type Row = { customer: string; days: number; orders: bigint; cents: bigint }
    const { rows } = await tx.query<Row>(`FETCH ${batchSize} FROM rfm_rows`)
    if (rows.length === 0) return
    await reading.rows(rows.map((row) => plainScore(totalOf(row), fifths)))
  }
}

function totalOf(row: { customer: string; days: number; orders: bigint; cents: bigint }): PlainTotal {
  return { customer: row.customer, recencyDays: row.days, orders: Number(row.orders), cents: row.cents }
}
