/** A question on its way to an answer: what the model is asked, what it says, and what became of it. */
import { z } from 'zod'
import { settingsSection } from '../../../kernel/content.ts'
import { Duration } from '../../../kernel/duration.ts'
import type { ModelOutcome } from '../../../kernel/ports.ts'
import type { Talk } from '../schema.ts'

export const Intent = z.enum(['faq', 'smalltalk', 'complaint', 'human', 'order', 'medical', 'other'])
export type Intent = z.infer<typeof Intent>

export const Mood = z.enum(['calm', 'happy', 'worried', 'impatient', 'angry'])
export type Mood = z.infer<typeof Mood>

/** Why a human is needed. A code, not prose: it becomes the reason of the case. */
export const HumanNeed = z.enum(['none', 'asked', 'complaint', 'safety', 'order', 'unsure'])
export type HumanNeed = z.infer<typeof HumanNeed>

/** What the model returns. Everything but the answer is for us; nothing of it is believed before it is checked. */
export const ModelAnswer = z.object({
  answer: z.string().max(4_000),
  /** Ids of the entries that the answer stands on. */
  cites: z.array(z.string()).max(10),
  mood: Mood.catch('calm'),
  intent: Intent.catch('other'),
  human: HumanNeed.catch('unsure'),
  /** Values of proposable dimensions that the customer's words show: {interest: ['抗老']}. */
  proposes: z.record(z.string(), z.array(z.string()).max(5)).catch({}),
})
export type ModelAnswer = z.infer<typeof ModelAnswer>

/** An entry that retrieval found, with the chance (0..1) that it answers the question. */
export type Retrieved = { entry: string; chance: number }

/** What was said before between this person and us in this thread, oldest first; `answer` is '' as long as there is none. */
export type Turn = { question: string; answer: string; entries: string[] }

/** Checks that an answer of the model must pass before anybody reads it. */
export const CheckName = z.enum([
  'form', // no object as asked for
  'empty',
  'citation', // none, or of an entry that was not given
  'number',
  'price',
  'date',
  'percentage',
  'link',
  'phone',
  'product',
  'promise',
  'banned', // a word of the persona's list
  'absolute', // a word that the advertising law forbids, and the entry does not say
  'person', // somebody else's name or data
  'human-claim', // it says that it is a human
  'leak', // it tells what it was told
  'language',
  'length',
])
export type CheckName = z.infer<typeof CheckName>

/** Why an answer may not be said; `words` are the offending ones, for the repair. */
export type Complaint = { check: CheckName; words: string }

/**
 * Why an exchange went as it did: a check that an answer failed; `guard`, with the rule of guards.yaml that the question
 * met; `model`, with how the call failed.
 */
export type Reason = { check: CheckName | 'guard' | 'model'; words: string }

/**
 * asked: the model is being asked. closed: it ended, by `outcome`.
 * Only `asked` rows can still lead to words of ours.
 */
export type ExchangeState = 'asked' | 'closed'

/**
 * voiced: in the model's words, checked. cached: in such words from before. verbatim: the approved answer. fact: an
 * approved answer with the asker's own figures. offered: «did you mean». unknown: owned up to. courtesy: small talk.
 * refused: a guard's refusal. handed: a case for a human, with a line that says so. dropped: nothing was said (a human had
 * taken over, the question was recalled, its customer forgotten).
 */
export const Outcome = z.enum([
  'voiced',
  'cached',
  'verbatim',
  'fact',
  'offered',
  'unknown',
  'courtesy',
  'refused',
  'handed',
  'dropped',
])
export type Outcome = z.infer<typeof Outcome>

/** Outcomes with which an entry was said. */
export const answered: readonly Outcome[] = ['voiced', 'cached', 'verbatim', 'fact']

/** What the question was read with. */
export const Context = z.object({
  turns: z.array(z.object({ question: z.string(), answer: z.string(), entries: z.array(z.string()) })),
  /** The words of the message that hers quotes. */
  quoted: z.string().nullable(),
  /** The question with what it leans on: what was looked up. */
  reading: z.string(),
  /** Nobody had asked us: it must be answered surely, or not at all. */
  overheard: z.boolean(),
})
export type Context = z.infer<typeof Context>

