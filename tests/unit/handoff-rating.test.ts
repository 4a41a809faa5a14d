/** What is a mark, and what only looks like one. */
import { expect, test } from 'vitest'
import { mayAsk, passesBy, readRating } from '../../src/domains/handoff/rating/decide.ts'

test.each<[string, number, string]>([
  ['5', 5, ''],
  ['５', 5, ''],
  [' 4分 ', 4, ''],
  ['五分', 5, ''],
  ['5 很快', 5, '很快'],
  ['5，很快很耐心', 5, '很快很耐心'],
  ['3分太慢了', 3, '太慢了'],
  ['我给5分', 5, ''],
  ['打 4 分，谢谢', 4, '谢谢'],
  ['四颗星', 4, ''],
  ['两分', 2, ''],
  ['0分！', 1, ''],
  ['1。太差劲', 1, '太差劲'],
  ['非常满意', 5, '非常满意'],
  ['满意', 4, '满意'],
  ['满意，就是慢了点', 4, '满意，就是慢了点'],
  ['一般', 3, '一般'],
  ['不满意', 2, '不满意'],
  ['非常不满意', 1, '非常不满意'],
  ['[强]', 5, '[强]'],
  ['👍', 5, '👍'],
])('«%s» is a mark of %i', (text, mark, words) => {
  expect(readRating(text)).toEqual({ mark, words })
})

test.each([
  ['2支装多少钱'],
  ['5 支装有优惠吗'],
  ['2支'],
  ['6'],
  ['55'],
  ['5.5'],
  ['5-6'],
  ['0'],
  ['10分'],
  ['一会儿再说'],
  ['两天了还没到'],
  ['五一有活动'],
  ['满意度怎么查'],
  ['满意的话还会来买那款面霜'],
  ['多久发货'],
  ['谢谢'],
  [''],
  [`5 ${'很'.repeat(300)}`],
])('«%s» is none', (text) => {
  expect(readRating(text)).toBeUndefined()
})

test('a word of thanks leaves the question open, a talk about something else ends it', () => {
  expect(passesBy('谢谢你哦')).toBe(true)
  expect(passesBy('多久发货？')).toBe(false)
  expect(passesBy('我还想看看别的面霜有没有货')).toBe(false)
})

test('only a case in which a human spoke with her is judged, and once', () => {
  const closed = {
    state: 'closed',
    firstResponseAt: new Date(0),
    customerId: 'c',
    told: new Map<string, Date>(),
  } as const
  expect(mayAsk(closed)).toBe(true)
  expect(mayAsk({ ...closed, firstResponseAt: null })).toBe(false)
  expect(mayAsk({ ...closed, told: new Map([['rating', new Date(0)]]) })).toBe(false)
  expect(mayAsk({ ...closed, customerId: null })).toBe(false)
})
