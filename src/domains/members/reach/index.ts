/** Where a person can be written to directly, many persons at a time. */
import type { Recipient } from '../../../kernel/effect.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Work } from '../../../kernel/work.ts'
import { saveThreads } from '../threads/repo.ts'
import { type ContactOf, findContactsOf, findLastWords } from './repo.ts'

export type DirectPlace = Extract<Recipient, { kind: 'direct' }>

/**
 * Why nothing can reach her: `no-identity`: none of our accounts has ever met her, or she is no customer that we know.
 * `stranger`: she is in nobody's contact list. `staff`, `forgotten`: nothing may.
 */
export type Unreachable = 'no-identity' | 'stranger' | 'staff' | 'forgotten'

/**
 * The direct thread of each person with the account of the last contact, among those that have her in their contact list;
 * made where it is missing. `account`: with this one alone. `among`: only with these: what an account said that is ours no
 * more stays in its threads, and nobody would ever send what was asked of it.
 */
export async function directPlaces(
  { work, ids }: { work: Work; ids: Pick<Ids, 'derived'> },
  personIds: readonly string[],
  { account, among }: { account?: string | undefined; among?: ReadonlySet<string> | null } = {},
): Promise<Map<string, DirectPlace | Unreachable>> {
  if (personIds.length === 0) return new Map()
  const may = (name: string): boolean => (account === undefined || name === account) && (among?.has(name) ?? true)
  const found = await findContactsOf(work.db, personIds)
  const ways = [...found.values()].flatMap(({ contacts }) => contacts.flatMap((contact) => waysOf(contact, ids, may)))
  const words = await findLastWords(
    work.db,
    ways.map(({ threadId }) => threadId),
  )
  const hers = Map.groupBy(ways, ({ personId }) => personId)
  return new Map(
    personIds.map((id): [string, DirectPlace | Unreachable] => {
      const person = found.get(id)
      if (!person || person.contacts.length === 0) return [id, person?.closed ?? 'no-identity']
      if (person.closed) return [id, person.closed]
      const [way] = (hers.get(id) ?? []).sort((one, other) => lastAt(words, other) - lastAt(words, one))
      if (!way) return [id, 'stranger']
      const { threadId, contactId, customerId } = way
      if (!words.has(threadId)) {
        const row = {
          id: threadId,
          kind: 'direct' as const,
          groupId: null,
          account: way.account,
          contactId,
          customerId,
        }
        work.write(saveThreads, { ...row, at: work.now })
      }
      return [id, { kind: 'direct', account: way.account, contactId, threadId, customerId }]
    }),
  )
}

type Way = Omit<ContactOf, 'friendOf'> & { account: string; threadId: string }

function waysOf(
  { friendOf, ...contact }: ContactOf,
  ids: Pick<Ids, 'derived'>,
  may: (account: string) => boolean,
): Way[] {
  return friendOf
    .filter(may)
    .map((account) => ({ ...contact, account, threadId: ids.derived('thread', account, 'direct', contact.contactId) }))
}

/** Ties keep the order of contacts and accounts, so that the same question has the same answer. */
function lastAt(words: ReadonlyMap<string, Date | null>, { threadId }: Way): number {
  return words.get(threadId)?.getTime() ?? 0
}
