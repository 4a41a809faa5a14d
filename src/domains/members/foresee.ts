/** Reads that are sure to be needed, asked for early: what is asked in one turn travels to the database together. */
import type { Place } from '../../kernel/event.ts'
import { findGroups } from './groups/repo.ts'
import { findKnown } from './people/repo.ts'
import type { On } from './schema.ts'
import { findDirectThreads } from './threads/repo.ts'

/** What `meet` and `threadOf` will ask for a message of this contact in this place. */
export function foreseeMeeting({ work, ids, realm, account }: On, place: Place, contactId: string): void {
  const group = (roomId: string): Promise<unknown> =>
    work.load(findGroups, {
      groupId: ids.derived('group', realm, roomId),
      threadId: ids.derived('thread', realm, 'group', roomId),
      account,
    })
  const direct = (): Promise<unknown> => {
    const threadId = ids.derived('thread', account, 'direct', contactId)
    return work.load(findDirectThreads, { threadId, realm, contactId })
  }
  quietly(work.load(findKnown, { realm, contactId }))
  quietly(place.kind === 'group' ? group(place.roomId) : direct())
}

/** Whoever needs the rows hears of a failure; here nobody waits for them. */
function quietly(asked: Promise<unknown>): void {
  asked.catch(() => undefined)
}
