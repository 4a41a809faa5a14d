import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HumanNeed, Intent, ModelAnswer, Mood } from '../../src/domains/faq/answers/schema.ts'
import { readAnswer } from '../../src/domains/faq/persona/index.ts'
import { wireSchema } from '../../src/domains/faq/persona/wire.ts'
import { effortOf } from '../support/effort.ts'

const answer: ModelAnswer = {
  answer: '普通地区满 99 元包邮。\n「偏远」另说',
  cites: ['ship-free-threshold'],
  mood: 'calm',
  intent: 'faq',
  human: 'none',
  proposes: { interest: ['抗老'] },
}
const json = JSON.stringify(answer)

const anyAnswer: fc.Arbitrary<ModelAnswer> = fc.record({
  answer: fc.string({ unit: 'grapheme', maxLength: 200 }),
  cites: fc.array(fc.string(), { maxLength: 10 }),
  mood: fc.constantFrom(...Mood.options),
  intent: fc.constantFrom(...Intent.options),
  human: fc.constantFrom(...HumanNeed.options),
  proposes: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 }),
  ),
})

/** As the strict schema asks for it. */
const onTheWire = ({ proposes, ...rest }: ModelAnswer): object => ({
  ...rest,
  proposes: Object.entries(proposes).flatMap(([dimension, values]) => values.map((value) => ({ dimension, value }))),
})

/** A comma behind the last item of every list and object, outside of strings. */
const withTrailingCommas = (text: string): string =>
  text
    .replaceAll(/"(?:[^"\\]|\\.)*"|[\]}]/gu, (piece) => (piece.startsWith('"') ? piece : ` ,\n${piece}`))
    .replaceAll(/([[{]) ,\n/gu, '$1')

const wrappings: Record<string, (text: string) => string> = {
  bare: (text) => text,
  fence: (text) => `\`\`\`json\n${text}\n\`\`\``,
  'byte order mark': (text) => `\ufeff${text}\r\n`,
  'prose before': (text) => `好的，这是结果 {见下}：\n\n${text}`,
  'prose behind': (text) => `${text}\n\nLet me know if you'd like {"another": "tone"}.`,
  thoughts: (text) => `<think>她问 {"answer": "运费", "cites": [], "mood": "calm"} 吧</think>\n${text}`,
  'a list of one': (text) => `[${text}]`,
}

describe('reads back equal', () => {
  for (const [name, wrap] of Object.entries(wrappings)) {
    test(`any answer, ${name}`, () => {
      const layout = fc.constantFrom(0, 2)
      fc.assert(
        fc.property(anyAnswer, layout, (given, indent) => {
          expect(readAnswer(wrap(JSON.stringify(given, null, indent)))).toEqual(given)
          expect(readAnswer(wrap(JSON.stringify(onTheWire(given), null, indent)))).toEqual(given)
        }),
      )
    })
  }

  test('an answer with commas at the ends of lists', () => {
    const text = withTrailingCommas(JSON.stringify(answer))
    expect(() => JSON.parse(text) as unknown).toThrow()
    expect(readAnswer(text)).toEqual(answer)
    expect(readAnswer(json.replace('偏远」另说', '偏远, ] 」}另说'))?.answer).toContain(', ] 」}')
  })

  test('an answer with line ends and tabs within its strings', () => {
    expect(readAnswer(json.replace('\\n', '\n\t'))?.answer).toBe('普通地区满 99 元包邮。\n\t「偏远」另说')
  })
})

describe('is no answer', () => {
  test.each([
    ['nothing', ''],
    ['prose', '抱歉，我不能回答。'],
    ['an empty object', '{}'],
    ['an object cut off', json.slice(0, -20)],
    ['a string that never ends', '{"answer": "包邮'],
    ['another object', '{"error": {"message": "overloaded"}}'],
    ['an answer within another object', `{"result": ${json}}`],
    ['an answer without a list of citations', '{"answer": "包邮"}'],
    ['an answer far too long', JSON.stringify({ ...answer, answer: '长'.repeat(5_000) })],
    ['single quotes', "{'answer': '包邮', 'cites': []}"],
  ])('%s', (_, text) => {
    expect(readAnswer(text)).toBeUndefined()
  })
})

test('what is not known of mood, intent and need is taken carefully, and what is proposed too often once', () => {
  const proposes = ['a', 'a', 'b', 'c', 'd', 'e', 'f'].map((value) => ({ dimension: 'interest', value }))
  const text = JSON.stringify({ answer: '好', cites: [], mood: 'grumpy', intent: 7, proposes })
  expect(readAnswer(text)).toEqual({
    ...{ answer: '好', cites: [], mood: 'calm', intent: 'other', human: 'unsure' },
    proposes: { interest: ['a', 'b', 'c', 'd', 'e'] },
  })
})

test('no text makes it fail', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '\n',
    '{"',
    '":',
    '"answer"',
    '```',
    '<think>',
    '\u0000',
  )
  const text = fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, (said) => {
      expect(() => readAnswer(said)).not.toThrow()
    }),
  )
})

test('100 KB of anything is read in a moment', () => {
  const size = 100_000
  const hostile = [
    '{',
    '{"',
    '{"a":',
    '{"a":{',
    '[{"',
    ',',
    '{ ',
    '"',
    '\\',
    '{"a":"\\',
    '{"a":1},',
    '{"answer":[',
    '<think>',
  ]
  for (const piece of hostile) {
    const text = piece.repeat(Math.ceil(size / piece.length))
    const effort = effortOf(() => {
      expect(readAnswer(text)).toBeUndefined()
      expect(readAnswer(`{"answer": ${text}`)).toBeUndefined()
    })
    expect(effort, piece).toBeLessThan(5_000)
  }
  expect(readAnswer(`<think>${'{"'.repeat(size)}</think>${json}${'}'.repeat(size)}`)).toEqual(answer)
})

test('the schema that endpoints are given keeps the rules of strict structured output', () => {
  expect(wireSchema).toEqual({
    type: 'object',
    properties: {
      answer: { type: 'string' },
      cites: { type: 'array', items: { type: 'string' } },
      mood: { type: 'string', enum: Mood.options },
      intent: { type: 'string', enum: Intent.options },
      human: { type: 'string', enum: HumanNeed.options },
      proposes: {
        type: 'array',
        items: {
          type: 'object',
          properties: { dimension: { type: 'string' }, value: { type: 'string' } },
          required: ['dimension', 'value'],
          additionalProperties: false,
        },
      },
    },
    required: ['answer', 'cites', 'mood', 'intent', 'human', 'proposes'],
    additionalProperties: false,
  })
})
