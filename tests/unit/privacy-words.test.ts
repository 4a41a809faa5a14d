/** What the example brand's customers may say, and what only looks like it. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { privacySettings } from '../../src/domains/members/index.ts'
import { readNumber, readWords, touchesSensitive } from '../../src/domains/members/privacy/words.ts'
import { effortOf } from '../support/effort.ts'

const file = readFileSync(new URL('../../content/settings.yaml', import.meta.url), 'utf8')
const settings = privacySettings.schema.parse((parse(file) as Record<string, unknown>)['privacy'])
const bare = privacySettings.schema.parse({})
const wordOf = (text: string) => readWords(text, settings)?.word

describe('a whole message is a word', () => {
  test.each([
    ['退订', 'stop'],
    ['退訂', 'stop'],
    ['td', 'stop'],
    ['ＴＤ', 'stop'],
    [' 退订。', 'stop'],
    ['退订！！！', 'stop'],
    ['退订[微笑]', 'stop'],
    ['退订🙏', 'stop'],
    ['我要退订', 'stop'],
    ['请帮我退订，谢谢', 'stop'],
    ['你好，我想退订一下', 'stop'],
    ['@小屿\u2005退订', 'stop'],
    ['@小屿 退订', 'stop'],
    ['不要再发了', 'stop'],
    ['恢复订阅', 'resume'],
    ['少发一点', 'less'],
    ['少发一点吧', 'less'],
    ['别发那么多啦', 'less'],
    ['恢复正常', 'usual'],
    ['消息设置', 'choose'],
    ['我的数据', 'myData'],
    ['看看我的数据', 'myData'],
    ['不要个性化', 'refuseProfiling'],
    ['恢复个性化', 'allowProfiling'],
    ['撤回同意', 'withdraw'],
    ['删除我的数据', 'forget'],
    ['麻烦你删除我的数据', 'forget'],
    ['确认删除', 'confirmForget'],
    ['「确认删除」', 'confirmForget'],
    ['同意', 'agree'],
    ['我同意', 'agree'],
    ['算了', 'decline'],
    ['晚上别发', 'when'],
    ['以后晚上别发', 'when'],
    ['只在周末发', 'when'],
    ['只要护肤的', 'only'],
  ])('«%s» is %s', (text, word) => expect(wordOf(text)).toBe(word))

  test('topics are read one or several, once each, by any of their names', () => {
    expect(readWords('只要护肤的', settings)).toEqual({ word: 'only', topics: ['护肤'] })
    expect(readWords('我只想看护肤和新品的内容', settings)).toEqual({ word: 'only', topics: ['护肤', '新品'] })
    expect(readWords('只要 护肤、优惠、护肤品', settings)).toEqual({ word: 'only', topics: ['护肤', '优惠'] })
    expect(readWords('只要上新', settings)).toEqual({ word: 'only', topics: ['新品'] })
  })

  test('times are read by their names', () => {
    expect(readWords('晚上不要打扰', settings)).toEqual({ word: 'when', time: '晚上别发' })
  })

  test('the official words work without any settings', () => {
    for (const text of ['退订', '恢复订阅', '我的数据', '不要个性化', '删除我的数据', '确认删除', '同意']) {
      expect(readWords(text, bare)).toBeDefined()
    }
  })

  test('settings cannot take an official word away', () => {
    const odd = privacySettings.schema.parse({
      times: [{ id: 'x', words: ['退订'], days: [1] }],
      words: { resume: ['退订'], confirmForget: ['退订'] },
    })
    expect(readWords('退订', odd)).toEqual({ word: 'stop' })
  })
})

describe('a near miss is none', () => {
  test.each([
    '怎么退订会员',
    '退订会员怎么弄',
    '退订？',
    '退订?',
    '可以退订吗',
    '退订了会怎样',
    '不退订',
    '我不要退订',
    '先别退订',
    '请问退订',
    '帮我妈退订',
    '退订订单',
    '我的数据线坏了',
    '我的数据安全吗',
    '我的数据？',
    '删除我的数据会怎样',
    '不要删除我的数据',
    '确认删除吗',
    '确认',
    '少发一点货',
    '少发一点？',
    '同意退款',
    '不要个性化包装',
    '只要一瓶',
    '只要护肤水',
    '只要护肤和一瓶水',
    '只要和护肤',
    '只要',
    '护肤的',
    '晚上别发货',
    '周末发吗',
    '恢复订阅要钱吗',
    '',
    '？',
    '[微笑]',
  ])('«%s» is left to others', (text) => expect(['yes', 'decline', undefined]).toContain(wordOf(text)))

  test('a word within any longer talk is no word', () => {
    const cjk = fc.string({ unit: fc.constantFrom(...'今天想买瓶水怎么用啊为什么会员'), minLength: 1, maxLength: 20 })
    const known = ['退订', '我的数据', '删除我的数据', '确认删除', '不要个性化', '少发一点']
    fc.assert(
      fc.property(cjk, fc.constantFrom(...known), cjk, (before, word, after) => {
        expect(wordOf(`${before}${word}${after}`)).toBeUndefined()
      }),
    )
  })

  test('long texts cost nothing', () => {
    const effort = effortOf(() => {
      for (let i = 0; i < 2_000; i++) wordOf(`${'退订'.repeat(10_000)}${i}`)
    })
    expect(effort).toBeLessThan(2_000)
  })
})

test('a number picks an option, and nothing more than a number', () => {
  expect(['2', '２', '二', '选2', '第二个', '2.', '我要2'].map(readNumber)).toEqual([2, 2, 2, 2, 2, 2, 2])
  expect(['12', '2瓶', '0', '2?', '', '两百'].map(readNumber)).toEqual(Array<undefined>(6).fill(undefined))
})

test('skin and health are heard in any talk, in any spelling, and in no other talk', () => {
  for (const text of ['我是敏感肌能用吗', '最近長痘了', '孕妇可以用吗', '換季过敏了']) {
    expect(touchesSensitive(text, settings)).toBe(true)
  }
  expect(touchesSensitive('多久发货', settings)).toBe(false)
  expect(touchesSensitive('我是敏感肌', bare)).toBe(false)
})
