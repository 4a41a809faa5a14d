/** Meeting people: whoever comes into sight has an identity, and customers a customer, from the first moment. */
import type { Contact, Message } from '../../../kernel/event.ts'
import { membersSettings, type On, type Person } from '../schema.ts'
import { claimKeys, concealedPhones, keptProfile } from '../links/index.ts'
import { newPhones, personOf, refreshed, roleOf } from './decide.ts'
import {
  appointIdentities,
  findKnown,
  insertCustomers,
  insertIdentities,
  settleStaff,
  touchCustomers,
  updateIdentities,
} from './repo.ts'
import type { Identity, Known, Met, Sighting } from './schema.ts'

export { listSameCustomers, noteInviters, settleStaff } from './repo.ts'
export type { Met } from './schema.ts'

/**
 * The person behind a contact who just did something. Writes only what has changed.
 *
 * Call it at most once per contact and transaction, and only under the contact's lock key: a second call would not see
 * what the first one wrote.
 */
export async function meet(on: On, contact: Contact, at: Date): Promise<Person> {
  const [met] = await meetAll(on, [contact], { at, acted: true })
  if (!met) throw new RangeError('one contact gives one person')
  const { account: _, ...person } = met
  return person
}

/** The same for many at once, each contact id once, in the order of their first appearance. */
export async function meetAll(on: On, contacts: readonly Contact[], sighting: Sighting): Promise<Met[]> {
  const identities = await sight(on, contacts, sighting)
  return identities.map(({ identity, account }) => ({ ...personOf(identity), account }))
}

/** The same for people read from an account's contact list: they are friends of the account from now on. */
export async function meetFriends(on: On, contacts: readonly Contact[], sighting: Sighting): Promise<Met[]> {
  const identities = await sight(on, contacts, sighting, (identity) =>
    identity.role === 'self' || identity.friendOf[on.account]
      ? identity
      : { ...identity, friendOf: { ...identity.friendOf, [on.account]: sighting.at.toISOString() } },
  )
  return identities.map(({ identity, account }) => ({ ...personOf(identity), account }))
}

/** A person who is known already, or undefined; nothing is written. Safe without the contact's lock. */
export async function findPerson(on: On, contactId: string): Promise<Met | undefined> {
  const known = await on.work.load(findKnown, { realm: on.realm, contactId })
  return known?.identity && { ...personOf(known.identity), account: known.account ?? null }
}

/**
 * Whether a message names us: the account that hears it, or another one of ours. Customers do not know which of us
 * speaks in a group, and after a failover they go on naming the one that is gone.
 */
export async function namesUs(on: On, { mentionsSelf, mentions }: Message): Promise<boolean> {
  if (mentionsSelf) return true
  const known = await Promise.all(mentions.map((contactId) => on.work.load(findKnown, { realm: on.realm, contactId })))
  return known.some((one) => one?.account !== undefined)
}

/**
 * Makes somebody one of us, or ends it (law 13), whoever the platform takes her for: from then on she is no customer.
 * Under the lock of her contact, and not for whom `meet` was called in this transaction for the first time.
 */
export function appoint({ work, roleChanged }: On, person: Person, appointed: boolean): void {
  work.write(appointIdentities, { identityId: person.identityId, appointed })
  if (person.customerId === null) return
  work.write(settleStaff, person.customerId)
  roleChanged?.(person.customerId)
}

type Sighted = { identity: Identity; account: string | null }

async function sight(
  on: On,
  contacts: readonly Contact[],
  sighting: Sighting,
  extend: (identity: Identity) => Identity = (identity) => identity,
): Promise<Sighted[]> {
  const settings = on.content.settings(membersSettings)
  const distinct = [...new Map(contacts.map((contact) => [contact.id, contact])).values()]
  return Promise.all(
    distinct.map(async (contact) => {
      const known: Known = (await on.work.load(findKnown, { realm: on.realm, contactId: contact.id })) ?? {
        identity: undefined,
        account: undefined,
        consent: undefined,
      }
      const role = roleOf(contact, known, settings)
      const before = known.identity
      const plain = before
        ? (refreshed(before, contact, role, sighting) ?? before)
        : stranger(on, contact, role, sighting)
      const identity = extend(withCustomer(on, plain, sighting.at))
      if (!before) on.work.write(insertIdentities, identity)
      else if (identity !== before) on.work.write(updateIdentities, identity)
      if (identity !== before) claimPhones(on, contact, before, identity, sighting.at)
      if (before?.customerId && before.role !== role) {
        on.work.write(settleStaff, before.customerId)
        on.roleChanged?.(before.customerId)
      }
      if (before?.customerId && role === 'customer' && identity.lastSeenAt !== before.lastSeenAt) {
        on.work.write(touchCustomers, { id: before.customerId, at: identity.lastSeenAt })
      }
      const account = known.account ?? (contact.kind === 'self' ? on.account : null)
      return { identity, account }
    }),
  )
}

/** A fresh id, never one derived from the contact: who comes back after she was forgotten must be nobody we know. */
function stranger(on: On, contact: Contact, role: Identity['role'], { at }: Sighting): Identity {
  return {
    id: on.ids.fresh(),
    realm: on.realm,
    contactId: contact.id,
    customerId: null,
    role,
    name: contact.name,
    alias: contact.alias ?? null,
    profile: keptProfile(contact.profile ?? {}),
    friendOf: {},
    appointed: false,
    firstSeenAt: at,
    lastSeenAt: at,
  }
}

/** A phone that her profile has not shown before leads to her from now on, or shows that she is somebody we know. */
function claimPhones(
  on: On,
  contact: Contact,
  before: Identity | undefined,
  { customerId, role, profile }: Identity,
  at: Date,
) {
  if (customerId === null || role !== 'customer') return
  for (const hash of newPhones(before, profile)) {
    const phone = concealedPhones(contact.profile).find((one) => one.hash === hash)
    if (!phone) continue
    const sealed = Buffer.from(phone.sealed, 'base64')
    on.work.write(claimKeys, { id: on.ids.fresh(), customerId, kind: 'phone', hash, sealed, source: 'contact', at })
  }
}

function withCustomer(on: On, identity: Identity, at: Date): Identity {
  if (identity.role !== 'customer' || identity.customerId) return identity
  const id = on.ids.fresh()
  on.work.write(insertCustomers, { id, at })
  return { ...identity, customerId: id }
}
