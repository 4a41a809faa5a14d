import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Complaint, Gate } from '../../src/domains/campaigns/compliance/index.ts'
import { exampleGate, group, marketing, service, text, wordsOf } from './campaigns-compliance-content.ts'
import { bad, doubtful, harmless } from './campaigns-compliance-copy.ts'

let gate: Gate
beforeAll(async () => {
  gate = await exampleGate()
})

const told = (words: string): Complaint[] => gate([text(words)], group)
const shown = (words: string, complaints: readonly Complaint[]): string[] =>
  complaints.map((one) => `${words} (${one.severity} ${one.rule}: ${wordsOf(words, one)})`)

describe('the copy of a skin care brand', () => {
  test('what is harmless is stopped nowhere', () => {
    const stopped = harmless.flatMap((words) => shown(words, told(words)))
    expect(stopped).toEqual([])
    expect(harmless.length).toBeGreaterThanOrEqual(60)
  })

  test('what the law forbids is stopped by its rule, at its words', () => {
    const missed = bad.filter(
      ([words, rule, at]) =>
        !told(words).some((one) => one.severity === 'error' && one.rule === rule && wordsOf(words, one) === at),
    )
    expect(missed.map(([words]) => shown(words, told(words)))).toEqual([])
    expect(bad.length).toBeGreaterThanOrEqual(80)
  })

  test('what may be said with proof is told of, and stops nothing', () => {
    for (const [words, rule, at] of doubtful) {
      const complaints = told(words)
      expect(shown(words, complaints)).toEqual([`${words} (warning ${rule}: ${at})`])
    }
  })

  test('a finding names the words, the rule, the law and a way out', () => {
    expect(told('保湿的最佳选择')).toEqual([
      {
        rule: 'absolute-law',
        law: '《广告法》第九条第三项',
        severity: 'error',
        index: 3,
        length: 2,
        at: [],
        message: '"最佳" may not be said: 国家级、最高级、最佳等用语, 《广告法》第九条第三项',
        expected: expect.stringContaining('换成说得清的事实') as string,
      },
    ])
  })

  test('findings come in the order of the text, with the piece that they are of', () => {
    const pieces = [
      { text: '能治疗，还消炎', at: ['messages', 0, 'text'], kind: 'text' as const },
      { text: '顶级面霜', at: ['messages', 1, 'card', 'title'], kind: 'title' as const },
    ]
    const complaints = gate(pieces, service)
    expect(complaints.map(({ at, index }) => [...at, index])).toEqual([
      ['messages', 0, 'text', 1],
      ['messages', 0, 'text', 5],
      ['messages', 1, 'card', 'title', 0],
    ])
  })

  test('of words that overlap the gravest is told of, and once', () => {
    expect(told('最好的选择').map(({ rule }) => rule)).toEqual(['absolute-superlative'])
  })

  test('rules for marketing leave service messages alone, and rules for groups what goes to one customer', () => {
    const profiled = '知道你怀孕了，这支很适合你，{{ brand }}，回复「退订」不再接收'
    expect(gate([text(profiled)], marketing).map(({ rule }) => rule)).toEqual(['sensitive-targeting'])
    expect(gate([text(profiled)], service)).toEqual([])
    const asked = '把收货地址发到群里'
    expect(told(asked).map(({ rule }) => rule)).toEqual(['asking-in-group'])
    expect(gate([text(asked)], service)).toEqual([])
  })
})

describe('any text at all', () => {
  const piece = fc.constantFrom(
    ...harmless,
    ...bad.map(([words]) => words),
    ...'最第一不能治疗「」《》，。 \n*{{ name }}'.split(''),
  )
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
  )

  test('is read without a throw, and findings stand within it', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('text', 'title', 'description'), (words, kind) => {
        for (const { index, length, message, expected } of gate([{ text: words, at: [], kind }], {
          ...group,
          to: 'both',
        })) {
          expect(index).toBeGreaterThanOrEqual(0)
          expect(length).toBeGreaterThanOrEqual(0)
          expect(index + length).toBeLessThanOrEqual(words.length)
          expect(message).not.toBe('')
          expect(expected).not.toBe('')
        }
      }),
    )
  })

  test('a harmless sentence beside it changes nothing', () => {
    const sentence = fc.constantFrom(...harmless.filter((words) => words.endsWith('。')))
    const words = fc.constantFrom(...bad.map(([words]) => words), ...harmless)
    fc.assert(
      fc.property(words, sentence, sentence, (middle, before, behind) => {
        const alone = told(middle)
        const among = told(`${before}${middle}。${behind}`)
        expect(among.map(({ index, ...rest }) => ({ ...rest, index: index - before.length }))).toEqual(
          alone.map(({ ...rest }) => rest),
        )
      }),
    )
  })

  test('is told of in the same way by every run', () => {
    fc.assert(
      fc.property(anything, (words) => {
        expect(told(words)).toEqual(told(words))
      }),
    )
  })

  test('half of a surrogate pair and letters of other planes are read past', () => {
    expect(told('\ud83d最佳\ude00')).toMatchObject([{ index: 1, length: 2 }])
    expect(told('𠮷𠮷最佳')).toMatchObject([{ index: 4, length: 2 }])
    expect(told('𝐍𝐎.𝟏')).toMatchObject([{ rule: 'absolute-first', index: 0, length: 7 }])
  })
})
