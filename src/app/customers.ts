/** What the operator looks up: who somebody is. Each look is in the audit. */
import * as members from '../domains/members/index.ts'
import { writeAudit } from '../kernel/audit.ts'
import type { Database } from '../kernel/db.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { Secrets } from '../kernel/secrets.ts'

export type Looking = { secrets: Secrets; now: Date; by: string }

/** The customers whom a phone in any spelling, a shop's number, a unionid, a contact id or a customer id leads to. */
export async function lookUp(
  { pool }: Database,
  { secrets, now, by }: Looking,
  text: string,
): Promise<members.FoundCustomer[]> {
  const given = members.keyKinds.map((kind) => ({ kind, value: text }))
  const found = await members.findCustomers(pool, text.trim(), members.keysOf(secrets, given))
  for (const { customerId, by: kind } of found) {
    await writeAudit(pool, { at: now, by, action: 'customer-found', subject: customerId, details: { kind } })
  }
  return found
}

export type Shown = Omit<members.CustomerShown, 'keys'> & {
  keys: { customerId: string; kind: string; value: string; source: string; at: Date }[]
}

/** Who a customer is, her phones and numbers masked: in full they stand in an export. Throws `customer-unknown`. */
export async function look({ pool }: Database, { secrets, now, by }: Looking, customerId: string): Promise<Shown> {
  const shown = await members.showCustomer(pool, customerId)
  if (!shown) throw new ZhangguiError({ code: 'customer-unknown', message: `There is no customer ${customerId}.` })
  await writeAudit(pool, { at: now, by, action: 'customer-shown', subject: customerId })
  return {
    ...shown,
    keys: shown.keys.map(({ sealed, ...key }) => ({
      ...key,
      value: sealed ? masked(secrets.open(sealed, 'customer_key.sealed')) : '',
    })),
  }
}

/** +8613800138000 → +86138****8000: enough to compare, too little to call. */
function masked(value: string): string {
  const country = value.startsWith('+86') ? '+86' : ''
  const rest = value.slice(country.length)
  const quarter = Math.floor(rest.length / 4)
  const [front, back] = rest.length >= 11 ? [3, 4] : [quarter, quarter]
  return `${country}${rest.slice(0, front)}****${rest.slice(rest.length - back)}`
}
