import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Mood } from '../../src/domains/faq/answers/schema.ts'
import { courtesyOf, emojiIn, lengthOf, limitsOf, polish } from '../../src/domains/faq/persona/index.ts'
import type { Persona } from '../../src/domains/faq/persona/schema.ts'
import { brand, personaWith } from './faq-persona.ts'

let xiaoyu: Persona
beforeAll(async () => {
  xiaoyu = (await brand()).persona
})

describe('words that are replaced', () => {
  test('are replaced wherever they stand, the longest first, and not once more', () => {
    const persona = personaWith({ replace: { 亲: '你', 亲亲: '大家', 小编: '小屿', 敬请: '' } })
    expect(polish('亲亲，亲要问小编，敬请留言', persona, 'calm')).toBe('大家，你要问小屿，留言')
  })

  test('stay in the words that content excepts', () => {
    const persona = personaWith({ replace: { 亲: { with: '你', unless: ['亲肤', '母亲'] } } })
    expect(polish('亲，母亲也能用，很亲肤', persona, 'calm')).toBe('你，母亲也能用，很亲肤')
  })

  test('may hold marks that mean something in a pattern', () => {
    expect(polish('a.c abc (x)', personaWith({ replace: { 'a.c': 'ok', '(x)': '' } }), 'calm')).toBe('ok abc')
  })
})

describe('emoji', () => {
  const persona = personaWith({
    emoji: { allowed: ['🌿', '☀️', '[微笑]'], atMost: 2 },
    moods: { angry: { emoji: false }, happy: {} },
  })

  test('are those of the list, and no more than it says', () => {
    expect(polish('早😀安🌿，记得☀防晒🌿！', persona, 'calm')).toBe('早安🌿，记得☀防晒！')
  })

  test('are none at all to somebody angry', () => {
    expect(polish('抱歉🌿[微笑]，马上查☀️', persona, 'angry')).toBe('抱歉，马上查')
  })

  test('of WeChat count too, and buttons in brackets are none', () => {
    expect(polish('[呲牙]点[我的]→[设置][微笑]', persona, 'calm')).toBe('点[我的]→[设置][微笑]')
  })

  test('that are made of several are taken out whole, digits in boxes become digits, and brand marks stay', () => {
    expect(polish('👩🏽‍💻👨‍👩‍👧🇨🇳❤️好', persona, 'calm')).toBe('好')
    expect(polish('1️⃣洁面\n2️⃣晨露水', persona, 'calm')).toBe('1. 洁面\n2. 晨露水')
    expect(polish('青屿™ © 2026 →', persona, 'calm')).toBe('青屿™ © 2026 →')
  })

  test('never leave in a number or kind that the persona does not have, whatever the model writes', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('🌿', '😀', '☀️', '‍', '1️⃣', '[微笑]', ' '), fc.string({ unit: 'grapheme' })),
    })
    fc.assert(
      fc.property(text, fc.constantFrom(...Mood.options), (answer, mood) => {
        const left = emojiIn(polish(answer, persona, mood)).map((one) => one.replace('\ufe0f', ''))
        expect(left.length).toBeLessThanOrEqual(mood === 'angry' ? 0 : 2)
        expect(['🌿', '☀', '[微笑]']).toEqual(expect.arrayContaining(left))
      }),
    )
  })
})

test('marks of Markdown, invisible characters and heaps of marks are gone, and lines stay', () => {
  const answer = '# 步骤\r\n\r\n\r\n- **洁面**\n* `晨露水`  \n最\u200b好\u2060早\u202e晚！！！～～'
  expect(polish(answer, personaWith(), 'calm')).toBe('步骤\n\n· 洁面\n· 晨露水\n最好早晚！～')
})

