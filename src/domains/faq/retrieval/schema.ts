/** The words of a trade, as a community manager writes them. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'
import { normalise } from './tokenise.ts'

const longestWord = 20
const Word = z
  .string()
  .trim()
  .min(1, 'a word')
  .max(longestWord, `at most ${longestWord} characters: a word, no sentence`)
  .refine((word) => normalise(word) !== '', 'a word with letters, characters or digits')

const WordsFile = z.strictObject({
  dictionary: z
    .array(Word)
    .default([])
    .describe('Names and terms that are one word: products, ingredients. Tags of entries are known without it'),
  synonyms: z
    .array(z.array(Word).min(1))
    .default([])
    .describe(
      'Words that mean the same, in groups: who uses one finds what is written with another. The usual one first',
    ),
})
export type WordsFile = z.output<typeof WordsFile>

export const wordsKind: ContentKind<WordsFile> = contentKind<WordsFile>({
  name: 'words',
  title: 'the words of words.yaml',
  sources: [{ form: 'single', path: 'words.yaml', optional: true }],
  schema: WordsFile.prefault({}),
  review(items, tell) {
    for (const item of items) reviewGroups(item, tell)
  },
})

type Tell = Parameters<NonNullable<ContentKind<WordsFile>['review']>>[1]

/** A group of one word, and a word in two groups: neither does what its author wants. */
function reviewGroups(item: Item<WordsFile>, tell: Tell): void {
  const groupOf = new Map<string, number>()
  for (const [i, group] of item.data.synonyms.entries()) {
    if (new Set(group.map(normalise)).size < 2) {
      tell(item, ['synonyms', i], {
        severity: 'warning',
        message: `«${group[0] ?? ''}» stands alone in its group`,
        expected: 'At least two words that mean the same; a name of its own stands under dictionary',
      })
    }
    for (const [j, word] of group.entries()) {
      const before = groupOf.get(normalise(word))
      if (before === undefined) groupOf.set(normalise(word), i)
      else if (before !== i) {
        tell(item, ['synonyms', i, j], {
          severity: 'error',
          message: `«${word}» stands in group ${before + 1} and in group ${i + 1}`,
          expected: 'Each word in one group: join the groups, or leave it out of one of them',
        })
      }
    }
  }
}
