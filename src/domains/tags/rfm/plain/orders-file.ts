/** Orders from a CSV file of customer, date and amount, for checking published tables without a database. */
import { createReadStream } from 'node:fs'
import { CsvError, parse } from 'csv-parse'
import { reasonOf, UsageError } from '../../../../kernel/errors.ts'
import { readAmount } from '../../../orders/index.ts'
import { dayNumber, type PlainOrder } from './decide.ts'

/** What a column may be called; the second name is that of the R package `rfm`. Other columns are passed over. */
const columns = {
  customer: ['customer', 'customer_id'],
  date: ['date', 'order_date'],
  amount: ['amount', 'revenue'],
} as const

/**
 * The orders of a UTF-8 CSV file with a heading, one after the other. A date is YYYY-MM-DD, or an instant with its offset,
 * which becomes a day in `zone`; an amount is a decimal with at most two places. Throws `rfm-orders` with the line of
 * what it cannot read: a table that is to be checked must be read whole.
 */
export async function* readOrdersFile(file: string, zone: string): AsyncGenerator<PlainOrder> {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
  const records = createReadStream(file)
  const rows = records.pipe(parse({ bom: true, trim: true, skip_empty_lines: true, info: true }))
  // A pipe hands on no errors.
  records.on('error', (error) => rows.destroy(error))
  let places: Places | undefined
  try {
    for await (const row of rows as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (places) yield orderOf(row.record, places, dayOf, `${file}:${row.info.lines}`)
      else places = placesOf(row.record, file)
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    // What a CSV error says quotes the row, and rows are people's (law 11).
    const reason = cause instanceof CsvError ? `line ${String(cause['lines'])}: ${cause.code}` : reasonOf(cause)
    throw bad(`${file} cannot be read: ${reason}`)
  }
  if (!places) throw bad(`${file} is empty: expected a heading customer,date,amount`)
}

type Places = Record<keyof typeof columns, number>

function placesOf(heading: string[], file: string): Places {
  const names = heading.map((name) => name.toLowerCase())
  const placeOf = (column: keyof typeof columns): number => {
    const place = names.findIndex((name) => columns[column].some((known) => known === name))
    if (place < 0) throw bad(`${file}:1: there is no column ${columns[column].join(' or ')}`)
    return place
  }
  return { customer: placeOf('customer'), date: placeOf('date'), amount: placeOf('amount') }
}

function orderOf(record: string[], places: Places, dayOf: Intl.DateTimeFormat, where: string): PlainOrder {
  const customer = record[places.customer] ?? ''
  const day = readDay(record[places.date] ?? '', dayOf)
  const amount = readAmount(record[places.amount] ?? '')
  if (customer === '') throw bad(`${where}: there is no customer`)
  if (day === undefined) throw bad(`${where}: expected a date such as 2006-12-31 or 2006-12-31T23:30:00+08:00`)
  if (amount.kind === 'wrong') throw bad(`${where}: expected an amount such as 472 or 129.90`)
  return { customer, day, cents: amount.cents }
}

function readDay(text: string, dayOf: Intl.DateTimeFormat): string | undefined {
  const instant = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  const day = Number.isNaN(instant) ? text : dayOf.format(instant)
  return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(dayNumber(day)) ? day : undefined
}

function bad(message: string): UsageError {
  return new UsageError({ code: 'rfm-orders', message })
}
