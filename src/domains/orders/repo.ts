/** Orders in PostgreSQL, thousands at a time. */
import { setImmediate as breath } from 'node:timers/promises'
import type { Queryable } from '../../kernel/work.ts'
import { centsOf, decimalOf } from './money.ts'
import type { Buyer, OrderItem, OrderStatus, OrderTold } from './schema.ts'

/** An order with its address sealed. */
export type OrderRow = Omit<OrderTold, 'address'> & { address: Buffer | null }
/** An order and how its columns are written. */
export type ReadyOrder = { told: OrderTold; written: readonly string[] }
export type BoughtOrder = ReadyOrder & { buyer: Buyer }
export type KeptRow = OrderRow & Buyer & { id: bigint }

/** Orders that one statement inserts. */
const piece = 1_000

/**
 * Inserts the orders that are not there yet, each number once; returns their sources, with their ids if these are asked
 * for. Piece by piece, so that PostgreSQL inserts one while the arrays of the next are written.
 */
export async function insertOrders(
  db: Queryable,
  orders: readonly BoughtOrder[],
  on: { now: Date; ids: boolean },
): Promise<Map<string, bigint | undefined>> {
  const pieces: Promise<Added[]>[] = []
  for (let at = 0; at < orders.length; at += piece) {
    const inserted = insertPiece(db, orders.slice(at, at + piece), on)
    // Whoever awaits them all hears of it; nobody does yet.
    inserted.catch(() => undefined)
    pieces.push(inserted)
    await breath()
  }
  return new Map((await Promise.all(pieces)).flat())
}

type Added = readonly [source: string, id: bigint | undefined]

/** Nearly always all of them are new, and then they are not named one by one unless their ids are asked for. */
async function insertPiece(
  db: Queryable,
  orders: readonly BoughtOrder[],
  { now, ids }: { now: Date; ids: boolean },
): Promise<Added[]> {
  const { rows } = await db.query<{ all: boolean; ids: string[] | null; sources: string[] | null }>({
    name: 'orders-insert',
    text: `WITH added AS (
             INSERT INTO orders (customer_id, person_id, shop, order_no, refund_of, ordered_at, amount, status, carrier,
                                 tracking_no, delivered_at, items, skus, categories, province, city, area, address, source,
                                 created_at, updated_at)
             SELECT customer_id, person_id, shop, order_no, refund_of, ordered_at, amount, status, carrier, tracking_no,
                    delivered_at, items, skus::text[], categories::text[], province, city, area, address, source, $20, $20
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::numeric[],
                         $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::jsonb[], $13::text[], $14::text[],
                         $15::text[], $16::text[], $17::text[], $18::bytea[], $19::text[])
               AS row (customer_id, person_id, shop, order_no, refund_of, ordered_at, amount, status, carrier, tracking_no,
                       delivered_at, items, skus, categories, province, city, area, address, source)
             ON CONFLICT (shop, order_no) DO NOTHING
             RETURNING id, source
           ), counted AS (SELECT count(*) = $21 AS all FROM added)
           SELECT counted.all,
             CASE WHEN $22 THEN (SELECT array_agg(id::text) FROM added) END AS ids,
             CASE WHEN NOT counted.all OR $22 THEN (SELECT array_agg(source) FROM added) END AS sources
           FROM counted`,
    values: [
      arrayOf(orders.map(({ buyer }) => buyer.customerId)),
      arrayOf(orders.map(({ buyer }) => buyer.personId)),
      ...columnsOf(orders.map(({ written }) => written)),
      now,
      orders.length,
      ids,
    ],
  })
  const { all, ids: added, sources } = rows[0]!
  if (all && !ids) return orders.map(({ told }) => [told.source, undefined])
  return (sources ?? []).map((source, i) => [source, added ? BigInt(added[i]!) : undefined])
}

/** How the columns of an order are written into arrays, from `shop` to `source`; the first three never change. */
export function writtenOf(row: Omit<OrderTold, 'address'>, address: Buffer | null): string[] {
  return [
    elementOf(row.shop),
    elementOf(row.orderNo),
    elementOf(row.refundOf),
    row.orderedAt.toISOString(),
    decimalOf(row.cents),
    row.status,
    elementOf(row.carrier),
    elementOf(row.trackingNo),
    row.deliveredAt?.toISOString() ?? 'NULL',
    // JSON knows no control characters, so what JSON escapes of it is what an array escapes.
    JSON.stringify(JSON.stringify(row.items.map(storedItem))),
    setOf(row.items.map(({ sku }) => sku)),
    setOf(row.items.map(({ category }) => category)),
    elementOf(row.province),
    elementOf(row.city),
    elementOf(row.area),
    address ? `"\\\\x${address.toString('hex')}"` : 'NULL',
    elementOf(row.source),
  ]
}

/** One array for each column of what is written. */
function columnsOf(rows: readonly (readonly string[])[]): string[] {
  return (rows[0] ?? []).map((_, column) => arrayOf(rows.map((row) => row[column]!)))
}

/*
 * Arrays as PostgreSQL writes them. The client library would write them too, at twice the cost and when the locks are
 * held already: of an import that is a good part.
 */

function arrayOf(elements: readonly string[]): string {
  return `{${elements.join(',')}}`
}

/** Everything in quotes, also the word NULL: telling what needs none costs more. */
function elementOf(value: string | null): string {
  if (value === null) return 'NULL'
  return value.includes('"') || value.includes('\\') ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : `"${value}"`
}

/** Each word once, as an array within the array: arrays of arrays of different lengths cannot be sent otherwise. */
function setOf(words: readonly (string | null)[]): string {
  return elementOf(arrayOf([...new Set(words.filter((word) => word !== null))].map(elementOf)))
}

type StoredItem = Omit<OrderItem, 'cents'> & { amount: string | null }

