/** Drops as a community manager writes them, and as a run keeps them. */
import { z } from 'zod'
import { settingsSection } from '../../../kernel/content.ts'
import { Duration } from '../../../kernel/duration.ts'
import type { GoalKind } from '../../../kernel/slice.ts'
import { Messages } from '../messages/index.ts'
import { WhenWritten } from '../schedule/index.ts'

/** Goals that slices lend, by name. */
export type Goals = Readonly<Record<string, GoalKind>>

const Id = z
  .string()
  .max(64)
  .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: double-12-early')

const Percent = z.int().min(1).max(100)

const Groups = z.strictObject({
  rules: z.array(z.string().min(1)).describe('Ids of group rules: all groups of these rules'),
  members: z
    .strictObject({
      segment: z.string().min(1).describe('Id of a segment'),
      atLeast: z.int().min(1).default(1).describe('So many members of the segment must be in the group'),
    })
    .optional()
    .describe('Only groups with enough members of a segment'),
})

const To = z
  .strictObject({
    segment: z.string().min(1).optional().describe('Id of a segment: everybody in it, in direct messages'),
    groups: Groups.optional().describe('Groups: the same post to each'),
  })
  .refine(({ segment, groups }) => segment !== undefined || groups !== undefined, {
    error: '`segment`, `groups` or both',
  })

const fields = {
  id: Id.describe('Stays the same for ever: runs, approvals and reports point at it'),
  title: z.string().trim().min(1).max(80).describe('What people call it'),
  draft: z.boolean().default(false).describe('true: checked, and not sent yet'),
  when: WhenWritten.describe('When it is due'),
  late: Duration.prefault('2h').describe('How late a missed slot may still run'),
  to: To.describe('Who gets it'),
  account: z
    .string()
    .min(1)
    .optional()
    .describe('Which account speaks in direct messages; without it the one of the last contact'),
  topic: z.string().min(1).optional().describe('Id of a topic of settings.yaml: who chose others is spared'),
  personal: z
    .boolean()
    .optional()
    .describe('Whether it was chosen for the reader by what is known of her; without it true for a segment'),
  priority: z
    .int()
    .min(1)
    .max(100)
    .default(50)
    .describe('1 to 100: the higher goes first when the caps leave room for one'),
  spread: Duration.prefault('0s').describe('Over which time the readers are spread'),
  expires: Duration.prefault('12h').describe('Of no use later than this after its slot'),
  variants: z
    .record(Id, Percent)
    .optional()
    .describe('Percents of those who get it, by the headings of the text; without it all alike'),
  holdout: z.int().min(0).max(90).default(0).describe('Percent who get nothing, to compare with'),
  links: z.enum(['plain', 'tracked']).default('plain').describe('tracked: links lead over us, and clicks are counted'),
  approval: z
    .enum(['required', 'waived'])
    .default('required')
    .describe('waived: needs nobody’s word; for groups only, where settings.yaml allows it'),
  body: z
    .string()
    .describe(
      'The messages, between lines of three dashes; ![](media/x.png) alone is a picture, [x.pdf](media/x.pdf) a file, [title](https://…) a link card, [title](miniprogram:APPID/page) a mini-program card; a first line `wait 3s` is a wait; # A begins the variant A',
    ),
}

/** The goal of a drop: `args` as the goal's schema made them of what is written, `within` milliseconds. */
export const FrozenGoal = z.object({ kind: z.string(), args: z.unknown(), within: z.int().positive() })
export type FrozenGoal = z.infer<typeof FrozenGoal>

/** `{order: {category: 面膜}, within: 3d}`: one goal by its name, and how long it counts. */
function goalSchema(goals: Goals) {
  const kinds = Object.keys(goals)
  return z
    .strictObject({
      ...Object.fromEntries(kinds.map((kind) => [kind, goals[kind]!.schema.optional().describe(goals[kind]!.title)])),
      within: Duration.prefault('3d').describe('So long after it was sent the goal counts'),
    })
    .refine((written) => goalsIn(written).length === 1, {
      when: ({ issues }) => issues.length === 0,
      error: `exactly one of ${kinds.join(', ') || 'the goals that exist, and there is none yet'}`,
    })
    .transform((written): FrozenGoal => {
      const [kind = ''] = goalsIn(written)
      return { kind, args: (written as Record<string, unknown>)[kind], within: written.within }
    })
}

function goalsIn(written: Record<string, unknown>): string[] {
  return Object.keys(written).filter((key) => key !== 'within' && written[key] !== undefined)
}

export function dropSchema(goals: Goals) {
  return z
    .strictObject({ ...fields, goal: goalSchema(goals).optional().describe('What it is for: counted, never said') })
    .transform((written) => ({ ...written, personal: written.personal ?? written.to.segment !== undefined }))
}
export type Drop = z.output<ReturnType<typeof dropSchema>>

/** A drop as a run keeps it (`campaign_run.drop`): everything that is needed to run it later. Times in milliseconds. */
export const FrozenDrop = z.object({
  id: z.string(),
  title: z.string(),
  to: z.object({
    segment: z.string().optional(),
    groups: z
      .object({
        rules: z.array(z.string()),
        members: z.object({ segment: z.string(), atLeast: z.int() }).optional(),
      })
      .optional(),
  }),
  account: z.string().optional(),
  topic: z.string().optional(),
  personal: z.boolean(),
  /** Of two that compete the lower goes: 100 less the priority. */
  rank: z.int(),
  expires: z.int(),
  spread: z.int(),
  variants: z.array(z.object({ id: z.string(), percent: z.number(), messages: Messages })).min(1),
  holdout: z.int(),
  goal: FrozenGoal.optional(),
  links: z.enum(['plain', 'tracked']),
})
export type FrozenDrop = z.infer<typeof FrozenDrop>

export const campaignsSettings = settingsSection({
  name: 'campaigns',
  title: 'Campaigns: who must approve, how fast they are handed over, links and previews',
  schema: z.strictObject({
    approval: z
      .strictObject({
        groups: z
          .enum(['required', 'waived'])
          .default('required')
          .describe('waived: drops to groups alone may say `approval: waived`'),
      })
      .prefault({}),
    waitingAtMost: z
      .int()
      .min(1)
      .max(100_000)
      .default(2_000)
      .describe('How many messages of one run may wait to be sent at the same time'),
    chunk: z.int().min(1).max(1_000).default(1_000).describe('How many readers are handed over in one go'),
    links: z
      .strictObject({
        baseUrl: z
          .url({ protocol: /^https?$/ })
          .optional()
          .describe('Where tracked links lead: the address under which the internet reaches us'),
        keepFor: Duration.prefault('90d').describe('So long a tracked link leads on'),
      })
      .prefault({}),
    testGroups: z.array(z.string().min(1)).default([]).describe('Where previews go: ids of group rules, or of groups'),
  }),
})
export type CampaignsSettings = z.output<typeof campaignsSettings.schema>
