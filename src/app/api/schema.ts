/** What the shop's own programs may say to us, and what we answer. */
import { z } from 'zod'
import { OrderStatus, readAmount } from '../../domains/orders/index.ts'

const Text = z
  .string()
  .trim()
  .min(1)
  .max(200)
  // PostgreSQL keeps neither.
  .refine((text) => !text.includes('\0') && text.isWellFormed(), { error: 'text without NUL and broken characters' })

const Key = z.strictObject({ kind: z.enum(['phone', 'unionid', 'member', 'external']), value: Text })

/** Who it is about: each key exact, never a name. */
const Customer = z.strictObject({ keys: z.array(Key).min(1).max(10) })

const Instant = z.iso
  .datetime({ offset: true, error: 'an instant such as 2026-03-02T10:00:00+08:00' })
  .transform((text) => new Date(text))

/** Text, since a number would have been a float on its way. */
const Amount = z.string({ error: 'an amount as text, such as "199.00"' }).transform((text, context) => {
  const read = readAmount(text)
  if (read.kind === 'amount') return read.cents
  const message = read.why === 'too-fine' ? 'two decimals at most' : 'a plain decimal number, such as "199.00"'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const Item = z.strictObject({
  sku: Text.nullish().default(null),
  name: Text.nullish().default(null),
  category: Text.nullish().default(null),
  quantity: z.int().min(0).max(999_999).default(1),
  amount: Amount.nullish().default(null),
})

const Order = z
  .strictObject({
    shop: Text.optional(),
    orderNo: Text.max(64),
    customer: Customer,
    orderedAt: Instant,
    amount: Amount,
    refundOf: Text.max(64).nullish().default(null),
    status: OrderStatus,
    carrier: Text.nullish().default(null),
    trackingNo: Text.nullish().default(null),
    deliveredAt: Instant.nullish().default(null),
    items: z.array(Item).max(200).default([]),
    province: Text.nullish().default(null),
    city: Text.nullish().default(null),
    address: Text.max(500).nullish().default(null),
  })
  .superRefine(({ amount, refundOf }, context) => {
    if (amount < 0n && refundOf === null) {
      const message = 'a negative amount is a refund: name the order that it takes back'
      context.addIssue({ code: 'custom', path: ['refundOf'], message })
    }
    if (amount > 0n && refundOf !== null) {
      context.addIssue({ code: 'custom', path: ['amount'], message: 'the amount of a refund is negative' })
    }
  })
export type OrderGiven = z.output<typeof Order>

export const OrdersBody = z.strictObject({ orders: z.array(Order).min(1).max(500) })

const EventGiven = z.strictObject({
  customer: Customer,
  kind: Text.max(40),
  at: Instant,
  data: z.record(z.string().max(100), z.json()).nullish().default(null),
})
export type EventGiven = z.output<typeof EventGiven>

export const EventsBody = z.strictObject({ events: z.array(EventGiven).min(1).max(500) })

/** What is wrong with a request, field by field. */
export type FieldError = { path: string; message: string }

/** An answer as it goes out, and as it is kept for the same request again. Nothing in it is personal. */
export type Answer = { status: number; body: Record<string, unknown> }

export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.')
    // The keys themselves stand where the reader looks for them, not in the sentence.
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'there is no such field' }))
  })
}

export function refused(status: number, errors: FieldError[]): Answer {
  return { status, body: { errors } }
}
