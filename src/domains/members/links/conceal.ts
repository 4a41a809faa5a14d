/**
 * Phones on their way in. The platform shows them in the profiles of contacts; from the border on they are a hash and a
 * sealed value, so that no event in the inbox and no profile keeps one that can be read.
 */
import type { Contact, NewEvent } from '../../../kernel/event.ts'
import type { Secrets } from '../../../kernel/secrets.ts'
import { normalKey } from './normal.ts'
import type { ConcealedPhone } from './schema.ts'

/** The event with no phone to read in it. Call it before the event is stored. */
export function concealed(event: NewEvent, secrets: Secrets): NewEvent {
  const hide = <T extends Contact | undefined>(contact: T): T =>
    contact?.profile && 'phone' in contact.profile
      ? { ...contact, profile: { ...contact.profile, phone: phonesOf(contact.profile['phone'], secrets) } }
      : contact
  const { what } = event
  switch (what.kind) {
    case 'MessageReceived':
    case 'OwnMessageSeen':
      return { ...event, what: { ...what, sender: hide(what.sender) } }
    case 'MemberJoined':
      return { ...event, what: { ...what, members: what.members.map(hide), inviter: hide(what.inviter) } }
    case 'MemberLeft':
      return { ...event, what: { ...what, members: what.members.map(hide), remover: hide(what.remover) } }
    case 'TopicChanged':
      return { ...event, what: { ...what, changer: hide(what.changer) } }
    case 'FriendshipRequested':
    case 'FriendshipConfirmed':
      return { ...event, what: { ...what, contact: hide(what.contact) } }
    case 'RoomInvited':
      return { ...event, what: { ...what, inviter: hide(what.inviter) } }
    case 'GroupRead':
      return { ...event, what: { ...what, members: what.members.map(hide) } }
    case 'ContactsRead':
      return { ...event, what: { ...what, contacts: what.contacts.map(hide) } }
    case 'MessageRecalled':
    case 'GroupListRead':
    case 'SliceEvent':
      return event
    default:
      return what satisfies never
  }
}

function phonesOf(written: unknown, secrets: Secrets): ConcealedPhone[] {
  const list: unknown[] = Array.isArray(written) ? written : [written]
  return list.flatMap((text) => {
    const phone = typeof text === 'string' ? normalKey('phone', text) : null
    if (phone === null) return []
    const sealed = secrets.seal(phone, 'customer_key.sealed').toString('base64')
    return [{ hash: secrets.hash('phone', phone), sealed }]
  })
}

/** The phones of a profile that came through `concealed`; whatever else stands there is not kept. */
export function concealedPhones(profile: Contact['profile']): ConcealedPhone[] {
  const list = profile?.['phone']
  return Array.isArray(list) ? list.filter(isConcealed) : []
}

function isConcealed(value: unknown): value is ConcealedPhone {
  const { hash, sealed } = (value ?? {}) as Partial<Record<keyof ConcealedPhone, unknown>>
  return typeof hash === 'string' && typeof sealed === 'string'
}

/** A profile as an identity keeps it: of phones the hashes alone, which show whether one is new. */
export function keptProfile(profile: NonNullable<Contact['profile']>): NonNullable<Contact['profile']> {
  return 'phone' in profile ? { ...profile, phone: concealedPhones(profile).map(({ hash }) => hash) } : profile
}
