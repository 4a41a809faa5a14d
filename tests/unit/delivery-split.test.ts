import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText } from '../../src/delivery/split.ts'

const bytes = (text: string): number => Buffer.byteLength(text)
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
const graphemes = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment)
const withoutBlanks = (text: string): string =>
  graphemes(text)
    .filter((grapheme) => grapheme.trim() !== '')
    .join('')

/** What people and brands really write, and what breaks splitters. */
const atoms = [
  '今天',
  '的精华水',
  '好用',
  '。',
  '？！',
  '……',
  '」',
  '\n',
  '\n\n',
  '\r\n',
  ' ',
  ', ',
  '. ',
  'serum',
  '👩‍👩‍👧‍👦',
  '👍🏽',
  '🇨🇳',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'é',
  'e\u0301',
  'ก็',
  'नमस्ते',
  'שלום',
  'مرحبا',
  '\u200f',
  '\u202e',
  '{{',
  '㊙️',
  '한글',
  '\u1112\u1161\u11ab',
]
const text = fc.array(fc.oneof(fc.constantFrom(...atoms), fc.string({ unit: 'grapheme', maxLength: 4 })), {
  maxLength: 300,
})
const prose = text.map((pieces) => pieces.join(''))

describe('a long text', () => {
  it('goes out in parts that fit, in order, with nothing lost but white space at the cuts', () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 64, max: 400 }), (whole, limit) => {
        const parts = splitText(whole, limit)
        for (const part of parts) {
          expect(bytes(part)).toBeLessThanOrEqual(limit)
          expect(part.trim()).not.toBe('')
        }
        expect(parts.join('').replaceAll(/\s/g, '')).toBe(whole.replaceAll(/\s/g, ''))
      }),
      { numRuns: 300 },
    )
  })

  it('is never cut inside a grapheme', () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 64, max: 400 }), (whole, limit) => {
        fc.pre(graphemes(whole).every((grapheme) => bytes(grapheme) <= limit))
        const apart = splitText(whole, limit)
          .flatMap(graphemes)
          .filter((grapheme) => grapheme.trim() !== '')
        expect(apart).toEqual(graphemes(whole).filter((grapheme) => grapheme.trim() !== ''))
      }),
      { numRuns: 300 },
    )
  })

  it('is cut at a paragraph rather than at a sentence, and at a sentence rather than at a word', () => {
    const sentence = '这瓶精华水请在洁面后使用。' // 39 bytes
    const paragraphs = `${sentence.repeat(3)}\n\n${sentence.repeat(2)}`
    expect(splitText(paragraphs, 160)).toEqual([sentence.repeat(3), sentence.repeat(2)])
    expect(splitText(sentence.repeat(3), 100)).toEqual([sentence.repeat(2), sentence])
    expect(splitText('Use it twice a day. Then wait. Then sleep well', 40)).toEqual([
      'Use it twice a day. Then wait.',
      'Then sleep well',
    ])
    expect(splitText('aaaa bbbb cccc dddd', 11)).toEqual(['aaaa bbbb', 'cccc dddd'])
  })

  it('keeps marks together that belong together', () => {
    const text = `${'甲'.repeat(10)}真的吗？！」${'乙'.repeat(10)}`
    expect(splitText(text, 60)).toEqual([`${'甲'.repeat(10)}真的吗？！」`, '乙'.repeat(10)])
  })

  it('that fits stays whole, and a blank one has no parts', () => {
    expect(splitText('  你好 \n', 2_048)).toEqual(['你好'])
    expect(splitText(' \n\r\n\t ', 2_048)).toEqual([])
    expect(splitText('', 2_048)).toEqual([])
    expect(splitText(' '.repeat(5_000), 2_048)).toEqual([])
  })

  it('of one monstrous grapheme is cut between code points, for the limit is the platform’s', () => {
    const monster = `e${'\u0301'.repeat(200)}`
    const parts = splitText(monster, 100)
    expect(parts.join('')).toBe(monster)
    expect(Math.max(...parts.map(bytes))).toBeLessThanOrEqual(100)
  })

  it('of ten kilobytes is split at once', () => {
    const parts = splitText('今天的护肤小贴士：先洁面，再爽肤，最后面霜。'.repeat(160), 2_048)
    expect(parts).toHaveLength(6)
    expect(parts.every((part) => part.endsWith('。'))).toBe(true)
    expect(withoutBlanks(parts.join(''))).toHaveLength(22 * 160)
  })
})
