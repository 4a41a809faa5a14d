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
    (what['kind'] === 'RoomInvited' && isHers(what['inviter']))
  ) {
    return { kind: what['kind'], forgotten: true }
  }
  const kept: Json = { ...what }
  let changed = false
  for (const key of ['inviter', 'remover', 'changer']) {
    if (!isHers(what[key])) continue
    delete kept[key]
    changed = true
  }
  for (const key of ['members', 'contacts']) {
    const list = what[key]
    if (!Array.isArray(list) || !list.some(isHers)) continue
    kept[key] = list.filter((value) => !isHers(value))
    changed = true
  }
  if (contactIds.has(String(what['ownerId']))) {
    delete kept['ownerId']
    changed = true
  }
  const message = what['message']
  if (
    isRecord(message) &&
    Array.isArray(message['mentions']) &&
    message['mentions'].some((id) => contactIds.has(String(id)))
  ) {
    kept['message'] = { ...message, mentions: message['mentions'].filter((id) => !contactIds.has(String(id))) }
    changed = true
  }
  return changed ? kept : null
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