test('somebody angry is offered a human, once, and an empty answer stays empty', () => {
  const offer = xiaoyu.moods.angry?.offersHuman ?? ''
  expect(offer).not.toBe('')
  const once = polish('真的抱歉，马上请顾问核实。', xiaoyu, 'angry')
  expect(once).toBe(`真的抱歉，马上请顾问核实。\n${offer}`)
  expect(polish(once, xiaoyu, 'angry')).toBe(once)
  expect(polish(' \n', xiaoyu, 'angry')).toBe('')
  expect(polish('好的。', xiaoyu, 'calm')).toBe('好的。')
})

test('an answer to somebody angry is shorter and has no emoji, and the line that offers a human does not count', () => {
  const { characters, emoji } = limitsOf(xiaoyu, 'angry')
  expect(emoji).toBe(0)
  expect(characters).toBe(90 + lengthOf(xiaoyu.moods.angry?.offersHuman ?? ''))
  expect(limitsOf(xiaoyu, 'calm')).toEqual({ characters: 200, sentences: 7, emoji: 1 })
  expect(
    limitsOf(personaWith({ length: { characters: 50 }, moods: { happy: { maxCharacters: 80 } } }), 'happy'),
  ).toMatchObject({
    characters: 50,
  })
})

test('any text is mended without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(polish(text, xiaoyu, 'calm').isWellFormed()).toBe(true)
    }),
  )
})

describe('small talk', () => {
  test.each([
    ['谢谢', 'thanks'],
    ['谢谢啦～', 'thanks'],
    ['謝謝！！', 'thanks'],
    ['谢谢谢谢谢', 'thanks'],
    ['蟹蟹你呀', 'thanks'],
    ['好的，谢谢小屿', 'thanks'],
    ['不用了谢谢', 'thanks'],
    ['ＴＨＸ', 'thanks'],
    ['Thank you!!', 'thanks'],
    ['@小屿\u2005谢谢[玫瑰]', 'thanks'],
    ['晚安安安', 'good-night'],
    ['谢谢，晚安', 'good-night'],
    ['拜拜👋', 'bye'],
    ['88', 'bye'],
    ['太棒了吧', 'praise'],
    ['吃了吗', 'have-you-eaten'],
    ['在忙吗', 'how-are-you'],
    ['谢谢客服', 'thanks'],
    ['哈哈哈哈哈哈', 'laughter'],
    ['23333', 'laughter'],
    ['hhhhh', 'laughter'],
  ])('%s is %s', (text, kind) => {
    expect(courtesyOf(text, xiaoyu)?.kind).toBe(kind)
  })

  test.each([
    '谢谢，多久发货',
    '谢谢你们的面霜多少钱',
    '晚安面膜怎么用',
    '太难用了',
    '真棒吗',
    '不谢',
    '客服忙吗',
    '客服下班了吗',
    '好的',
    '你的',
    '嗯嗯',
    '在吗',
    '2',
    '',
    '🌹',
    '哈哈哈哈这个能退吗',
    '感谢信怎么写',
    '谢'.repeat(40),
  ])('«%s» is none', (text) => {
    expect(courtesyOf(text, xiaoyu)).toBeUndefined()
  })

  test('is answered in the words of the persona, and by nobody where there is none', () => {
    const says = ['不客气～']
    const persona = personaWith({ courtesies: [{ kind: 'thanks', words: ['谢谢'], says }] })
    expect(courtesyOf('谢谢', persona)).toEqual({ kind: 'thanks', says })
    expect(courtesyOf('谢谢', undefined)).toBeUndefined()
    expect(courtesyOf('谢谢', personaWith())).toBeUndefined()
  })

  test('a pattern must be met by the whole message', () => {
    const persona = personaWith({ courtesies: [{ kind: 'laughter', patterns: ['哈{2,}|笑死'], says: ['嘿嘿'] }] })
    expect(courtesyOf('哈哈哈', persona)?.kind).toBe('laughter')
    expect(courtesyOf('笑死我', persona)).toBeUndefined()
    expect(courtesyOf('我笑死', persona)).toBeUndefined()
  })
})
