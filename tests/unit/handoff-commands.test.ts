/** What an adviser means, and that no command ever reaches a customer. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCommand, type Vocabulary } from '../../src/domains/handoff/commands/decide.ts'
import { type Command, CommandWords } from '../../src/domains/handoff/commands/schema.ts'

const words = CommandWords.parse({
  accept: ['接', '接单'],
  decline: ['不接'],
  transfer: ['转'],
  resolve: ['结', '结束'],
  note: ['备注'],
  draft: ['草稿'],
  list: ['列表'],
  recall: ['撤回'],
  away: ['离开'],
  back: ['回来'],
})
const vocabulary: Vocabulary = {
  words,
  names: new Set(['林悦', '苏苏']),
  codes: new Map([
    ['已解决', 'solved'],
    ['退款', 'refunded'],
  ]),
  numbers: new Set([2, 5]),
}
const read = (text: string, quoted: string | null = null): Command => readCommand({ text, quoted }, vocabulary)

test.each<[string, Command]>([
  ['接', { kind: 'accept', number: null }],
  ['接 1024', { kind: 'accept', number: 1024 }],
  ['接#1024', { kind: 'accept', number: 1024 }],
  ['接单 ＃1024', { kind: 'accept', number: 1024 }],
  ['#1024 接', { kind: 'accept', number: 1024 }],
  [' 不接 ', { kind: 'decline', number: null }],
  ['转 苏苏 她要退三件', { kind: 'transfer', number: null, to: '苏苏', note: '她要退三件' }],
  ['转 1024 苏苏', { kind: 'transfer', number: 1024, to: '苏苏', note: '' }],
  ['#1024 转 苏苏 懂 退货', { kind: 'transfer', number: 1024, to: '苏苏', note: '懂 退货' }],
  ['结', { kind: 'resolve', number: null, code: null }],
  ['结 已解决', { kind: 'resolve', number: null, code: 'solved' }],
  ['结束 1024 退款', { kind: 'resolve', number: 1024, code: 'refunded' }],
  ['备注：她住三楼', { kind: 'note', number: null, text: '她住三楼' }],
  ['备注 #7 123456 是单号', { kind: 'note', number: 7, text: '123456 是单号' }],
  ['草稿 1', { kind: 'draft', number: null, draft: 1 }],
  ['草稿2', { kind: 'draft', number: null, draft: 2 }],
  ['草稿', { kind: 'draft', number: null, draft: null }],
  ['#1024 草稿 3', { kind: 'draft', number: 1024, draft: 3 }],
  ['列表', { kind: 'list' }],
  ['撤回', { kind: 'recall', number: null }],
  ['离开', { kind: 'away' }],
  ['回来', { kind: 'back' }],
  ['#1024', { kind: 'choose', number: 1024 }],
  ['#1024 您好，我是林悦', { kind: 'say', number: 1024, text: '您好，我是林悦' }],
])('«%s»', (text, command) => {
  expect(read(text)).toEqual(command)
})

test.each([
  '接下来我帮您查一下',
  '转运中心说明天到',
  '结账的时候可以用券',
  '备注里写一下就好',
  '草稿箱里没有哦',
  '列表页右上角',
  '离开包装会氧化',
  '回来试试看',
  '您的单号是 #A1024 吗',
  '1024',
  '我转 苏苏 给您',
])('«%s» is for the customer, word for word', (text) => {
  expect(read(text)).toEqual({ kind: 'say', number: null, text })
})

test.each<[string, string]>([
  ['转 小王 她要退货', 'whom'],
  ['转', 'whom'],
  ['结 好了吧', 'code'],
  ['草稿 12', 'what'],
  ['备注', 'what'],
  ['接 一下', 'what'],
  ['列表 全部', 'what'],
  ['#1 接 #2', 'which'],
])('«%s» is a command that cannot be carried out, and goes to nobody', (text, why) => {
  expect(read(text)).toMatchObject({ kind: 'unclear', why })
})

test.each<[string, Command]>([
  ['2 结 已解决', { kind: 'resolve', number: 2, code: 'solved' }],
  ['2 备注 上个月也来过', { kind: 'note', number: 2, text: '上个月也来过' }],
  // Of nobody's hers: said back to her, and never to a customer.
  ['7 草稿 1', { kind: 'draft', number: 7, draft: 1 }],
  ['2', { kind: 'choose', number: 2 }],
  ['2 先停用', { kind: 'say', number: null, text: '2 先停用', isDoubtful: true }],
  ['2 瓶一起用也可以', { kind: 'say', number: null, text: '2 瓶一起用也可以', isDoubtful: true }],
  ['3 瓶一起用也可以', { kind: 'say', number: null, text: '3 瓶一起用也可以' }],
  ['2瓶就够了', { kind: 'say', number: null, text: '2瓶就够了' }],
])('«%s» without the sign is a command, or one of her cases, or neither', (text, command) => {
  expect(read(text)).toEqual(command)
})

test('with one case alone a number before words is said as it stands', () => {
  const one = { ...vocabulary, numbers: new Set([2]) }
  expect(readCommand({ text: '2 瓶一起用也可以', quoted: null }, one)).toMatchObject({
    kind: 'say',
    text: '2 瓶一起用也可以',
  })
  expect(readCommand({ text: '2', quoted: null }, one)).toEqual({ kind: 'say', number: null, text: '2' })
})

test('what she quotes names the case, and a number that says otherwise makes it unclear', () => {
  const quoted = '#1024 陈女士：面霜过敏了怎么办'
  expect(read('先停用两天', quoted)).toEqual({ kind: 'say', number: 1024, text: '先停用两天' })
  expect(read('接', quoted)).toEqual({ kind: 'accept', number: 1024 })
  expect(read('#1024 先停用', quoted)).toEqual({ kind: 'say', number: 1024, text: '先停用' })
  expect(read('#1025 先停用', quoted)).toMatchObject({ kind: 'unclear', why: 'which' })
  expect(read('接 1025', quoted)).toMatchObject({ kind: 'unclear', why: 'which' })
  expect(read('好的', '明天见')).toEqual({ kind: 'say', number: null, text: '好的' })
})

test('a word of a command that stands alone, or before a space, is never said to a customer', () => {
  const any = fc.tuple(
    fc.constantFrom(...Object.values(words).flat()),
    fc.constantFrom(' ', '  ', '：', '\n'),
    fc.string(),
  )
  fc.assert(
    fc.property(any, ([word, gap, rest]) => {
      expect(read(word).kind).not.toBe('say')
      expect(read(`${word}${gap}${rest}`).kind).not.toBe('say')
      expect(read(`#12 ${word}${gap}${rest}`).kind).not.toBe('say')
    }),
  )
})

test('whatever else she writes reaches the customer as it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (rest) => {
      const text = `您好${rest}`.trim()
      expect(read(text)).toEqual({ kind: 'say', number: null, text })
    }),
  )
})

test('one word for two commands is refused, and said which', () => {
  const { error } = CommandWords.safeParse({ ...words, decline: ['接'] })
  expect(error?.issues[0]).toMatchObject({
    path: ['decline', 0],
    message: expect.stringContaining('«接» means accept'),
  })
})

test.each<[string, Command]>([
  ['接管 12', { kind: 'take', number: 12 }],
  ['#12 接管', { kind: 'take', number: 12 }],
  ['接管', { kind: 'unclear', command: 'take', why: 'which' }],
  ['升级', { kind: 'escalate', number: null, note: '' }],
  ['升级 3 次都没解决', { kind: 'escalate', number: null, note: '3 次都没解决' }],
  ['#12 升级 她要投诉', { kind: 'escalate', number: 12, note: '她要投诉' }],
  ['存问答', { kind: 'keep', number: null }],
  ['存问答 #12', { kind: 'keep', number: 12 }],
  ['升级版的面霜明天到', { kind: 'say', number: null, text: '升级版的面霜明天到' }],
])('«%s» of managers and for them', (text, command) => {
  expect(read(text)).toEqual(command)
})
