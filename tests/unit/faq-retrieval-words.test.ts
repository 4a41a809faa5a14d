import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ask } from '../../src/domains/faq/index.ts'
import { chancesOf, decideBy } from '../../src/domains/faq/retrieval/confidence.ts'
import { lexiconOf } from '../../src/domains/faq/retrieval/lexicon.ts'
import { wordsKind } from '../../src/domains/faq/retrieval/schema.ts'
import { generalWords, normalise, read } from '../../src/domains/faq/retrieval/tokenise.ts'
import { FaqEntry, faqSettings } from '../../src/domains/faq/schema.ts'
import type { Content, ContentKind } from '../../src/kernel/content.ts'
import { contentWith } from './faq-content.ts'

const now = new Date('2026-03-02T10:00:00+08:00')
type Words = z.input<typeof wordsKind.schema>

/** Content with these words and entries, by question. */
function contentOf(words: Words, questions: Record<string, string>): Content {
  const entries = Object.entries(questions).map(([id, question]) => ({ id, questions: [question], answer: id }))
  const content = contentWith({ entries })
  return {
    ...content,
    one: <T>(kind: ContentKind<T>) => (kind.name === wordsKind.name ? kind.schema.parse(words) : content.one(kind)),
  }
}

const shop = { freight: '运费是多少', cleanser: '洁面乳怎么用', cream: '面霜怎么用', invoice: '发票怎么开' }
const synonyms = [
  ['运费', '邮费', '快递费'],
  ['洁面乳', '洗面奶'],
]
const topOf = (words: Words, question: string) => ask(contentOf(words, shop), question, { now }).top[0]

describe('synonyms', () => {
  test('find what is written with another word of the group, in either direction', () => {
    expect(topOf({}, '洗面奶咋用')?.entry).not.toBe('cleanser')
    expect(topOf({ synonyms }, '洗面奶咋用')?.entry).toBe('cleanser')
    const turned = contentOf({ synonyms }, { ...shop, cleanser: '洗面奶怎么用' })
    expect(ask(turned, '洁面乳怎么用啊', { now }).top[0]?.entry).toBe('cleanser')
    for (const word of ['邮费', '快递费']) expect(topOf({ synonyms }, `${word}是多少`)?.entry).toBe('freight')
  })

  test('count a little less than the word itself, and only the same text is certain', () => {
    const [same, other] = ['运费是多少', '邮费是多少'].map((question) => topOf({ synonyms }, question)?.score ?? 0)
    expect(same).toBe(1)
    expect(other).toBeLessThan(1)
    expect(other).toBeGreaterThan(0.7)
    const both = contentOf({ synonyms }, { a: '邮费谁来出呢', b: '快递费谁来出呢' })
    expect(ask(both, '快递费谁出', { now }).top[0]?.entry).toBe('b')
  })

  test('of several words, and of a wrong character in one, are found', () => {
    const words = {
      synonyms: [
        ['多少钱', '什么价格'],
        ['优惠券', '代金券'],
      ],
    }
    const content = contentOf(words, { price: '面霜多少钱', coupon: '代金券怎么用', other: '积分怎么用' })
    expect(ask(content, '面霜什么价格', { now }).top[0]?.entry).toBe('price')
    expect(ask(content, '代金卷怎么用', { now }).top[0]?.entry).toBe('coupon')
  })

  test('are known from what everybody asks with, without any content', () => {
    for (const [said, meant] of [
      ['咋用啊', '怎么用啊'],
      ['可不可以退', '能不能退'],
      ['啥时候到', '什么时候到'],
    ] as const)
      expect(read(said).meant).toBe(meant)
    expect(read('什么').words).toEqual(['什么'])
  })
})

