/** What a community manager decides about privacy, which words say it, and what is stored of a person's choices. */
import { z } from 'zod'
import { type ReplyDeclaration, settingsSection } from '../../../kernel/content.ts'
import { Duration } from '../../../kernel/duration.ts'
import { official, type Word } from './vocabulary.ts'

const Words = z.array(z.string().trim().min(1).max(20, 'at most 20 characters')).default([])
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 09:00')
const Id = z.string().trim().min(1).max(40)

const Hours = z.strictObject({ from: TimeOfDay, to: TimeOfDay })
const Days = z.array(z.int().min(1).max(7)).min(1)

const Topic = z.strictObject({
  id: Id.describe('As drops name it'),
  words: Words.describe('What customers call it; the first is said back to them'),
})

const Time = z
  .strictObject({
    id: Id,
    words: Words.describe('What customers say; the first is said back to them'),
    hours: Hours.optional().describe('Only between these times; over midnight where the first is the later'),
    days: Days.optional().describe('Only on these days: 1 is Monday, 7 Sunday'),
  })
  .refine(({ hours, days }) => hours ?? days, 'hours or days')

const variants = z
  .strictObject(Object.fromEntries(Object.keys(official).map((word) => [word, Words])) as Record<Word, typeof Words>)
  .extend({
    only: Words.describe('In front of topics: «only», «nothing but»'),
    before: Words.describe('Polite words in front of the others'),
    after: Words.describe('Polite words behind the others'),
  })

export const privacySettings = settingsSection({
  name: 'privacy',
  title: 'Privacy: what people are told, asked and may say about their data',
  schema: z.strictObject({
    consent: z
      .enum(['notice', 'ask'])
      .default('notice')
      .describe('notice: people are told what is kept and may refuse; ask: nothing personal is kept before they agree'),
    noticeOnContact: z
      .boolean()
      .default(true)
      .describe('Whether people are told on first contact; off only where they have read it elsewhere'),
    questionExpires: Duration.prefault('1d').describe('How long a question for agreement waits for its answer'),
    sensitiveWords: Words.describe('Words that touch health or skin: to remember such things, people are asked'),
    sensitiveAfter: Duration.prefault('30s').describe('After this long without such words the question is put'),
    sensitiveAgain: Duration.prefault('180d').describe('Who let the question pass is not asked again for this long'),
    confirmWithin: Duration.prefault('10m').describe('How long the deletion waits to be confirmed'),
    forgetWithin: Duration.prefault('1m').describe('A confirmed deletion waits at most so long for its last message'),
    lessEvery: Duration.prefault('7d').describe('Who wants less gets at most one promotion in this time'),
    topics: z.array(Topic).max(20).default([]).describe('What people may choose to hear about'),
    times: z.array(Time).max(20).default([]).describe('When people may choose to hear from us'),
    words: variants.prefault({}).describe('Variants of what people may say: whole messages, never parts of one'),
  }),
})
export type PrivacySettings = z.output<typeof privacySettings.schema>

/** How much, of what and when a person wants to hear what nobody asked for; nothing said: everything, at any time. */
export const Preferences = z.object({
  less: z.literal(true).optional().catch(undefined),
  /** Ids of topics. */
  topics: z.array(z.string()).optional().catch(undefined),
  /** In the brand's zone; over midnight where `from` is the later. */
  hours: Hours.optional().catch(undefined),
  /** 1 = Monday … 7 = Sunday, in the brand's zone. */
  days: Days.optional().catch(undefined),
})
export type Preferences = z.infer<typeof Preferences>

/** What a person chose, or what was done with her about it; how far it reaches is said in repo.ts. */
export type Choice =
  | 'noticed'
  | 'opted-out'
  | 'resumed'
  | 'profiling-refused'
  | 'profiling-allowed'
  | 'consented'
  | 'sensitive-consented'
  | 'sensitive-asked'
  | 'withdrawn'
  | 'preferred'
  | 'preferred-nothing'

export type Change =
  | { kind: Exclude<Choice, 'preferred'> }
  | { kind: 'preferred'; preferences: Preferences }
  /** Nothing is stored of these but the audit. */
  | { kind: 'shown' | 'deletion-asked' | 'deletion-confirmed' | 'deletion-withdrawn' }

/** Question kinds of this slice. */
export const questions = {
  consent: 'privacy.consent',
  sensitive: 'privacy.sensitive',
  forget: 'privacy.forget',
  menu: 'privacy.menu',
} as const

const reply = (title: string, placeholders: readonly string[] = []): ReplyDeclaration => ({ title, placeholders })

export const replies: Record<string, ReplyDeclaration> = {
  'privacy.notice': reply('First contact: who we are, what is kept and why, how to refuse'),
  'privacy.notice-ask': reply('The same where people are asked first: ends with the question whether they agree'),
  'privacy.notice-group': reply('The same, short, for everybody in a group; at most once a day', ['ask']),
  'privacy.agreed': reply('She has agreed that we remember what fits her'),
  'privacy.declined': reply('She does not agree; nothing personal is kept'),
  'privacy.sensitive-ask': reply('May we remember what she said about skin or health?'),
  'privacy.sensitive-agreed': reply('She has agreed to that'),
  'privacy.sensitive-declined': reply('She has not agreed to that'),
  'privacy.withdrawn': reply('Her agreements are taken back'),
  'privacy.stopped': reply('No more promotions; says that posts to a whole group cannot spare one member'),
  'privacy.resumed': reply('Promotions again'),
  'privacy.chosen': reply('Says back what she chose', ['less', 'topics', 'times']),
  'privacy.usual': reply('All choices are taken back'),
  'privacy.menu': reply('What can be chosen, with numbers', ['options']),
  'privacy.profiling-off': reply('No personal tags and sends any more'),
  'privacy.profiling-on': reply('Personal tags and sends again'),
  'privacy.my-data': reply('What we know of her', ['lines']),
  'privacy.about': reply('What we know of her, one line each: herself, groups and choices', [
    'names',
    'since',
    'groups',
    'messages',
    'phone',
    'place',
    'optedOut',
    'profilingRefused',
    'profiling',
    'sensitive',
    'less',
    'topics',
    'times',
  ]),
  'privacy.direct-only': reply('In a group: such things are done in a direct message'),
  'privacy.forget-ask': reply('Is she sure? Says the words that alone delete', ['minutes']),
  'privacy.forget-exactly': reply('She said yes, but not the words that delete'),
  'privacy.forget-none': reply('The words that delete, without a question or too late'),
  'privacy.forget-kept': reply('Nothing is deleted after all'),
  'privacy.forget-started': reply('The last words before everything is deleted'),
}