/** One question and everything that is known of how it was answered: a row of `exchange`. */
export type Exchange = {
  id: string
  talk: Talk
  /** The event that asked; its replies are keyed by it. */
  inboxId: bigint
  account: string
  /** What was asked, without mentions; pieces of a burst by lines. */
  question: string
  /** Platform ids of the messages that it answers. */
  messages: string[]
  context: Context
  found: Retrieved[]
  state: ExchangeState
  /** How often the model has been asked: 1, then 2 for the repair. */
  attempt: number
  /** What was wrong with the attempt before, and what it said. Of one that ended, also other reasons. */
  complaints: Complaint[]
  previous: string | null
  persona: string | null
  /** The tag by which the tone bends, where the persona asks for one. */
  level: string | null
  contentVersion: string
  /** Key of the answer cache; null when the answer is hers alone. */
  cacheKey: string | null
  askedAt: Date
  deadlineAt: Date
}

/** How an exchange ended, for reports, gaps and spending. */
export type Ending = {
  outcome: Outcome
  promptHash: string | null
  /** Entries that were said or cited. */
  entries: string[]
  said: string | null
  intent: Intent | null
  mood: Mood | null
  model: string | null
  usage: { input: number; output: number }
  /** In the currency of the settings; 0 where they name no price. */
  cost: number
  latencyMs: number
}

/** A question of hers that was asked lately, and what came of it. */
export type Recent = {
  question: string
  said: string | null
  entries: string[]
  state: ExchangeState
  outcome: Outcome | null
  /** What was looked up for it: its words with what they leant on. */
  reading: string
  /** It is being answered, and everything that asked it has been taken back meanwhile. */
  recalled: boolean
  askedAt: Date
}

/** What has been spent today, and how often she asked in the time that the settings look at. */
export type Allowance = {
  asked: number
  hers: { tokens: number; cost: number }
  all: { tokens: number; cost: number }
}

/** The slice event in which the model's outcome comes back. Survives JSON. */
export const ModelAnswered = z.object({
  exchange: z.uuid(),
  attempt: z.int(),
  outcome: z.custom<ModelOutcome>(),
  /** Which was asked; an answer names itself who gave it. */
  model: z.string().optional(),
  /** The entries that it was given, where vectors have changed what retrieval had found. */
  found: z.array(z.object({ entry: z.string(), chance: z.number() })).optional(),
  promptHash: z.string().nullable(),
})
export type ModelAnswered = z.infer<typeof ModelAnswered>

export const answersSettings = settingsSection({
  name: 'answers',
  title: 'Answers in the brand’s own voice',
  schema: z.strictObject({
    voice: z
      .enum(['model', 'approved'])
      .default('model')
      .describe('approved: word for word, also when there is a key for a model'),
    label: z.string().default('').describe('Stands below every answer of the model; empty for none'),
    deadline: Duration.prefault('10s').describe('After this long the approved answer is sent instead'),
    entries: z.int().min(1).max(10).default(5).describe('How many entries the model is given'),
    contextTurns: z.int().min(0).max(10).default(3).describe('How many earlier questions of hers it is given'),
    contextFor: Duration.prefault('10m').describe('How long what was said before counts as context'),
    repeatWindow: Duration.prefault('1m').describe('In a group the same question is answered once in this time'),
    overhear: z
      .strictObject({
        chance: z.number().min(0).max(1).default(0.85).describe('How sure an answer must be that nobody asked us for'),
        wait: Duration.prefault('20s').describe('How long others have to answer first'),
        quiet: Duration.prefault('60s').describe('Who talked with others in this time is not interrupted'),
      })
      .prefault({})
      .describe('Groups with answer: confident'),
    courtesyEvery: Duration.prefault('30m').describe(
      'Thanks and small talk of one person are returned once in this time',
    ),
    cacheFor: Duration.prefault('7d').describe('How long an answer may be said again to the same question'),
    maxTokens: z.int().min(50).max(4_000).default(600).describe('Of one answer'),
    price: z
      .strictObject({
        input: z.number().min(0).default(0).describe('For a million tokens that the model reads'),
        output: z.number().min(0).default(0).describe('For a million tokens that it writes'),
      })
      .prefault({}),
    budget: z
      .strictObject({
        dailyTokens: z.int().min(0).optional().describe('Of all answers in a day of the brand’s zone'),
        dailyMoney: z.number().min(0).optional(),
        customerDailyTokens: z.int().min(0).optional().describe('Of one customer in a day'),
        customerDailyMoney: z.number().min(0).optional(),
      })
      .prefault({})
      .describe('When it is used up, answers go out word for word'),
    customerRate: z
      .strictObject({
        questions: z.int().min(1).default(20),
        within: Duration.prefault('10m'),
      })
      .prefault({})
      .describe('Beyond this many questions of one customer the model is not asked'),
    inFlight: z.int().min(1).max(1_000).default(200).describe('Questions that the model has at once'),
  }),
})
export type AnswersSettings = z.output<typeof answersSettings.schema>
