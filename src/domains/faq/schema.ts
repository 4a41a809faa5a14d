/** What a community manager writes for the FAQ: entries, settings, and which words it says around them. */
import { z } from 'zod'
import {
  type Content,
  type ContentKind,
  contentKind,
  type Item,
  type ReplyDeclaration,
  settingsSection,
} from '../../kernel/content.ts'
import { Duration } from '../../kernel/duration.ts'
import type { Recipient } from '../../kernel/effect.ts'
import type { MessageType } from '../../kernel/event.ts'
import type { FactKind } from '../../kernel/slice.ts'
import { mediaOf } from './answer.ts'
import { normalise } from './retrieval/tokenise.ts'

const longestAnswer = 4_000

export const FaqEntry = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: shipping-time')
    .describe('Stays the same for the life of the entry: answers, reports and evaluations point at it'),
  questions: z
    .array(z.string().trim().min(1, 'a question').max(200, 'at most 200 characters'))
    .min(1, 'at least one question')
    .max(50, 'at most 50 questions')
    .describe('How customers ask it'),
  answer: z
    .string()
    .trim()
    .min(1, 'the answer')
    .max(longestAnswer, `at most ${longestAnswer} characters`)
    .describe('Sent word for word. ![](media/x.png) alone on a line is sent as a picture, [](media/x.pdf) as a file'),
  tags: z
    .array(z.string().trim().min(1))
    .default([])
    .describe('Words that customers may use for it. One that several entries share is a topic: alone it asks nothing'),
  groups: z.array(z.string().min(1)).default([]).describe('Ids of group rules: answered in those groups, nowhere else'),
  fact: z
    .string()
    .min(1)
    .optional()
    .describe('order.delivery: the answer has placeholders, filled with what is known of who asks, and of nobody else'),
  draft: z.boolean().default(false).describe('true: checked, and not answered yet'),
  validUntil: z.iso.date().optional().describe('The last day on which it is answered, in the zone of the brand'),
})
export type FaqEntry = z.infer<typeof FaqEntry>

export type Facts = Readonly<Record<string, FactKind>>

/** The kind with what may stand in answers: the facts that slices register. To read entries `faqKind` does. */
export function faqKindWith(facts: Facts | undefined): ContentKind<FaqEntry> {
  return contentKind<FaqEntry>({
    name: 'faq',
    title: 'FAQ entries',
    sources: [
      { form: 'list', glob: 'faq/*.yaml' },
      { form: 'page', glob: 'faq/*.md', bodyAs: 'answer' },
    ],
    schema: FaqEntry,
    unique: 'id',
    references: ({ groups }) => groups.map((id, index) => ({ at: ['groups', index], kind: 'groups', id })),
    media: ({ answer }) => mediaOf(answer).map(({ path }) => ({ at: ['answer'], path })),
    templates({ answer, fact = '' }) {
      const known = facts?.[fact]
      return known ? [{ at: ['answer'], text: answer, placeholders: known.placeholders, examples: known.examples }] : []
    },
    review(items, tell) {
      tellTwins(items, tell)
      tellPlaceholders(items, tell)
      if (facts) tellUnknownFacts(items, facts, tell)
    },
    skeleton: (id) => ({
      path: `faq/${id}.md`,
      text: `---\nid: ${id}\nquestions:\n  - ${id}\ntags: []\ndraft: true\n---\n\n${id}\n`,
    }),
  })
}

export const faqKind = faqKindWith(undefined)

const byId = new WeakMap<Content, ReadonlyMap<string, FaqEntry>>()

/** The entries that may be answered, by id: drafts are for their author. Read once for each version of the content. */
export function entriesById(content: Content): ReadonlyMap<string, FaqEntry> {
  const known = byId.get(content)
  if (known) return known
  const items = content.items(faqKind).filter(({ data }) => !data.draft)
  const entries = new Map(items.map(({ data }) => [data.id, data]))
  byId.set(content, entries)
  return entries
}

/** The same in the order of the files. */
export function entriesOf(content: Content): FaqEntry[] {
  return [...entriesById(content).values()]
}

/** Undefined also for no id, or one that content does not have any more. */
export function entryOf(content: Content, id: string | null | undefined): FaqEntry | undefined {
  return id === null || id === undefined ? undefined : entriesById(content).get(id)
}

type Tell = Parameters<NonNullable<ContentKind<FaqEntry>['review']>>[1]

/** The same question in two entries: neither can be told from the other, so customers are asked which they mean. */
function tellTwins(items: Item<FaqEntry>[], tell: Tell): void {
  const first = new Map<string, FaqEntry>()
  for (const item of items) {
    for (const [index, question] of item.data.questions.entries()) {
      const text = normalise(question)
      const twin = first.get(text)
      first.set(text, twin ?? item.data)
      if (!twin || twin.id === item.data.id || !meetSomewhere(twin, item.data)) continue
      tell(item, ['questions', index], {
        severity: 'warning',
        message: `the question «${question}» stands in «${twin.id}» and in «${item.data.id}»`,
        expected: 'Each question in one entry: word one of them differently, or join the entries',
      })
    }
  }
}

/** Only answers with a fact are templates: of any other customers would read the braces. */
function tellPlaceholders(items: Item<FaqEntry>[], tell: Tell): void {
  for (const item of items) {
    if (item.data.fact !== undefined) continue
    const [placeholder] = /\{\{.*?\}\}|\{%.*?%\}/s.exec(item.data.answer) ?? []
    if (placeholder === undefined) continue
    tell(item, ['answer'], {
      severity: 'error',
      message: `the answer says ${placeholder}, which customers would read as it stands`,
      expected:
        'Plain words: an answer is sent as it is written; placeholders are for replies.yaml and entries with `fact`',
    })
  }
}

