/** Contacts of the platform → contacts of the kernel. Pure. */
import './quiet.ts'
import { type payloads, types } from 'wechaty-puppet'
import type { Contact } from '../../kernel/event.ts'
import { cleanDeep, cleanText } from './text.ts'

/** Accounts of WeChat itself that look like people. */
const systemContacts = new Set([
  'weixin',
  'filehelper',
  'fmessage',
  'medianote',
  'newsapp',
  'notifymessage',
  'qmessage',
])

function contactKind(payload: payloads.Contact, selfId: string): Contact['kind'] {
  if (payload.id === selfId) return 'self'
  if (payload.type === types.Contact.Official || systemContacts.has(payload.id)) return 'bot'
  return payload.coworker ? 'staff' : 'person'
}

const genders: Record<number, string> = { [types.ContactGender.Male]: 'male', [types.ContactGender.Female]: 'female' }

/** Empty fields are left out: the wire says «» where it knows nothing. */
export function mapContact(payload: payloads.Contact, selfId: string): Contact {
  const known = {
    gender: genders[payload.gender],
    province: payload.province,
    city: payload.city,
    phone: payload.phone.length > 0 ? payload.phone : '',
    corporation: payload.corporation,
    title: payload.title,
    description: payload.description,
    avatar: payload.avatar,
  }
  const profile = Object.fromEntries(Object.entries(known).filter(([, value]) => value))
  return {
    id: payload.id,
    name: cleanText(payload.name),
    ...(payload.alias ? { alias: cleanText(payload.alias) } : {}),
    kind: contactKind(payload, selfId),
    ...(Object.keys(profile).length > 0 ? { profile: cleanDeep(profile) as Record<string, unknown> } : {}),
  }
}

/** A contact that the platform names but does not show (yet). */
export function unreadableContact(id: string, selfId: string): Contact {
  return { id, name: '', kind: id === selfId ? 'self' : 'unknown' }
}
