/** To whom the rows of an import belong, and what must be written for it. Pure: the reading and writing is in repo.ts. */
import type { Resolved } from './schema.ts'

/** Who a lead, a key or a contact, leads to. */
export type Led = { customerId: string; personId: string } | 'forgotten'

export type Plan = {
  results: Resolved[]
  /** New customers. */
  customers: string[]
  /** Leads that nobody had, each with the first row that brought it. */
  added: { lead: string; customerId: string; row: number }[]
  /** Customers who share a row and are two persons. */
  shared: { from: string; into: string; row: number }[]
}

/**
 * Row by row, so that the first row of an unknown person makes her and the next one finds her. `leads` of a row stand
 * in the order of trust: the row is written under the customer of the first that is known. A row that names somebody who
 * was forgotten is refused as a whole: its other keys are hers too.
 */
export function planRows(
  rows: readonly { leads: readonly string[] }[],
  found: ReadonlyMap<string, Led>,
  fresh: () => string,
  canBeAdded: (lead: string) => boolean,
): Plan {
  const known = new Map(found)
  const plan: Plan = { results: [], customers: [], added: [], shared: [] }
  for (const [row, { leads }] of rows.entries()) plan.results.push(place(leads, row))
  return plan

  function place(leads: readonly string[], row: number): Resolved {
    const led = leads.flatMap((lead) => known.get(lead) ?? [])
    if (led.includes('forgotten')) return { refused: 'forgotten' }
    const addable = leads.filter((lead) => !known.has(lead) && canBeAdded(lead))
    const [first, ...others] = led.filter((one) => one !== 'forgotten')
    if (!first && addable.length === 0) return { refused: 'no-key' }
    const hers = first ?? born()
    for (const lead of addable) {
      known.set(lead, hers)
      plan.added.push({ lead, customerId: hers.customerId, row })
    }
    for (const other of others) {
      if (other.personId !== hers.personId) {
        plan.shared.push({ from: other.customerId, into: hers.customerId, row })
      }
    }
    return hers
  }

  function born(): { customerId: string; personId: string } {
    const id = fresh()
    plan.customers.push(id)
    return { customerId: id, personId: id }
  }
}