function tellUnknownFacts(items: Item<FaqEntry>[], facts: Facts, tell: Tell): void {
  for (const item of items) {
    const { fact } = item.data
    if (fact === undefined || facts[fact]) continue
    tell(item, ['fact'], {
      severity: 'error',
      message: `nobody knows the fact «${fact}»`,
      expected: `One of ${Object.keys(facts).join(', ')}`,
    })
  }
}

/** An entry for certain groups may answer there what another answers elsewhere. */
function meetSomewhere(a: FaqEntry, b: FaqEntry): boolean {
  if (a.groups.length === 0 || b.groups.length === 0) return a.groups.length === b.groups.length
  return a.groups.some((group) => b.groups.includes(group))
}

const Chance = z.number().min(0).max(1)

export const faqSettings = settingsSection({
  name: 'faq',
  title: 'Answers from the FAQ',
  schema: z
    .strictObject({
      burstWindow: Duration.prefault('1.5s').describe('How long to wait for the rest of a question sent in pieces'),
      burstLimit: Duration.prefault('8s').describe('At most this long after the first piece the question is read'),
      confident: Chance.default(0.7).describe('From this chance of being right on (0 to 1) the entry is sent'),
      unsure: Chance.default(0.62).describe('From this chance (0 to 1) that one of them is right, entries are offered'),
      suggestions: z.int().min(1).max(9).default(3).describe('How many entries «did you mean» offers at most'),
      questionExpires: Duration.prefault('10m').describe('How long «did you mean» waits for its answer'),
      replyWithin: Duration.prefault('5m').describe(
        'A reply that could not be sent by then becomes a case for a human',
      ),
      greetings: z
        .array(z.string().min(1))
        .default([])
        .describe('Greetings: a message that is nothing else is greeted back'),
      ignore: z.array(z.string().min(1)).default([]).describe('Messages that need no answer, such as «ok» and thanks'),
    })
    .refine(({ unsure, confident }) => unsure <= confident, {
      path: ['unsure'],
      message: 'unsure must not be above confident',
    }),
})
export type FaqSettings = z.output<typeof faqSettings.schema>

export const replies: Record<string, ReplyDeclaration> = {
  'faq.did-you-mean': { title: 'Offers entries to choose from', placeholders: ['options'] },
  'faq.greeting': { title: 'Answers a message that only greets', placeholders: [] },
  'faq.unknown': { title: 'Says that there is no answer yet', placeholders: [] },
  'faq.handed': { title: 'Tells a customer to wait for a human (a case is opened)', placeholders: [] },
  'faq.handed-in-group': {
    title:
      'In a group, where a case is opened: that she is answered directly. The same whatever it is about; she is mentioned',
    placeholders: [],
  },
  'faq.handed-befriend': {
    title:
      'In a group, where a case is opened for somebody who is no friend of the account: asks her to add us. The same whatever it is about; she is mentioned',
    placeholders: [],
  },
  'faq.unreadable': { title: 'Says that a picture, voice message or file cannot be read', placeholders: ['type'] },
  'faq.fact-unknown': {
    title: 'Tells a customer that nothing is known of what she asks about, and that a human looks (a case is opened)',
    placeholders: ['fact'],
  },
  'faq.fact-late': {
    title: 'Tells a customer that her order or refund is late, and that a human looks (a case is opened)',
    placeholders: ['fact', 'state', 'order', 'ordered', 'amount'],
  },
  'faq.fact-in-group': {
    title: 'In a group: says that the answer has been sent to her directly; she is mentioned',
    placeholders: [],
  },
  'faq.fact-befriend': {
    title:
      'In a group, to somebody who is no friend of the account: asks her to add us and ask there; she is mentioned',
    placeholders: [],
  },
  'faq.fact-with-adviser': {
    title: 'In a group, while a human writes with her directly: asks her to go on there; she is mentioned',
    placeholders: [],
  },
}

/** A line of «did you mean»; the question is the wording that came nearest. */
export type Option = { number: number; question: string }

/** A message of a burst. Its text is without mentions and emoticons; '' of what cannot be read. */
export type Piece = {
  account: string
  platformId: string
  text: string
  /** When we heard it, ISO 8601 in UTC. */
  at: string
  /** The words of the message that this one quotes. */
  quoted?: string
  /** The type of a message that cannot be read. */
  unreadable?: MessageType
}

/** What a person has said in a thread and nobody has read yet, in the order of arrival. */
export type Burst = { startedAt: Date; pieces: Piece[] }

/** Who talks with us, and where: everything that a reply needs to know of it. Goes through JSON with the timer. */
export const Talk = z.object({
  threadId: z.string(),
  customerId: z.string(),
  contactId: z.string(),
  /** The id of the group's rule; null in a direct message. */
  rule: z.string().nullable(),
  recipient: z.custom<Recipient>(),
})
export type Talk = z.infer<typeof Talk>

/** What «did you mean» offered, as the open question keeps it. */
export const Offer = z.object({ options: z.array(z.object({ entry: z.string(), question: z.string() })) })
export type Offer = z.infer<typeof Offer>

/** A question in a group that named nobody, while others have their time to answer it. */
export const Overheard = z.object({ talk: Talk, text: z.string(), message: z.string(), askedAt: z.iso.datetime() })
export type Overheard = z.infer<typeof Overheard>
