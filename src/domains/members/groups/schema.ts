/** Group rules: which groups the bot serves, and how. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'

export const GroupRule = z.strictObject({
  id: z.string().min(1).describe('Name of the rule; FAQ entries and statistics refer to it'),
  title: z.string().min(1).describe('What people call these groups'),
  match: z.strictObject({
    topics: z.array(z.string().min(1)).default([]).describe('Group names; * stands for anything'),
    rooms: z.array(z.string().min(1)).default([]).describe('Group ids; they go before any name'),
  }),
  answer: z
    .enum(['mention', 'confident', 'off'])
    .default('mention')
    .describe(
      'mention: the bot answers who names it; confident: also whom nobody else answers, where it is sure; off: nobody',
    ),
  welcome: z.boolean().default(true).describe('Whether newcomers are welcomed'),
  persona: z
    .string()
    .min(1)
    .optional()
    .describe('Id of the persona that speaks in these groups; the brand’s own if left out'),
})
export type GroupRule = z.output<typeof GroupRule>

const GroupsFile = z.strictObject({ groups: z.array(GroupRule).default([]) })
type GroupsFile = z.output<typeof GroupsFile>

export const groupRules = contentKind<GroupsFile>({
  name: 'groups',
  title: 'Groups',
  sources: [{ form: 'single', path: 'groups.yaml', optional: true }],
  schema: GroupsFile.prefault({}),
  ids: ({ groups }) => groups.map(({ id }, i) => ({ at: ['groups', i, 'id'], id })),
  references: ({ groups }) =>
    groups.flatMap(({ persona }, i) =>
      persona === undefined ? [] : [{ at: ['groups', i, 'persona'], kind: 'persona', id: persona }],
    ),
  review(items, tell) {
    for (const item of items) reviewMatches(item, tell)
  },
})

type Tell = Parameters<NonNullable<ContentKind<GroupsFile>['review']>>[1]

/** A rule that cannot match, and a room that two rules claim. */
function reviewMatches(item: Item<GroupsFile>, tell: Tell): void {
  const { groups } = item.data
  const claimed = new Map<string, string>()
  for (const [i, rule] of groups.entries()) {
    if (rule.match.topics.length + rule.match.rooms.length === 0) {
      tell(item, ['groups', i, 'match'], {
        severity: 'warning',
        message: `the rule ${rule.id} matches no group`,
        expected: 'at least one name under topics, or one group id under rooms',
      })
    }
    for (const [j, room] of rule.match.rooms.entries()) {
      const first = claimed.get(room)
      claimed.set(room, first ?? rule.id)
      if (first === undefined) continue
      tell(item, ['groups', i, 'match', 'rooms', j], {
        severity: 'error',
        message: `the group ${room} already belongs to the rule ${first}`,
        expected: 'each group id under one rule only',
      })
    }
  }
}

/** A group with what a transaction needs to act in it. */
export type Group = {
  id: string
  realm: string
  roomId: string
  /** '' while nobody has told us. */
  topic: string
  /** The rule in the table, whether or not content still has it. */
  boundTo: string | null
  speaker: string
  threadId: string
  silentUntil: Date | null
}
