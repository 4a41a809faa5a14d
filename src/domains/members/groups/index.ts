/** Groups: found or made at first sight, bound to a rule of content, spoken in by one account. */
import type { Content } from '../../../kernel/content.ts'
import type { On } from '../schema.ts'
import { saveThreads } from '../threads/repo.ts'
import { ruleFor } from './decide.ts'
import { bindGroups, claimGroups, findGroups, noteAccounts, renameGroups } from './repo.ts'
import { type Group, type GroupRule, groupRules } from './schema.ts'

export { matchesGlob } from './decide.ts'
export { enterGroups, leaveGroups, listRoomsOf } from './repo.ts'
export { type Group, groupRules, type GroupRule } from './schema.ts'

/** The rule with this id, or null when content has none. */
export function findRule(content: Content, id: string | null): GroupRule | null {
  return content.one(groupRules).groups.find((rule) => rule.id === id) ?? null
}

/** A group, and its rule as content has it now. */
export type GroupNow = { group: Group; rule: GroupRule | null }

/**
 * The group behind a room id. At first sight it is made, and the account that sees it becomes its speaker. It is bound
 * to a rule as soon as one matches; a rule that has vanished from content lets go of it.
 *
 * `topic` (and owner) come with an event that tells them anew; `shown` is the topic beside an event about something
 * else, perhaps an older one: it counts where none is known, or a new group would wait for its rule until it is read back.
 */
export async function groupOf(
  on: On,
  roomId: string,
  read: { topic?: string; ownerId?: string | undefined; shown?: string | undefined } = {},
): Promise<GroupNow> {
  const { work, ids, realm, account } = on
  const groupId = ids.derived('group', realm, roomId)
  const threadId = ids.derived('thread', realm, 'group', roomId)
  const seen = await work.load(findGroups, { groupId, threadId, account })
  const speaker = seen?.speaker ?? (await work.load(claimGroups, { id: groupId, realm, roomId, account, at: work.now }))
  if (!seen?.noted) work.write(noteAccounts, { groupId, account, at: work.now })
  if (!seen?.hasThread) {
    const nobody = { account: null, contactId: null, customerId: null }
    work.write(saveThreads, { id: threadId, kind: 'group', groupId, ...nobody, at: work.now })
  }

  // An empty topic is one that could not be read.
  const topic = read.topic || seen?.topic || read.shown || ''
  const boundTo = seen?.boundTo ?? null
  const rule = ruleFor(on.content.one(groupRules).groups, { roomId, topic, boundTo })
  if (rule && rule.id !== boundTo) work.write(bindGroups, { id: groupId, rule: rule.id })
  if (topic !== (seen?.topic ?? '') || read.ownerId) {
    work.write(renameGroups, { id: groupId, topic, ownerId: read.ownerId ?? null })
  }

  const silentUntil = seen?.silentUntil ?? null
  return {
    group: { id: groupId, realm, roomId, topic, boundTo, speaker: speaker ?? account, threadId, silentUntil },
    rule,
  }
}
