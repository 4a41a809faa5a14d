/** Tags of the platform on contacts, which other people of the brand see and set too. */
import type { ContactTagOutcome } from '../../kernel/ports.ts'
import { isLineFailure } from './failures.ts'
import type { Line } from './line.ts'
import { pb } from './wire.ts'

export type Tagging = { contactId: string; tag: string; on: boolean; deadlineMs: number }

/**
 * Looks first whether it is there: what somebody else has put on is not ours to take off. The stock server answers that
 * with an empty list whatever there is, so an empty one says nothing. Never rejects.
 */
export async function tagOne(line: Line, { contactId, tag, on, deadlineMs }: Tagging): Promise<ContactTagOutcome> {
  try {
    if (on && (await listTags(line, contactId, deadlineMs)).includes(tag)) return 'there-already'
    const request = on ? new pb.TagContactAddRequest() : new pb.TagContactRemoveRequest()
    request.setId(tag)
    request.setContactId(contactId)
    await line.call(on ? 'tagContactAdd' : 'tagContactRemove', request, deadlineMs)
    return 'done'
  } catch (error) {
    return isLineFailure(error) ? 'unknown' : 'refused'
  }
}

async function listTags(line: Line, contactId: string, deadlineMs: number): Promise<string[]> {
  const request = new pb.TagContactListRequest()
  request.setContactId(contactId)
  return (await line.call('tagContactList', request, deadlineMs)).getIdsList()
}
