import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cleanDeep,
  cleanText,
  mentionPrefix,
  mentionsOneOf,
  splitQuotation,
  withoutMarkedMentions,
  withoutMentions,
  withoutOurPrefix,
} from '../../src/gateways/wechaty/text.ts'

const dashes = '- - - - - - - - - - - - - - -'

test('a cleaned text can be stored: no NUL, no half of a surrogate pair, everything else as it was', () => {
  expect(cleanText('a\0b\ud83cc')).toBe('ab\ufffdc')
  expect(cleanText('🌸 مرحبا {{')).toBe('🌸 مرحبا {{')
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
      const cleaned = cleanText(String.fromCharCode(...units))
      expect(cleaned.isWellFormed() && !cleaned.includes('\0')).toBe(true)
    }),
  )
})

test('the strings inside details are cleaned too', () => {
  expect(cleanDeep({ title: 'a\0', list: ['\0b', 1, null] })).toEqual({ title: 'a', list: ['b', 1, null] })
})

test('a quotation gives the quoted words and the reply, also when the quoted message quotes in turn', () => {
  expect(splitQuotation(`「王芳：包邮吗」\n${dashes}\n满 99 包邮`)).toEqual({
    quoted: { name: '王芳', text: '包邮吗' },
    text: '满 99 包邮',
  })
  const nested = splitQuotation(`「A：「B：一」\n${dashes}\n二」\n${dashes}\n三`)
  expect(nested.text).toBe('三')
  expect(nested.quoted?.name).toBe('A')
  expect(splitQuotation('「这不是引用」').quoted).toBeUndefined()
})

test('a name is mentioned as a word of its own, not inside a longer name', () => {
  expect(mentionsOneOf('@小屿\u2005在吗', ['小屿'])).toBe(true)
  expect(mentionsOneOf('在吗 @小屿', ['小屿'])).toBe(true)
  expect(mentionsOneOf('请问@小屿\u2005在吗', ['小屿'])).toBe(true)
  expect(mentionsOneOf('请问@小屿在吗', ['小屿'])).toBe(false)
  expect(mentionsOneOf('@小屿姐姐 在吗', ['小屿'])).toBe(false)
  expect(mentionsOneOf('a@b.com', ['b'])).toBe(false)
  expect(mentionsOneOf('@A+B (店长)\u2005在吗', ['A+B (店长)'])).toBe(true)
  expect(mentionsOneOf('@ 在吗', [''])).toBe(false)
})

test('our mention is taken out wherever it stands, others stay', () => {
  expect(withoutMentions('@小屿\u2005几点发货', ['小屿'])).toBe('几点发货')
  expect(withoutMentions('几点发货 @小屿', ['小屿'])).toBe('几点发货')
  expect(withoutMentions('@陈晨\u2005@小屿\u2005看看', ['小屿'])).toBe('@陈晨\u2005看看')
  expect(withoutMarkedMentions('@群里的名字\u2005几点发货')).toBe('几点发货')
})

test('what we put before a text in a group comes off its echo again, whatever the names and the text', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((n) => !n.includes('@'))
  fc.assert(
    fc.property(fc.array(name, { maxLength: 3 }), fc.string({ unit: 'grapheme' }), (names, text) => {
      fc.pre(!text.startsWith('@'))
      expect(withoutOurPrefix(mentionPrefix(names) + text)).toBe(text)
    }),
  )
})
