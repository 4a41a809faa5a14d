/** Which customer an exact key leads to: a phone, a unionid, a number in the shop. Who shares one is one person. */
import type { Ids } from '../../../kernel/ports.ts'
import type { Secrets } from '../../../kernel/secrets.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { type Led, planRows } from './decide.ts'
import { normalKey } from './normal.ts'
import { addKeys, addUnknownKeys, findLed, findLedByContact, insertUnseen, lockKeys, putLinksDue } from './repo.ts'
import type { Claimed, GivenKey, Key, KeyKind, Resolved, RowOfKeys } from './schema.ts'

export { concealed, concealedPhones, keptProfile } from './conceal.ts'
export { claimKeys } from './repo.ts'
export { normalKey } from './normal.ts'
export {
  type Claimed,
  type ConcealedPhone,
  type GivenKey,
  type KeyKind,
  keyKinds,
  type Resolved,
  type RowOfKeys,
} from './schema.ts'

export type Resolving = { secrets: Secrets; ids: Ids; now: Date }

/** Which lead of a row decides under whom it is written: a family may share a phone, nobody shares a member number. */
const trust: Record<KeyKind, number> = { unionid: 0, member: 1, phone: 2, external: 3 }

/**
 * The customers to whom rows belong, in the order of the rows. Unknown keys make a customer, or go to the one whom the
 * row's other keys lead to. Where they lead to two persons, the row belongs to the first, and the two are put down to be
 * linked (app/rights.ts does that). Refused are rows of people who were forgotten and rows without a usable key.
 *
 * For a few thousand rows at a time, in the transaction that writes them. Other imports wait until it ends.
 */
export async function resolveCustomers(
  db: Queryable,
  { secrets, ids, now }: Resolving,
  rows: readonly RowOfKeys[],
): Promise<Resolved[]> {
  await lockKeys(db)
  const keys = new Map<string, Key>()
  const contacts = new Map<string, { realm: string; contactId: string }>()
  const led = rows.map((row) => ({ leads: leadsOf(row) }))
  const found = new Map<string, Led>()
  await Promise.all([take(keys, findLed), take(contacts, findLedByContact)])
  await takeForgotten()
  const plan = planRows(
    led,
    found,
    () => ids.fresh(),
    (lead) => keys.has(lead),
  )
  await insertUnseen(db, plan.customers, now)
  const added = plan.added.map(({ lead, customerId, row }) => {
    const { kind, hash, value } = keys.get(lead)!
    const sealed = secrets.seal(value, 'customer_key.sealed')
    return { id: ids.fresh(), customerId, kind, hash, sealed, source: rows[row]!.source, at: now }
  })
  // Who chats gives keys without the lock: what somebody has taken since is looked at again, and the two are linked.
  if (added.length > 0 && (await addUnknownKeys(db, added)) < added.length) await putKeys(db, added)
  await putLinksDue(
    db,
    plan.shared.map(({ from, into, row }) => ({
      fromId: from,
      intoId: into,
      evidence: { kind: 'row', source: rows[row]!.source },
      at: now,
    })),
  )
  return plan.results

  function leadsOf(row: RowOfKeys): string[] {
    const leads = keysOf(secrets, row.keys).map((key) => {
      const lead = `${key.kind}:${key.hash}`
      keys.set(lead, key)
      return lead
    })
    if (row.contactId === undefined || row.contactId === '') return leads
    const contact = { realm: row.realm ?? 'default', contactId: row.contactId }
    const lead = `contact:${contact.realm}\n${contact.contactId}`
    contacts.set(lead, contact)
    return [lead, ...leads]
  }

  async function take<T>(leads: Map<string, T>, find: (db: Queryable, of: T[]) => Promise<Map<number, Led>>) {
    const names = [...leads.keys()]
    for (const [place, who] of await find(db, [...leads.values()])) found.set(names[place]!, who)
  }

  /** Contacts of people who were forgotten: their tombstones are keyed like keys. */
  async function takeForgotten(): Promise<void> {
    const names = [...contacts.keys()]
    const graves = [...contacts.values()].map(({ realm, contactId }) => contactGrave(secrets, realm, contactId))
    for (const [place, who] of await findLed(db, graves)) found.set(names[place]!, who)
  }
}

/** What a tombstone keeps of a contact. */
export function contactGrave(secrets: Secrets, realm: string, contactId: string): { kind: string; hash: string } {
  return { kind: 'contact', hash: secrets.hash('contact', `${realm}\n${contactId}`) }
}

/** The keys in their one form, the most trusted first; what is none is left out, and what has that form stays. */
export function keysOf(secrets: Secrets, given: readonly (GivenKey | Key)[]): Key[] {
  return given
    .flatMap((key) => {
      if ('hash' in key) return [key]
      const value = normalKey(key.kind, key.value)
      return value === null ? [] : [{ kind: key.kind, value, hash: secrets.hash(key.kind, value) }]
    })
    .sort((a, b) => trust[a.kind] - trust[b.kind])
}

/** Gives one key to a customer. The two who share it are put down to be linked, unless a human has parted them before. */
export async function claimKey(
  db: Queryable,
  { secrets, ids, now }: Resolving,
  { customerId, source, ...given }: GivenKey & { customerId: string; source: string },
): Promise<Claimed> {
  const [key] = keysOf(secrets, [given])
  if (!key) return 'no-key'
  const { kind, hash } = key
  const sealed = secrets.seal(key.value, 'customer_key.sealed')
  const added = await putKeys(db, [{ id: ids.fresh(), customerId, kind, hash, sealed, source, at: now }])
  if (added > 0) return 'added'
  const led = (await findLed(db, [key])).get(0)
  if (led === undefined || led === 'forgotten') return 'forgotten'
  return led.customerId === customerId ? 'known' : 'shared'
}

async function putKeys(db: Queryable, keys: Parameters<typeof addKeys>[1]): Promise<number> {
  if (keys.length === 0) return 0
  const added = await addKeys(db, keys)
  // Somebody else came first, and the statement could not see it yet: the next one does.
  if (added < keys.length) await addKeys(db, keys)
  return added
}
