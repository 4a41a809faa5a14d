/**
 * What is done to a person as a whole: linking and unlinking, deleting, exporting, summing up. No slice can do it alone,
 * so this is where all of them are asked, in one transaction, under the locks of all of her contacts (law 14).
 */
import * as members from '../domains/members/index.ts'
import { writeAudit } from '../kernel/audit.ts'
import type { Content } from '../kernel/content.ts'
import { type Database, isContention } from '../kernel/db.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { Jobs } from '../kernel/jobs.ts'
import type { Ids } from '../kernel/ports.ts'
import type { Secrets } from '../kernel/secrets.ts'
import type { Rights, Slice } from '../kernel/slice.ts'
import type { Queryable } from '../kernel/work.ts'

export type RightsParts = {
  slices: readonly Slice[]
  secrets: Secrets
  ids: Ids
  jobs: Pick<Jobs, 'forget'>
  now: Date
  /** For the audit: `cli:<user>`, or `customer`. */
  by: string
}

type Named = { name: string; rights: Rights }

/**
 * Makes two customers one person, `from` resolving to `into`; false when they are already.
 * Throws `customer-unknown`, `customer-merged` (`from` is linked to somebody else) and `customer-circle`.
 */
export function linkCustomers(db: Database, parts: RightsParts, from: string, into: string): Promise<boolean> {
  return undisturbed(db, async (tx) => {
    await members.lockPersons(tx, [from, into])
    if ((await members.linkedInto(tx, from)) === into) return false
    await link(tx, parts, { from, into, reason: 'hand', evidence: {} })
    await writeAudit(tx, { ...stamp(parts), action: 'customer-linked', subject: from, details: { into } })
    return true
  })
}

/**
 * Takes back the link of a customer to another one, whose id it returns. Each row goes back to where it was written, and
 * a key that the two share links them no more. Throws `customer-unknown` and `customer-not-linked`.
 */
export function unlinkCustomer(db: Database, parts: RightsParts, from: string): Promise<string> {
  return undisturbed(db, async (tx) => {
    await members.lockPersons(tx, [from])
    const into = await members.linkedInto(tx, from)
    if (into === undefined) throw unknown(from)
    if (into === null) {
      throw new ZhangguiError({
        code: 'customer-not-linked',
        message: `The customer ${from} is not linked to another one. If others are linked to her, name one of those: zhanggui customers show ${from}`,
      })
    }
    for (const { rights } of membersFirst(parts.slices)) await rights.onUnlink(tx, from, into)
    await members.recordUnlink(tx, { id: parts.ids.fresh(), fromId: from, intoId: into, ...stamp(parts) })
    await writeAudit(tx, { ...stamp(parts), action: 'customer-unlinked', subject: from, details: { from: into } })
    return into
  })
}

/**
 * Links those who share a key and wait for it, one pair a transaction: the younger customer into the older one, unless a
 * human has parted them before. Returns how many were linked, and how many were looked at: 0 when none waits.
 */
export async function linkDue(
  db: Database,
  parts: RightsParts,
  limit = 100,
): Promise<{ linked: number; seen: number }> {
  const waiting = await members.listDueLinks(db.pool, limit)
  let linked = 0
  for (const due of waiting) {
    linked += await undisturbed(db, async (tx) => {
      await members.lockPersons(tx, [due.fromId, due.intoId])
      const pair = await members.findLinkable(tx, due)
      if (pair) await link(tx, parts, { ...pair, reason: 'key', evidence: due.evidence })
      await members.deleteDueLink(tx, due)
      return pair ? 1 : 0
    })
  }
  return { linked, seen: waiting.length }
}

async function link(
  tx: Queryable,
  parts: RightsParts,
  { from, into, ...why }: { from: string; into: string; reason: 'key' | 'hand'; evidence: Record<string, unknown> },
): Promise<void> {
  for (const { rights } of membersFirst(parts.slices)) await rights.onMerge(tx, from, into, parts.now)
  await members.recordLink(tx, { id: parts.ids.fresh(), fromId: from, intoId: into, ...why, ...stamp(parts) })
}

