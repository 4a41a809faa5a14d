/** The example brand's own words, as people read them. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { slices } from '../../src/app/slices.ts'
import { createRegistry, loadFolder } from '../../src/content/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { privacy } from '../../src/domains/members/index.ts'
import { readWords } from '../../src/domains/members/privacy/words.ts'

let content: Content
beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../content', import.meta.url))
  // Whatever else is being edited there is not our business.
  const loaded = await loadFolder(folder, createRegistry(slices), { tolerates: () => true })
  if (!loaded.content) throw new TypeError('no content')
  content = loaded.content
})
const say = (key: string, values = {}) => content.reply(`privacy.${key}`, values)
const keys = Object.keys(privacy.slice.replies ?? {}).map((key) => key.replace('privacy.', ''))
const lists = { options: [], lines: [], names: [], groups: [], topics: [], times: [], messages: 0, minutes: 10 }

// The lines about her are joined with those of others; empty ones go.
test.each(keys.filter((key) => key !== 'about'))('%s is short enough for an impatient reader', (key) => {
  const text = say(key, lists)
  expect(text.length).toBeLessThan(170)
  expect(text).not.toMatch(/undefined|null|\{|\n\n/)
})

test('the notice names the brand, says what it is for, and how to refuse; in both ways', () => {
  for (const text of [say('notice'), say('notice-ask'), say('notice-group', { ask: true }), say('notice-group')]) {
    expect(text).toContain('青屿')
    expect(text).toMatch(/服务|答疑|答得上/)
    expect(text).toContain('「退订」')
  }
})

test('every word that we tell people to say is understood', () => {
  const settings = content.settings(privacy.privacySettings)
  const told = keys.flatMap((key) =>
    [...say(key, { ...lists, ask: true }).matchAll(/「([^」]+)」/g)].map(([, word]) => word),
  )
  expect(new Set(told).size).toBeGreaterThan(10)
  for (const word of told) expect([word, readWords(word ?? '', settings)]).toEqual([word, expect.anything()])
})

test('the answer to «退订» says honestly that posts to a whole group cannot spare her', () => {
  expect(say('stopped')).toMatch(/群里的内容没法单独跳过你/)
})

describe('what is said back', () => {
  test('choices', () => {
    expect(say('chosen', { less: true, topics: [], times: [] })).toMatch(/^好的，以后少发一些。/)
    expect(say('chosen', { less: false, topics: ['护肤', '新品'], times: [] })).toMatch(/只发护肤、新品。/)
    expect(say('chosen', { less: false, topics: [], times: ['晚上别发'] })).toMatch(/^好的，晚上别发，记住了。/)
  })

  test('the menu has its numbers, and words for every kind', () => {
    const options = [
      { number: 1, kind: 'less', name: '' },
      { number: 2, kind: 'only', name: '护肤' },
      { number: 3, kind: 'when', name: '晚上别发' },
      { number: 4, kind: 'usual', name: '' },
    ]
    expect(say('menu', { options })).toContain('\n1. 少发一点\n2. 只要护肤的\n3. 晚上别发\n4. 都恢复正常\n')
  })

  test('what we know of her, one thing a line, without what we do not know', () => {
    const known = { ...lists, names: ['小雨'], since: '2026-03-02', groups: ['青屿 1 群'], messages: 3, phone: true }
    const text = say('about', {
      ...known,
      place: '浙江省杭州市',
      profiling: true,
      less: true,
      topics: ['护肤'],
      times: [],
    })
    expect(text.split('\n').filter((line) => line.trim() !== '')).toEqual([
      '昵称：小雨',
      '认识你：从 2026-03-02 起',
      '微信资料里的地区：浙江省杭州市',
      '手机号：有（加密保存）',
      '所在的群：青屿 1 群',
      '聊天记录：你发过的 3 条消息',
      '推荐消息：正常接收，少发一些，只要护肤',
      '个性化：开着',
    ])
    expect(say('about', { ...lists, since: '2026-03-02' })).toMatch(/个性化：你还没有同意，什么都没记$/)
    expect(say('about', { ...lists, since: '2026-03-02', optedOut: true, profilingRefused: true })).toMatch(
      /推荐消息：已退订\n个性化：已关闭$/,
    )
  })

  test('nothing known is said to be nothing', () => {
    expect(say('my-data', { lines: [] })).toMatch(/还没有记下/)
    expect(say('my-data', { lines: ['昵称：小雨'] })).toMatch(/^我们记着的你：\n· 昵称：小雨\n/)
  })
})
