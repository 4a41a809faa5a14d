/** The shop's orders, from a file. */
import { nearest } from '../../content/suggest.ts'
import { keysOf as readyKeys, type Resolving, type RowOfKeys, resolveCustomers } from '../../domains/members/index.ts'
import {
  decimalOf,
  makeReady,
  type OrderItem,
  type OrderOutcome,
  type OrderTold,
  readAmount,
  type ReadyOrder,
  recordOrders,
  type TotalsRule,
} from '../../domains/orders/index.ts'
import type { ScheduleEvent } from '../../kernel/effect.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { BatchWrite, Queryable } from '../../kernel/work.ts'
import type { Cells, Problem } from './cells.ts'
import { zoned } from './moment.ts'
import { dateReader, keysOf, type PlaceOf, placeReader, refusalOf } from './parts.ts'
import type { Importer, Written } from './importer.ts'
import type { OrderField, OrdersMapping } from './schema.ts'

/** An order as the file tells it, and the keys of whose it is. Several rows may have told of it. */
type OrderRecord = { line: number; keys: RowOfKeys['keys']; order: OrderTold }
type ReadyRecord = { line: number; keys: RowOfKeys['keys']; order: ReadyOrder }

export type OrdersImport = {
  mapping: OrdersMapping
  /** The brand's, by which dates without a zone are read. */
  zone: string
  /** Which total holds when an order comes again with another one. */
  totals: TotalsRule
  /** Orders of after this instant are slips. */
  now: Date
  ids: Ids
  secrets: Resolving['secrets']
  placeOf: PlaceOf
  /** Where the changes of status are announced. */
  schedule: BatchWrite<ScheduleEvent>
  /** Told of the persons whose orders have changed, in the transaction. */
  onChanged: (db: Queryable, personIds: string[], priority: number) => Promise<void>
}

/** Lower first: an import may wait for what just happened. */
const importPriority = 1
const dayMs = 86_400_000

export function ordersImporter(on: OrdersImport): Importer<OrderField, OrderRecord, ReadyRecord> {
  const { mapping, zone, totals } = on
  return {
    kind: 'orders',
    columns: mapping.columns,
    needed: [['orderNo'], ['orderedAt'], ['amount'], ['status'], ['phone', 'unionid', 'member']],
    reading: { mapping, zone, totals },
    read: orderReader(on),
    join,
    prepare: ({ line, keys, order }) => ({
      line,
      keys: readyKeys(on.secrets, keys),
      order: makeReady(order, on.secrets),
    }),
    write: (db, records, { now, run }) => writeOrders(on, db, records, { now, run }),
  }
}

function orderReader({ mapping, zone, now, placeOf }: OrdersImport) {
  const dateOf = dateReader(mapping.dates)
  const toInstant = zoned(zone)
  const placeFor = placeReader(placeOf)
  const latest = now.getTime() + dayMs
  const largest = BigInt(Math.round(mapping.maxAmount * 100))
  const instant = (cells: Cells<OrderField>, field: OrderField): Date | undefined => {
    const local = dateOf(cells, field)
    const at = local && toInstant(local)
    if (at && at.getTime() > latest) cells.tell(field, 'the date lies in the future')
    return at
  }
  const amount = (cells: Cells<OrderField>, field: OrderField): bigint | undefined => {
    const text = cells.text(field)
    return text === null ? undefined : amountOf(cells, field, text, { currency: mapping.currency, largest })
  }
  return (cells: Cells<OrderField>, source: string): OrderRecord | undefined => {
    const orderNo = numberOf(cells, 'orderNo')
    const orderedAt = instant(cells, 'orderedAt')
    if (!orderedAt && cells.problems.length === 0) cells.needed('orderedAt')
    const cents = amount(cells, 'amount')
    if (cents === undefined && cells.text('amount') === null) cells.needed('amount')
    const refundOf = cells.text('refundOf') === null ? null : numberOf(cells, 'refundOf')
    if (cents !== undefined && cents < 0n && refundOf === null) {
      cells.tell(
        'refundOf',
        `a negative amount is a refund: ${cells.nameOf('refundOf')} must name the order it takes back`,
      )
    }
    if (cents !== undefined && cents > 0n && refundOf !== null)
      cells.tell('amount', 'the amount of a refund is negative')
    const status = statusOf(cells, mapping.statuses)
    const keys = keysOf(cells)
    const deliveredAt = instant(cells, 'deliveredAt') ?? null
    const item = itemOf(cells, (field) => amount(cells, field) ?? null)
    const address = cells.text('address')
    const place = placeFor(cells.text('province'), cells.text('city'), address)
    if (cells.problems.length > 0 || !orderedAt || cents === undefined || !status) return undefined
    const order: OrderTold = {
      shop: cells.text('shop') ?? mapping.shop,
      orderNo,
      orderedAt,
      cents,
      refundOf,
      status,
      carrier: cells.text('carrier'),
      trackingNo: cells.text('trackingNo'),
      deliveredAt,
      items: item ? [item] : [],
      ...place,
      address,
      source,
    }
    return { line: cells.line, keys, order }
  }
}

/** An order number as text. What a spreadsheet has made of a long one is no number any more. */
function numberOf(cells: Cells<OrderField>, field: OrderField): string {
  const text = cells.needed(field)
  if (/^\d(\.\d+)?e\+?\d+$/i.test(text)) {
    cells.tell(field, `«${text}» was a long number before a spreadsheet shortened it: export it as text`)
  }
  if (text.length > 64) cells.tell(field, 'more than 64 characters')
  return text
}