function storedItem({ cents, ...item }: OrderItem): StoredItem {
  return { ...item, amount: cents === null ? null : decimalOf(cents) }
}

/** What the table holds of an order that a customer is told, too. */
export type ToldRow = {
  shop: string
  order_no: string
  ordered_at: Date
  amount: string
  refund_of: string | null
  status: OrderStatus
  carrier: string | null
  tracking_no: string | null
  delivered_at: Date | null
}

type Stored = ToldRow & {
  id: bigint
  customer_id: string
  person_id: string
  items: StoredItem[]
  province: string | null
  city: string | null
  area: string | null
  address: Buffer | null
  source: string
}

/** The orders under these numbers, in the order of their ids. They are ours until the transaction ends. */
export async function lockOrders(
  db: Queryable,
  numbers: readonly { shop: string; orderNo: string }[],
): Promise<KeptRow[]> {
  // Unnamed, so that it is planned anew each time: an import begins with an empty table and ends with a full one.
  const { rows } = await db.query<Stored>(
    `SELECT o.* FROM orders o
     WHERE (o.shop, o.order_no) IN (SELECT * FROM unnest($1::text[], $2::text[]))
     ORDER BY o.id FOR NO KEY UPDATE`,
    [numbers.map(({ shop }) => shop), numbers.map(({ orderNo }) => orderNo)],
  )
  return rows.map(keptOf)
}

function keptOf(row: Stored): KeptRow {
  return {
    id: row.id,
    shop: row.shop,
    orderNo: row.order_no,
    customerId: row.customer_id,
    personId: row.person_id,
    orderedAt: row.ordered_at,
    cents: centsOf(row.amount),
    refundOf: row.refund_of,
    status: row.status,
    carrier: row.carrier,
    trackingNo: row.tracking_no,
    deliveredAt: row.delivered_at,
    items: row.items.map(({ amount, ...item }) => ({ ...item, cents: amount === null ? null : centsOf(amount) })),
    province: row.province,
    city: row.city,
    area: row.area,
    address: row.address,
    source: row.source,
  }
}

/** Writes what may change of an order: all but its number, its buyer and what it refunds. */
export async function updateOrders(db: Queryable, rows: readonly KeptRow[], now: Date): Promise<void> {
  await db.query({
    text: `UPDATE orders SET ordered_at = row.ordered_at, amount = row.amount, status = row.status,
             carrier = row.carrier, tracking_no = row.tracking_no, delivered_at = row.delivered_at, items = row.items,
             skus = row.skus::text[], categories = row.categories::text[], province = row.province, city = row.city,
             area = row.area, address = row.address, source = row.source, updated_at = $16
           FROM unnest($1::bigint[], $2::timestamptz[], $3::numeric[], $4::text[], $5::text[], $6::text[],
                       $7::timestamptz[], $8::jsonb[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                       $14::bytea[], $15::text[])
             AS row (id, ordered_at, amount, status, carrier, tracking_no, delivered_at, items, skus, categories,
                     province, city, area, address, source)
           WHERE orders.id = row.id`,
    values: [
      arrayOf(rows.map(({ id }) => id.toString())),
      ...columnsOf(rows.map((row) => writtenOf(row, row.address))).slice(3),
      now,
    ],
  })
}

/** Of the customers $1, all of one person: found by her, since an index by customer would slow every import. */
const writtenUnder = `person_id = ANY(ARRAY(SELECT person_id FROM customer WHERE id = ANY($1::uuid[])))
  AND customer_id = ANY($1::uuid[])`

/** All orders of these customers, the oldest first. */
export async function listOrders(
  db: Queryable,
  customerIds: readonly string[],
): Promise<(KeptRow & { writtenAt: Date })[]> {
  const { rows } = await db.query<Stored & { created_at: Date }>(
    `SELECT * FROM orders WHERE ${writtenUnder} ORDER BY ordered_at, id`,
    [customerIds],
  )
  return rows.map((row) => ({ ...keptOf(row), writtenAt: row.created_at }))
}

/**
 * Gives the orders that were written under customers of these persons to whoever those customers are now. One statement
 * for linking and unlinking: members has moved customer.person_id already. Whoever they were before is one of the
 * customers, too, so the orders are found by person.
 */
export async function rehomeOrders(db: Queryable, customerIds: readonly string[]): Promise<void> {
  await db.query(
    `UPDATE orders SET person_id = c.person_id
     FROM customer c
     WHERE c.id = orders.customer_id AND orders.person_id IS DISTINCT FROM c.person_id
       AND orders.person_id = ANY(ARRAY(
         SELECT id FROM customer WHERE person_id IN (SELECT person_id FROM customer WHERE id = ANY($1::uuid[]))))`,
    [customerIds],
  )
}

/**
 * Leaves of the orders of these customers what the shop's figures need: shop, day, amount, status and what was bought.
 * Each gets a number and a buyer of its own that lead nowhere, so that not even two orders of one person meet. The
 * randomness is PostgreSQL's: nothing is ever decided by it.
 */
export async function anonymiseOrders(db: Queryable, customerIds: readonly string[], now: Date): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE orders SET customer_id = anew.id, person_id = anew.id, order_no = 'forgotten:' || anew.id, refund_of = NULL,
       ordered_at = date_trunc('day', ordered_at, 'UTC'), carrier = NULL, tracking_no = NULL, delivered_at = NULL,
       province = NULL, city = NULL, area = NULL, address = NULL, source = 'forgotten', created_at = $2, updated_at = $2
     FROM (SELECT id AS order_id, gen_random_uuid() AS id FROM orders WHERE ${writtenUnder}) AS anew
     WHERE orders.id = anew.order_id`,
    [customerIds, now],
  )
  return rowCount ?? 0
}
