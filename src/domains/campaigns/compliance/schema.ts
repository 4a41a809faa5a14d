/** content/compliance/*.yaml: what the law forbids, rule by rule; content/compliance.yaml: what is our own. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'
import { Phrase } from './phrase.ts'
import { optOuts, quoting } from './vocabulary.ts'

const Law = z.string().trim().describe('The law and its article, as findings name it')

export const ComplianceRule = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/u, 'small letters and digits joined by hyphens: absolute-words'),
  title: z.string().trim().min(1).describe('What is forbidden, in a few words, for findings'),
  law: Law.min(1),
  severity: z
    .enum(['error', 'warning'])
    .default('error')
    .describe('error: the content cannot go live. warning: somebody has to look at it'),
  where: z
    .enum(['all', 'marketing', 'group'])
    .default('all')
    .describe('all: everywhere. marketing: not in service messages. group: only in what is posted to groups'),
  words: z
    .array(Phrase)
    .min(1)
    .describe('Phrases of plain words. «…» is at most sixteen letters between, «|» parts words, «#» is a number'),
  except: z.array(Phrase).default([]).describe('Harmless words that hold the same characters'),
  unless: z.array(Phrase).default([]).describe('A sentence in which one of these stands is not meant'),
  negation: z
    .enum(['excuses', 'counts'])
    .default('excuses')
    .describe('excuses: what is denied is harmless. counts: the words are wrong also when denied'),
  suggestion: z.string().trim().min(1).describe('What to write instead, or what to do'),
})
export type ComplianceRule = z.infer<typeof ComplianceRule>

export const complianceKind: ContentKind<ComplianceRule> = contentKind<ComplianceRule>({
  name: 'compliance',
  title: 'the rules of compliance/',
  sources: [{ form: 'list', glob: 'compliance/*.yaml' }],
  schema: ComplianceRule,
  unique: 'id',
  review(items, tell) {
    for (const item of items) tellUselessExcepts(item, tell)
  },
})

const Name = z.string().trim().min(1)

export const GateContent = z.strictObject({
  exceptions: z
    .array(Name)
    .default([])
    .describe('Names of products, brands and campaigns: words in them are not meant. Only names that are registered'),
  quoting: z
    .array(Phrase)
    .min(1)
    .default(quoting)
    .describe(
      'Behind these, in the same sentence, words are spoken of and not claimed: ways to say «must not be used»',
    ),
  sender: z
    .strictObject({
      law: Law.default(''),
      names: z
        .array(Name)
        .default([])
        .describe('Names by which customers know who writes, beside the name of the brand: personas, shops'),
    })
    .prefault({})
    .describe('Direct marketing says who writes'),
  optOut: z
    .strictObject({
      law: Law.default(''),
      words: z.array(Phrase).min(1).default(optOuts).describe('How messages say that one can refuse'),
    })
    .prefault({})
    .describe('Direct marketing says how to refuse it'),
  personal: z
    .strictObject({
      law: Law.default(''),
      placeholders: z
        .array(z.string().regex(/^[A-Za-z_]\w*$/u, 'the name of a placeholder, without braces'))
        .default([
          ...['name', 'nickname', 'phone', 'birthday', 'points', 'level', 'tags', 'region', 'province', 'city'],
          ...['customer', 'member', 'address', 'order', 'orders', 'amount', 'spent', 'coupon'],
        ])
        .describe('Placeholders that tell of one person: they do not stand in what a whole group reads'),
    })
    .prefault({})
    .describe('What is of one person does not go to a group'),
  longest: z
    .strictObject({
      characters: z.int().positive().default(600).describe('Of one message'),
      titleBytes: z.int().positive().default(128).describe('Of the title of a card, in bytes: a Chinese letter has 3'),
      descriptionBytes: z.int().positive().default(512).describe('Of the description of a card, in bytes'),
    })
    .prefault({})
    .describe('Longer texts are warned of'),
})
export type GateContent = z.infer<typeof GateContent>

export const gateKind: ContentKind<GateContent> = contentKind<GateContent>({
  name: 'gate',
  title: 'compliance.yaml',
  sources: [{ form: 'single', path: 'compliance.yaml', optional: true }],
  schema: GateContent,
})

/** An exception that holds none of the words would never be of use: most likely a slip of the pen. */
function tellUselessExcepts(
  item: Item<ComplianceRule>,
  tell: Parameters<NonNullable<ContentKind<ComplianceRule>['review']>>[1],
): void {
  const { words, except } = item.data
  const heads = words.flatMap((phrase) => phrase.split(/…|\.{3,}/u)[0]?.split('|') ?? [])
  for (const [index, phrase] of except.entries()) {
    const useless = phrase.split('|').filter((word) => !heads.some((head) => harmless(word, head)))
    if (useless.length === 0) continue
    tell(item, ['except', index], {
      severity: 'warning',
      message: `"${useless.join('", "')}" holds none of the words of the rule`,
      expected: 'A longer phrase around one of the words: it is harmless where the whole of it stands',
    })
  }
}

function harmless(word: string, head: string): boolean {
  const bare = head.replaceAll(/[#\s]/gu, '')
  return word.replaceAll(/\s/gu, '').toLowerCase().includes(bare.toLowerCase())
}