type AmountRules = { currency: readonly string[]; largest: bigint }

function amountOf<F extends string>(cells: Cells<F>, field: F, text: string, rules: AmountRules): bigint | undefined {
  const plain = readAmount(text)
  const read = plain.kind === 'amount' ? plain : readAmount(withoutCurrency(text, rules.currency))
  const shown = `«${text.slice(0, 40)}»`
  if (read.kind === 'wrong') {
    const why = read.why === 'too-fine' ? 'has more than two decimals' : 'is no plain decimal number such as 199.00'
    cells.tell(field, `${shown} ${why}`)
    return undefined
  }
  if (read.cents > rules.largest || read.cents < -rules.largest) {
    cells.tell(field, `${shown} is beyond maxAmount of content/import.yaml, ${decimalOf(rules.largest)}`)
    return undefined
  }
  return read.cents
}

function withoutCurrency(text: string, currency: readonly string[]): string {
  const bare = currency.reduce((rest, word) => rest.replace(word.normalize('NFKC'), ''), text.normalize('NFKC'))
  return bare.replaceAll(/\s/g, '')
}

function statusOf(cells: Cells<OrderField>, statuses: OrdersMapping['statuses']): OrderTold['status'] | undefined {
  const text = cells.needed('status')
  const status = Object.hasOwn(statuses, text) ? statuses[text] : undefined
  if (text !== '' && status === undefined) {
    const near = nearest(text, Object.keys(statuses))
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`
    cells.tell('status', `«${text.slice(0, 40)}» is no status that content/import.yaml knows${hint}`)
  }
  return status
}

function itemOf(cells: Cells<OrderField>, amount: (field: OrderField) => bigint | null): OrderItem | undefined {
  const [sku, name, category] = [cells.text('sku'), cells.text('product'), cells.text('category')]
  const count = cells.text('quantity') ?? '1'
  const cents = amount('itemAmount')
  if (!/^\d{1,6}(\.0+)?$/.test(count)) cells.tell('quantity', `«${count.slice(0, 40)}» is no number of pieces`)
  if (sku === null && name === null && category === null) return undefined
  return { sku, name, category, quantity: Math.trunc(Number(count)), cents }
}

/** Exports give an order that holds several things a row for each: the rows stand together and say the same total. */
function join(before: OrderRecord, next: OrderRecord): OrderRecord | undefined {
  // Nearly every row is another order: the rest is compared for the few others only.
  if (before.order.orderNo !== next.order.orderNo || sayOf(before) !== sayOf(next)) return undefined
  const items = new Map([...before.order.items, ...next.order.items].map((item) => [itemText(item), item]))
  return { ...before, order: { ...before.order, items: [...items.values()] } }
}

/** Equal for rows of one order. */
function sayOf({ keys, order: { items: _, source: __, cents, ...order } }: OrderRecord): string {
  return JSON.stringify([keys, order, cents.toString()])
}

function itemText({ cents, ...item }: OrderItem): string {
  return JSON.stringify([item, cents?.toString()])
}

async function writeOrders(
  { ids, secrets, totals, schedule, onChanged }: OrdersImport,
  db: Queryable,
  records: readonly ReadyRecord[],
  { now, run }: { now: Date; run: string },
): Promise<Written> {
  const problems: Problem[] = []
  const rows = records.map(({ keys, order }) => ({ keys, source: order.told.source }))
  const resolved = await resolveCustomers(db, { secrets, ids, now }, rows)
  const bought = records.flatMap(({ order: { told, written }, line }, i) => {
    const buyer = resolved[i]!
    if (!('refused' in buyer)) return [{ told, written, buyer, line }]
    problems.push({ line, column: null, reason: refusalOf(buyer.refused) })
    return []
  })
  const { outcomes, effects } = await recordOrders(db, bought, { now, secrets, totals, announceNew: false })
  const counts = { added: 0, changed: 0, unchanged: 0 }
  const persons = new Set<string>()
  outcomes.forEach((outcome, i) => {
    const { line, told, buyer } = bought[i]!
    if (outcome.kind === 'refused') problems.push({ line, column: null, reason: reasonOf(outcome, told.cents, run) })
    else {
      counts[outcome.kind] += 1
      if (outcome.kind !== 'unchanged') persons.add(buyer.personId)
    }
  })
  if (effects.length > 0) await schedule.run(db, effects)
  if (persons.size > 0) await onChanged(db, [...persons], importPriority)
  return { ...counts, problems }
}

function reasonOf({ reason, kept }: Extract<OrderOutcome, { kind: 'refused' }>, cents: bigint, run: string): string {
  const [, ofRun, line] = /^import:(.+):(\d+)$/.exec(kept.source) ?? []
  const where = ofRun === run ? `line ${line} of this file` : 'an earlier import'
  switch (reason) {
    case 'other-totals':
      return `the order is known with the total ${decimalOf(kept.cents)} from ${where}, here it is ${decimalOf(cents)}: the first is kept (--newer-totals to take this one)`
    case 'other-customer':
      return `the order is known from ${where} as somebody else’s: nothing was changed`
    case 'other-refund':
      return `the order is known from ${where} with another order that it refunds: nothing was changed`
    default:
      return reason satisfies never
  }
}