/** Deletes a person in a transaction of its own; see `forgetIn`. */
export function forgetCustomer(db: Database, parts: RightsParts, customerId: string): Promise<void> {
  return undisturbed(db, (tx) => forgetIn(tx, parts, customerId))
}

/**
 * Deletes everything that leads to a person or was said by her, of all customers that she is; what must stay as a figure
 * is nobody's any more. A keyed hash of each of her keys keeps imports from bringing her back. Throws `customer-unknown`.
 *
 * Within the handling of an event it must be the event's only business, under the lock keys of all of her contacts: what
 * else is written at the end of that transaction would outlive her.
 */
export async function forgetIn(tx: Queryable, parts: RightsParts, customerId: string): Promise<void> {
  const persons = await members.lockPersons(tx, [customerId])
  const { customerIds, contacts } = persons
  if (customerIds.length === 0) throw unknown(customerId)
  await members.buryPerson(tx, parts.secrets, persons, parts.now)
  await parts.jobs.forget(tx, { customerIds, contactIds: contacts.map(({ contactId }) => contactId) })
  for (const { rights } of membersFirst(parts.slices).reverse()) await rights.forget(tx, customerId, parts.now)
  const details = { customers: customerIds.length, contacts: contacts.length }
  await writeAudit(tx, { ...stamp(parts), action: 'customer-deleted', subject: customerId, details })
}

export type CustomerExport = { customerId: string; exportedAt: Date; data: Record<string, unknown> }

/** Everything that is kept of a person, by slice. Throws `customer-unknown`, and `customer-forgotten` of the deleted. */
export function exportCustomer(db: Database, parts: RightsParts, customerId: string): Promise<CustomerExport> {
  return db.transaction(async (tx) => {
    const shown = await members.showCustomer(tx, customerId)
    if (!shown) throw unknown(customerId)
    if (shown.forgottenAt) throw forgotten(customerId, shown.forgottenAt)
    const data: Record<string, unknown> = {}
    for (const { name, rights } of membersFirst(parts.slices)) {
      data[name] = await rights.exportOf(tx, customerId, parts.secrets)
    }
    await writeAudit(tx, { ...stamp(parts), action: 'customer-exported', subject: customerId })
    return { customerId, exportedAt: parts.now, data }
  })
}

/** «我的数据»: what every slice has to say to the person herself. */
export async function summaryOf(
  db: Queryable,
  slices: readonly Slice[],
  customerId: string,
  content: Content,
): Promise<string[]> {
  const lines: string[] = []
  for (const { rights } of membersFirst(slices))
    lines.push(...((await rights.summaryOf?.(db, customerId, content)) ?? []))
  return lines
}

const attemptsAtMost = 5

/** Runs a transaction again that PostgreSQL gave up for another one: two links may cross each other. */
async function undisturbed<T>(db: Database, run: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(run)
    } catch (error) {
      if (!isContention(error) || attempt === attemptsAtMost) throw error
    }
  }
}

function membersFirst(slices: readonly Slice[]): Named[] {
  const keeping = slices.flatMap(({ name, rights }) => (rights === 'none' ? [] : [{ name, rights }]))
  const isMembers = ({ name }: Named): boolean => name === members.slice.name
  return [...keeping.filter(isMembers), ...keeping.filter((one) => !isMembers(one))]
}

function stamp({ now, by }: RightsParts): { at: Date; by: string } {
  return { at: now, by }
}

function unknown(customerId: string): ZhangguiError {
  return new ZhangguiError({
    code: 'customer-unknown',
    message: `There is no customer ${customerId}. Find her with: zhanggui customers find <phone, member number or contact id>`,
  })
}

function forgotten(customerId: string, at: Date): ZhangguiError {
  return new ZhangguiError({
    code: 'customer-forgotten',
    message: `The customer ${customerId} was deleted at ${at.toISOString()}: nothing of her is kept.`,
  })
}
