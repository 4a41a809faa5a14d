/** What content says of cases: settings, and content/handoff.yaml. */
import { z } from 'zod'
import { type Content, contentKind, settingsSection } from '../../kernel/content.ts'
import { Duration } from '../../kernel/duration.ts'
import { Targets } from './clock/schema.ts'
import { CommandWords } from './commands/schema.ts'
import { usualWords } from './commands/vocabulary.ts'
import { RatingSettings } from './rating/schema.ts'
import { journeyTask } from './tasks/decide.ts'
import { ExceptionWritten, ShiftWritten, type Timetable } from './hours/schema.ts'

export const handoffSettings = settingsSection({
  name: 'handoff',
  title: 'Handing over to a human',
  schema: z.strictObject({
    takeover: Duration.prefault('30m').describe('The bot is silent this long after somebody typed on its phone'),
    hours: z
      .array(ShiftWritten)
      .prefault([{ days: 'daily', time: '9:00-22:00' }])
      .describe('When advisers are there: promises are made and counted in these hours'),
    holidays: z.array(ExceptionWritten).default([]).describe('Days on which other times hold, or none'),
    offerFor: Duration.prefault('2m').describe('An adviser takes a case within this time, or the next is asked'),
    warnAfter: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.7)
      .describe('The share of a target after which the adviser is warned, and the customer told again'),
    targets: Targets.prefault({}),
    idle: z
      .strictObject({
        after: Duration.prefault('4h').describe('So long after our last word she is asked whether that was all'),
        closes: Duration.prefault('2h').describe('And so long after that the case is closed'),
      })
      .prefault({}),
    relay: z
      .strictObject({
        largestMb: z
          .int()
          .min(1)
          .max(20)
          .default(20)
          .describe('Pictures, voice, videos and files up to so many MiB are passed on between customer and adviser'),
        keepFor: Duration.prefault('30d').describe('So long such files are kept'),
        tryFor: Duration.prefault('10m').describe('So long they are asked for while the line is down'),
        recallFor: Duration.prefault('2m').describe('So long an adviser can take back her last message'),
      })
      .prefault({}),
    groupQuiet: Duration.prefault('1d').describe(
      'In the group where a case arose the bot keeps quiet for its customer so long at most while nobody takes it',
    ),
    draftsAfter: Duration.prefault('3s').describe('So long after her last word drafts are made for the adviser'),
    draftsWithin: Duration.prefault('20s').describe(
      'After this long approved answers take the place of the model’s drafts',
    ),
    labelDrafts: z
      .boolean()
      .default(false)
      .describe(
        'true: drafts of the model are signed as such (replies: handoff.signed-draft) when an adviser sends one',
      ),
    reopenWithin: Duration.prefault('24h').describe(
      'Who needs a human again so soon after her case was closed goes on with it, and with the same adviser',
    ),
    rating: RatingSettings.prefault({}),
    codeFor: Duration.prefault('10m').describe('So long a code that binds an adviser’s WeChat is good'),
  }),
})
export type HandoffSettings = z.output<typeof handoffSettings.schema>

const Reason = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z0-9]+(-[a-z0-9]+)*(:([a-z0-9]+(-[a-z0-9]+)*|\*))?$/,
      'a code such as complaint, topic:medical or topic:*',
    )
    .describe('The code under which a case is opened; topic:* for every topic of guards.yaml not named by itself'),
  title: z.string().trim().min(1).describe('What it is about, for the adviser'),
  skill: z.string().trim().min(1).optional().describe('Who knows about it: a skill of advisers.yaml'),
  urgency: z.int().min(0).max(100).default(0).describe('Higher goes first, whenever it came'),
  quiet: z.boolean().default(false).describe('true: the customer does not know of it, and nothing is promised to her'),
})

const HandoffFile = z.strictObject({
  reasons: z.array(Reason).default([]),
  levels: z
    .strictObject({
      by: z.string().min(1).describe('The dimension of tags.yaml'),
      of: z
        .record(
          z.string(),
          z.strictObject({
            urgency: z.int().min(0).max(100).default(0),
            targets: Targets.partial().optional(),
            direct: z
              .boolean()
              .default(false)
              .describe('true: what nobody knows an answer to goes to a human at once, not only when asked again'),
          }),
        )
        .default({}),
    })
    .optional()
    .describe('Customers for whom other targets hold, by a tag'),
  regions: z.string().min(1).optional().describe('The dimension of tags.yaml whose values advisers name as regions'),
  commands: CommandWords.prefault(usualWords),
  resolutions: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters and digits joined by hyphens: solved'),
        title: z
          .string()
          .trim()
          .min(1)
          .max(8)
          .regex(/^\S+$/u, 'one word without spaces')
          .describe('What advisers write behind the command'),
      }),
    )
    .default([]),
  canned: z
    .array(z.strictObject({ title: z.string().trim().min(1), text: z.string().trim().min(1) }))
    .default([])
    .describe('Replies that advisers choose from at the desk'),
})
export type HandoffFile = z.output<typeof HandoffFile>

export const handoffKind = contentKind<HandoffFile>({
  name: 'handoff',
  title: 'Handing over to a human',
  sources: [{ form: 'single', path: 'handoff.yaml', optional: true }],
  schema: HandoffFile.prefault({}),
})

export function hoursOf({ hours, holidays }: HandoffSettings): Timetable {
  return { week: hours, exceptions: holidays }
}

/**
 * What content says of a reason: by its own code, else by that of all topics; the code itself where it says nothing. Of a
 * task of a journey the customer never knows.
 */
export function reasonOf(content: Content, code: string): z.output<typeof Reason> {
  const { reasons } = content.one(handoffKind)
  const [kind] = code.split(':')
  const written = reasons.find(({ id }) => id === code) ?? reasons.find(({ id }) => id === `${kind}:*`)
  const quiet = code === journeyTask || (written?.quiet ?? false)
  return { urgency: 0, ...written, quiet, id: code, title: written?.title ?? code }
}