describe('the dictionary', () => {
  const lexicon = lexiconOf({ words: ['a醇', '发红', '屿雾', '酸'], near: [['快递费', '运费']], same: [] })

  test('makes one word of what jieba cuts apart', () => {
    expect(read('a醇怎么用').words).toContain('醇')
    expect(read('a醇怎么用', lexicon).words).toContain('a醇')
    expect(read('屿雾好用吗', lexicon).words).toContain('屿雾')
  })

  test('leaves words whole that only contain one of it', () => {
    expect(read('开发红包', lexicon).words).toEqual(read('开发红包').words)
    expect(read('发红怎么办', lexicon).words).toContain('发红')
  })

  test('changes nothing where none of its words stands, and loses no character', () => {
    for (const text of ['面膜多久敷一次', 'vitamin c 精华', '']) {
      expect(read(normalise(text), lexicon).words).toEqual(read(normalise(text), generalWords).words)
      expect(read(normalise(text), lexicon).meant).toBe(normalise(text))
    }
  })

  test('is of one version of the content: what another has does not linger', () => {
    const dictionary = ['晚屿精华']
    const before = ask(contentOf({}, shop), '晚屿精华怎么用', { now })
    ask(contentOf({ dictionary }, shop), '晚屿精华怎么用', { now })
    expect(ask(contentOf({}, shop), '晚屿精华怎么用', { now })).toEqual(before)
  })
})

describe('the content of words', () => {
  const findingsOf = (data: Words) => {
    const findings: string[] = []
    const item = { data: wordsKind.schema.parse(data), file: 'words.yaml', at: [] }
    wordsKind.review?.([item], (_, at, { severity, message }) =>
      findings.push(`${severity} ${at.join('.')}: ${message}`),
    )
    return findings
  }

  test('may be missing altogether', () => {
    expect(wordsKind.schema.parse(undefined)).toEqual({ dictionary: [], synonyms: [] })
  })

  test('warns of a group of one, and refuses a word in two groups, an overlong word and an unknown key', () => {
    expect(findingsOf({ synonyms: [['运费', '邮费'], ['包邮']] })).toEqual([
      'warning synonyms.1: «包邮» stands alone in its group',
    ])
    expect(
      findingsOf({
        synonyms: [
          ['VC', '维C'],
          ['ＶＣ', '精华'],
        ],
      }),
    ).toEqual(['error synonyms.1.0: «ＶＣ» stands in group 1 and in group 2'])
    for (const bad of [{ dictionary: ['长'.repeat(21)] }, { dictionary: ['！！'] }, { words: [] }])
      expect(wordsKind.schema.safeParse(bad).success).toBe(false)
  })
})

describe('chances', () => {
  const settings = faqSettings.schema.parse({})
  const matches = (...scores: number[]) =>
    scores.map((score, i) => ({
      entry: FaqEntry.parse({ id: `entry-${i}`, questions: ['怎么'], answer: 'a' }),
      question: '怎么',
      score,
      topic: undefined,
    }))

  test('rise with likeness, fall with every rival, keep the order and never add up to more than 1', () => {
    const first = (...scores: number[]) => chancesOf(matches(...scores), 8)[0]?.score ?? 0
    expect(first(0.7, 0.2)).toBeGreaterThan(first(0.5, 0.2))
    expect(first(0.7, 0.2)).toBeGreaterThan(first(0.7, 0.65))
    expect(first(0.7, 0.65)).toBeGreaterThan(first(0.7, 0.65, 0.65))
    for (const scores of [[0.9, 0.9], [0.8, 0.7, 0.7, 0.7], [0.3], [0.999, 0.2]]) {
      const chances = chancesOf(matches(...scores), 8).map(({ score }) => score)
      expect(chances).toEqual([...chances].sort((a, b) => b - a))
      expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeLessThanOrEqual(1 + 1e-9)
    }
  })

  test('of twins are half at most, so neither is sent and both are offered; and so are three', () => {
    for (const scores of [
      [0.85, 0.85],
      [0.85, 0.85, 0.85],
    ]) {
      const found = chancesOf(matches(...scores), 8)
      expect(found[0]?.score).toBeLessThanOrEqual(0.5)
      expect(decideBy(found, 8, settings)).toMatchObject({
        kind: 'suggest',
        found: found.map(({ entry }) => ({ entry })),
      })
    }
  })

  test('are 1 of the same text and little of a word or two that may mean anything', () => {
    expect(chancesOf(matches(1, 0.9), 2)[0]?.score).toBe(1)
    const chanceAt = (length: number) => chancesOf(matches(0.7, 0.1), length)[0]?.score ?? 0
    expect(chanceAt(2)).toBeLessThan(chanceAt(4) / 2)
    expect(chancesOf([], 0)).toEqual([])
  })
})
