/** One person's latest orders, found by her key. */
import type { Queryable } from '../../../kernel/work.ts'
import { centsOf } from '../money.ts'
import type { ToldRow } from '../repo.ts'
import type { OwnOrder } from './schema.ts'

type Row = ToldRow & { original_at: Date | null; original_is_hers: boolean | null }

/** Nobody waits for more than these at once. */
const most = 100

/** Orders and refunds of a person (a canonical id) that are dated after `since`, the newest first. */
export async function listOwnOrders(db: Queryable, personId: string, since: Date): Promise<OwnOrder[]> {
  const { rows } = await db.query<Row>({
    name: 'orders-own',
    text: `SELECT o.shop, o.order_no, o.ordered_at, o.amount, o.refund_of, o.status, o.carrier, o.tracking_no, o.delivered_at,
             original.ordered_at AS original_at, original.person_id = $1 AS original_is_hers
           FROM (SELECT * FROM orders WHERE person_id = $1 AND ordered_at > $2
                 ORDER BY ordered_at DESC, id DESC LIMIT ${most}) o
           LEFT JOIN orders original ON original.shop = o.shop AND original.order_no = o.refund_of
           ORDER BY o.ordered_at DESC`,
    values: [personId, since],
  })
  return rows.map((row) => ({
    shop: row.shop,
    orderNo: row.order_no,
    at: row.ordered_at,
    cents: centsOf(row.amount),
    refundOf: row.refund_of,
    status: row.status,
    carrier: row.carrier,
    trackingNo: row.tracking_no,
    deliveredAt: row.delivered_at,
    original: row.original_at && { at: row.original_at, isHers: row.original_is_hers ?? false },
  }))
}
