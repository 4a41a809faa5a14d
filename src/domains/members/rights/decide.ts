/** What is left of an event when a person in it is forgotten. */

type Json = Record<string, unknown>

/**
 * The stored happening without these contacts: null when nothing in it is about them, else what to keep. An event that
 * was hers alone keeps only its kind; from lists she is taken out, and so are mentions of her.
 */
export function withoutContacts(what: unknown, contactIds: ReadonlySet<string>): Json | null {
  if (!isRecord(what)) return null
  const isHers = (value: unknown): boolean => isRecord(value) && contactIds.has(String(value['id']))
  const place = what['place']
  const inHerThread = isRecord(place) && place['kind'] === 'direct' && contactIds.has(String(place['contactId']))
  if (
    inHerThread ||
    isHers(what['sender']) ||
    isHers(what['contact']) ||
    (what['kind'] === 'SliceEvent' && names(what, contactIds)) ||
    (what['kind'] === 'RoomInvited' && isHers(what['inviter']))
  ) {
    return { kind: what['kind'], forgotten: true }
  }
  const isHerId = (id: unknown): boolean => contactIds.has(String(id))
  const changes: Json = {}
  for (const key of ['inviter', 'remover', 'changer']) if (isHers(what[key])) changes[key] = undefined
  if (isHerId(what['ownerId'])) changes['ownerId'] = undefined
  for (const key of ['members', 'contacts']) {
    const list = what[key]
    if (Array.isArray(list) && list.some(isHers)) changes[key] = list.filter((value) => !isHers(value))
  }
  const message = what['message']
  const mentions = isRecord(message) ? message['mentions'] : undefined
  if (isRecord(message) && Array.isArray(mentions) && mentions.some(isHerId)) {
    changes['message'] = { ...message, mentions: mentions.filter((id) => !isHerId(id)) }
  }
  return Object.keys(changes).length === 0 ? null : { ...what, ...changes }
}

/** Whether a contact is named anywhere in a slice's own event, or it was to be handled under her lock. */
function names(value: unknown, contactIds: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return contactIds.has(value.replace(/^contact:/, ''))
  if (Array.isArray(value)) return value.some((one) => names(one, contactIds))
  return isRecord(value) && Object.values(value).some((one) => names(one, contactIds))
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
