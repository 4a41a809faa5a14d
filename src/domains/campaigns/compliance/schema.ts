/** content/compliance/*.yaml: what the law forbids, rule by rule; brand.yaml among them: what is our own. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'
import { Phrase } from './phrase.ts'
import { quoting } from './vocabulary.ts'

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
  title: 'Rules of compliance',
  sources: [{ form: 'list', glob: 'compliance/!(brand).yaml' }],
  schema: ComplianceRule,
  unique: 'id',
  review(items, tell) {
    for (const item of items) tellUselessExcepts(item, tell)
  },
})

const Name = z.string().trim().min(1)
const Placeholder = z.string().regex(/^[A-Za-z_]\w*$/u, 'the name of a placeholder, without braces')

export const ComplianceBrand = z.strictObject({
  senders: z
    .array(Name)
    .default([])
    .describe('Names by which customers know who writes, beside {{ brand }}; without any, nobody looks for them'),
  optOut: z
    .array(Phrase)
    .default([])
    .describe('How messages say that one can refuse them; without any, nobody looks for it'),
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
  shared: z
    .array(Placeholder)
    .default(['brand', 'persona', 'group'])
    .describe('Placeholders that tell of nobody: all others stand in no message that a whole group reads'),
  laws: z
    .strictObject({ marketing: Law.default(''), personal: Law.default('') })
    .prefault({})
    .describe('The laws that findings name: about sender and refusal, and about what is of one person'),
  longest: z.int().min(50).max(10_000).default(600).describe('Longer messages are warned of, in characters'),
  titleBytes: z.int().positive().default(128).describe('Longest title of a card, in bytes: a Chinese letter has 3'),
  descriptionBytes: z.int().positive().default(512).describe('Longest description of a card, in bytes'),
})
export type ComplianceBrand = z.infer<typeof ComplianceBrand>

export const complianceBrandKind: ContentKind<ComplianceBrand> = contentKind<ComplianceBrand>({
  name: 'compliance-brand',
  title: 'What compliance knows of the brand',
  sources: [{ form: 'single', path: 'compliance/brand.yaml', optional: true }],
  schema: ComplianceBrand,
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
