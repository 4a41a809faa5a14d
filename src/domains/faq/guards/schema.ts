/** content/guards.yaml: what customers' words never reach the model, and what the model may not say on its own. */
import { z } from 'zod'
import { type Content, type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'
import { compilePattern, isPattern, PatternSource } from '../../../kernel/pattern.ts'
import { plainSpelling } from '../../../kernel/spelling.ts'
import { Phrase, PhraseGroup } from './phrase.ts'

const Id = z
  .string()
  .max(64)
  .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: other-customers')

const says = z
  .array(z.string().trim().min(1))
  .min(1, 'at least one wording of what is said')
  .describe('Said as it stands; with several wordings one is picked')

const recognised = {
  words: z
    .array(Phrase)
    .default([])
    .describe('Phrases of plain words. «…» is at most twelve characters between, «|» parts words, «#» is a number'),
  patterns: z.array(PatternSource).default([]).describe('Regular expressions, for what phrases cannot say'),
  except: z.array(Phrase).default([]).describe('A message in which one of these is found is not meant'),
}

const Refusal = z.strictObject({
  id: Id,
  title: z.string().min(1).describe('What is refused, for reports'),
  ...recognised,
  says,
})
export type Refusal = z.infer<typeof Refusal>

const Topic = z.strictObject({
  id: Id,
  title: z.string().min(1).describe('What it is about, for the adviser'),
  ...recognised,
  urgent: z.boolean().default(false).describe('true: the case goes to the top of the list'),
  says,
  entry: z.string().optional().describe('Id of an FAQ entry whose approved answer is sent as well'),
})
export type Topic = z.infer<typeof Topic>

const PromiseKind = z.strictObject({
  id: Id,
  title: z.string().min(1),
  words: z
    .array(PhraseGroup)
    .min(1)
    .describe('Each line is one promise. Wordings in [ ] mean the same: the entry may say it in any of them'),
  except: z.array(Phrase).default([]).describe('Where one of these stands, nothing is promised'),
  timed: z
    .boolean()
    .default(false)
    .describe('true: a duration beside it must stand beside the same promise in the entry'),
  asked: z.boolean().default(false).describe('true: a bare «yes» to a question that asks for it is such a promise too'),
  denial: z
    .enum(['grounded', 'free'])
    .default('grounded')
    .describe('free: «we do not …» may be said also where no entry says anything about it'),
})
export type PromiseKind = z.infer<typeof PromiseKind>

const Product = z.strictObject({
  name: z.string().trim().min(1),
  aliases: z.array(z.string().trim().min(1)).default([]).describe('Short names that mean this product and no other'),
})
export type Product = z.infer<typeof Product>

const Forbidden = z.strictObject({
  words: z.array(Phrase).default([]),
  except: z.array(Phrase).default([]).describe('Harmless words with the same characters'),
})

export const GuardsContent = z.strictObject({
  refusals: z
    .array(Refusal)
    .default([])
    .describe('What customers try and do not get. Read from the top; the first that is found is answered'),
  topics: z.array(Topic).default([]).describe('What a human takes over. They go before the refusals'),
  anger: z
    .strictObject(recognised)
    .prefault({})
    .describe('Complaints and strong anger: what she asks is answered as ever, and a human comes as well'),
  products: z.array(Product).default([]).describe('Every product by its name'),
  scopes: z
    .array(Product)
    .default([])
    .describe(
      'Beside what figures stand: regions, levels, ways to pay. A figure of one of them is no figure of another',
    ),
  categories: z
    .array(z.string().trim().min(1))
    .default([])
    .describe('Kinds of goods. One that stands in no cited entry is not said to be there'),
  promises: z
    .array(PromiseKind)
    .default([])
    .describe('What the model may promise only where a cited entry promises it too'),
  absolutes: Forbidden.prefault({}).describe('Words that the advertising law forbids'),
  medical: Forbidden.prefault({}).describe('Effects of medicine, which cosmetics must not claim'),
})
export type GuardsContent = z.infer<typeof GuardsContent>

export const guardsKind: ContentKind<GuardsContent> = contentKind<GuardsContent>({
  name: 'guards',
  title: 'guards.yaml',
  sources: [{ form: 'single', path: 'guards.yaml', optional: true }],
  schema: GuardsContent,
  ids: ({ refusals, topics, promises }) => [
    ...refusals.map(({ id }, index) => ({ at: ['refusals', index, 'id'], id })),
    ...topics.map(({ id }, index) => ({ at: ['topics', index, 'id'], id })),
    ...promises.map(({ id }, index) => ({ at: ['promises', index, 'id'], id })),
  ],
  references: ({ topics }) =>
    topics.flatMap(({ entry }, index) =>
      entry === undefined ? [] : [{ at: ['topics', index, 'entry'], kind: 'faq', id: entry }],
    ),
  review(items, tell) {
    for (const item of items) {
      tellUnrecognisable(item, tell)
      tellTwins(item, 'products', tell)
      tellTwins(item, 'scopes', tell)
    }
  },
})

/** The live guards; without the file nothing is guarded but what code knows by itself. */
export function guardsOf(content: Content): GuardsContent {
  return content.one(guardsKind)
}

type Tell = Parameters<NonNullable<ContentKind<GuardsContent>['review']>>[1]

/** A rule by which nothing is ever recognised, and a pattern that no text can hold. */
function tellUnrecognisable(item: Item<GuardsContent>, tell: Tell): void {
  const { refusals, topics } = item.data
  for (const [list, rules] of Object.entries({ refusals, topics })) {
    for (const [index, { id, words, patterns }] of rules.entries()) {
      if (words.length + patterns.length === 0) {
        tell(item, [list, index], {
          severity: 'error',
          message: `«${id}» has neither words nor patterns: it is never recognised`,
          expected: 'At least one line of words',
        })
      }
      for (const [at, source] of patterns.entries()) {
        const wrong = wrongWith(source)
        if (wrong) tell(item, [list, index, 'patterns', at], { severity: 'error', ...wrong })
      }
    }
  }
}

/** Something stands before «^» or behind «$»; and a pattern that finds the empty text finds everything. */
function wrongWith(source: string): { message: string; expected: string } | undefined {
  const bare = source.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/gu, 'x')
  if (/[^(|?:^]\^/u.test(bare) || /\$[^)|$]/u.test(bare)) {
    return {
      message: `no text can hold this pattern: ${source}`,
      expected: 'Messages are one text: «^» stands at its beginning, «$» at its end, and nothing beyond them',
    }
  }
  const compiled = compilePattern(source)
  if (!isPattern(compiled) || !compiled.test('')) return undefined
  return { message: `every text holds this pattern: ${source}`, expected: 'A pattern with at least one character' }
}

/** A name that two things bear tells of neither. */
function tellTwins(item: Item<GuardsContent>, list: 'products' | 'scopes', tell: Tell): void {
  const owners = new Map<string, number>()
  for (const [index, { name, aliases }] of item.data[list].entries()) {
    for (const [at, word] of [name, ...aliases].entries()) {
      const plain = plainSpelling(word).replaceAll(/\s+/gu, '')
      const owner = owners.get(plain)
      owners.set(plain, owner ?? index)
      if (owner === undefined) continue
      tell(item, [list, index, ...(at === 0 ? ['name'] : ['aliases', at - 1])], {
        severity: 'error',
        message: `«${word}» stands twice: it also names «${item.data[list][owner]?.name ?? ''}»`,
        expected: 'Each name and alias once, and only for one of them',
      })
    }
  }
}
