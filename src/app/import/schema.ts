/** content/import.yaml: which column of the shop's files says what, and how its words are to be read. */
import { z } from 'zod'
import { OrderStatus } from '../../domains/orders/index.ts'
import { contentKind } from '../../kernel/content.ts'
import { readFormat } from './moment.ts'

/** The names that a column goes by; the first that a file has is read. A field without one goes by its own name. */
const names = (of: string) =>
  z
    .union([z.string().trim().min(1), z.array(z.string().trim().min(1)).min(1)])
    .default([of])
    .transform((given): readonly string[] => (typeof given === 'string' ? [given] : given))

const columnsOf = <F extends string>(fields: readonly F[]) =>
  z.strictObject(
    Object.fromEntries(fields.map((field) => [field, names(field)])) as Record<F, ReturnType<typeof names>>,
  )

export const orderFields = [
  'orderNo',
  'shop',
  'orderedAt',
  'amount',
  'status',
  'refundOf',
  'phone',
  'unionid',
  'member',
  'carrier',
  'trackingNo',
  'deliveredAt',
  'sku',
  'product',
  'category',
  'quantity',
  'itemAmount',
  'province',
  'city',
  'address',
] as const
export type OrderField = (typeof orderFields)[number]

export const customerFields = [
  'name',
  'phone',
  'unionid',
  'member',
  'gender',
  'birthday',
  'province',
  'city',
  'address',
  'memberLevel',
  'inviter',
  'marketing',
  'profiling',
  'sensitive',
] as const
export type CustomerField = (typeof customerFields)[number]

const Formats = z
  .array(
    z.string().refine((format) => readFormat(format) !== undefined, {
      error: 'year, month and day such as yyyy-MM-dd HH:mm:ss, yyyy/M/d H:mm, or excel',
    }),
  )
  .min(1)
  .describe('How dates are written; the first that fits is taken')

const plain = ['yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd HH:mm', 'yyyy-MM-dd']

const words = z.array(z.string().trim().min(1))

const Orders = z.strictObject({
  shop: z.string().trim().min(1).default('main').describe('The shop of files that have no column for it'),
  columns: columnsOf(orderFields).prefault({}).describe('The names of the columns, several where exports differ'),
  dates: Formats.default(plain),
  statuses: z
    .record(z.string().trim().min(1), OrderStatus)
    .default({})
    .describe('What the words for the status mean: placed, paid, shipped, delivered, completed, cancelled, refunded'),
  currency: words.default([]).describe('Signs and words around an amount that are left out'),
  maxAmount: z
    .number()
    .positive()
    .max(999_999_999_999)
    .default(1_000_000)
    .describe('A larger amount of one order is refused as a slip'),
})
export type OrdersMapping = z.output<typeof Orders>

const Customers = z.strictObject({
  columns: columnsOf(customerFields).prefault({}).describe('The names of the columns, several where exports differ'),
  dates: Formats.default(plain),
  genders: z
    .record(z.string().trim().min(1), z.enum(['female', 'male', 'unknown']))
    .default({})
    .describe('What the words for the gender mean'),
  yes: words.default(['yes', 'true', '1']).describe('What says yes to a kind of consent'),
  no: words.default(['no', 'false', '0']).describe('What says no to a kind of consent'),
})
export type CustomersMapping = z.output<typeof Customers>

const File = z.strictObject({ orders: Orders.prefault({}), customers: Customers.prefault({}) })

export const importKind = contentKind({
  name: 'import',
  title: 'how the files of the shop are read',
  sources: [{ form: 'single', path: 'import.yaml', optional: true }],
  schema: File,
  review(items, tell) {
    for (const item of items) {
      for (const section of ['orders', 'customers'] as const) {
        for (const [field, name, i] of repeated(item.data[section].columns)) {
          tell(item, [section, 'columns', field, i], {
            severity: 'error',
            message: `the column «${name}» is two things`,
            expected: 'each column for one field only',
          })
        }
      }
    }
  },
})

/** Names that two fields share, at the second. */
function repeated(columns: Readonly<Record<string, readonly string[]>>): [field: string, name: string, i: number][] {
  const seen = new Set<string>()
  return Object.entries(columns).flatMap(([field, names]) =>
    names.flatMap((name, i): [string, string, number][] => {
      const twice = seen.has(name)
      seen.add(name)
      return twice ? [[field, name, i]] : []
    }),
  )
}
