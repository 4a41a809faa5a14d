/** What people do with us that counts: questions, praise, complaints, thanks; and how content tells them in what is said. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'
import { MessageType } from '../../../kernel/event.ts'
import { PatternSource } from '../../../kernel/pattern.ts'

const Words = z.array(z.string().trim().min(1)).default([])
const Kind = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^=/,\s]+$/u, 'a name without spaces, «=», «/» and «,»')

export const InteractionRule = z.strictObject({
  kind: Kind.describe('Stays the same for ever: tags, segments and the shop’s own programs name it'),
  title: z.string().trim().min(1).describe('What we call it'),
  weight: z.number().min(0).max(100).default(1).describe('What it counts for how often she is here (F of RFM)'),
  words: Words.describe('Words that show it, unless they are negated'),
  patterns: z
    .array(PatternSource)
    .default([])
    .describe('Regular expressions that show it, whatever stands around them'),
  except: Words.describe('Words that contain one of the words but mean something else'),
  types: z.array(MessageType).default([]).describe('Kinds of messages that show it, such as a link'),
  asks: z.boolean().default(false).describe('Every question shows it'),
  inQuestions: z.boolean().default(true).describe('Whether the words count in a question or a hope as well'),
  opposite: Kind.optional().describe('What the words show when they are negated: what is not good is a complaint'),
})
export type InteractionRule = z.output<typeof InteractionRule>

const InteractionsFile = z.strictObject({ interactions: z.array(InteractionRule).default([]) })
export type InteractionsFile = z.output<typeof InteractionsFile>

export const interactionRules: ContentKind<InteractionsFile> = contentKind<InteractionsFile>({
  name: 'interactions',
  title: 'the kinds of interactions.yaml',
  sources: [{ form: 'single', path: 'interactions.yaml', optional: true }],
  schema: InteractionsFile.prefault({}),
  ids: ({ interactions }) => interactions.map(({ kind: id }, i) => ({ at: ['interactions', i, 'kind'], id })),
  references: ({ interactions }) =>
    interactions.flatMap(({ opposite: id }, i) =>
      id === undefined ? [] : [{ at: ['interactions', i, 'opposite'], kind: 'interactions', id }],
    ),
  review(items, tell) {
    for (const item of items) reviewTwins(item, tell)
  },
})

type Tell = Parameters<NonNullable<ContentKind<InteractionsFile>['review']>>[1]

/** A word under two kinds counts twice: seldom meant. */
function reviewTwins(item: Item<InteractionsFile>, tell: Tell): void {
  const first = new Map<string, string>()
  for (const [i, { kind, words }] of item.data.interactions.entries()) {
    for (const [j, word] of words.entries()) {
      const other = first.get(word)
      first.set(word, other ?? kind)
      if (other === undefined || other === kind) continue
      tell(item, ['interactions', i, 'words', j], {
        severity: 'warning',
        message: `«${word}» stands under ${other} already: a message with it counts as both`,
        expected: 'each word under one kind',
      })
    }
  }
}

/** One interaction on its way into the table. `weight` is what counts when content says nothing of the kind. */
export type InteractionRow = {
  customerId: string
  kind: string
  at: Date
  weight: number
  /** Where it comes from: `message:<account>:<platform id>`, … The same source gives a customer each kind once. */
  source: string
  /** The message that it comes from: when that is recalled before, nothing is stored. */
  message?: { account: string; platformId: string }
  data: Record<string, unknown> | null
}
