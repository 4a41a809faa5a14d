/** Who somebody is, and what of it is new. */
import { isDeepStrictEqual } from 'node:util'
import type { Contact } from '../../../kernel/event.ts'
import { keptProfile } from '../links/index.ts'
import type { MembersSettings, Person, Role } from '../schema.ts'
import type { Identity, Known, Sighting } from './schema.ts'

/** `lastSeenAt` is written at most this often: the hot road must not rewrite a row for every message. */
const lastSeenEveryMs = 60_000

/**
 * The role of a contact. What content says weighs most, then our own accounts, then what the platform says. A contact
 * that the platform cannot read yet keeps the role that it had.
 */
export function roleOf(contact: Contact, known: Known, settings: MembersSettings): Role {
  if (contact.kind === 'self' || known.account !== undefined) return 'self'
  if (settings.bots.includes(contact.id)) return 'bot'
  if (known.identity?.appointed || settings.staff.contacts.includes(contact.id)) return 'staff'
  if (settings.staff.corporations.length > 0) {
    const corporation = contact.profile?.['corporation'] ?? known.identity?.profile['corporation']
    if (typeof corporation === 'string' && settings.staff.corporations.includes(corporation)) return 'staff'
  }
  switch (contact.kind) {
    case 'bot':
    case 'staff':
      return contact.kind
    case 'person':
      return 'customer'
    case 'unknown':
      return known.identity?.role ?? 'customer'
    default:
      return contact.kind satisfies never
  }
}

/** The identity as it is after this sighting, or null when nothing worth a write has changed. */
export function refreshed(identity: Identity, contact: Contact, role: Role, sighting: Sighting): Identity | null {
  const stale = sighting.at.getTime() - identity.lastSeenAt.getTime() >= lastSeenEveryMs
  const next: Identity = {
    ...identity,
    role,
    // A contact that is not readable yet comes without a name; that is no reason to forget the one we know.
    name: contact.name === '' ? identity.name : contact.name,
    alias: contact.alias ?? identity.alias,
    profile:
      contact.profile === undefined ? identity.profile : { ...identity.profile, ...keptProfile(contact.profile) },
    lastSeenAt: sighting.acted && stale ? sighting.at : identity.lastSeenAt,
  }
  return isDeepStrictEqual(next, identity) ? null : next
}

/** Hashes of phones in the profile that the identity did not have, or had while she was no customer. */
export function newPhones(before: Identity | undefined, profile: Identity['profile']): string[] {
  const hashes = (of: Identity['profile'] | undefined): string[] => {
    const list = of?.['phone']
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
  }
  const had = before?.role === 'customer' ? hashes(before.profile) : []
  return hashes(profile).filter((hash) => !had.includes(hash))
}

/** Staff, bots and ourselves are never customers, whatever row an earlier misunderstanding has left (law 13). */
export function personOf(identity: Identity): Person {
  const { id, customerId, contactId, role, name } = identity
  return { identityId: id, customerId: role === 'customer' ? customerId : null, contactId, role, name }
}
