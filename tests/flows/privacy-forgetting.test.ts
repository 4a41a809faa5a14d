import { beforeEach, expect, test } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import type { Effect } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person } from './members-stage.ts'
import { heardOf, PrivacyStage } from './privacy-stage.ts'

const { db } = await testDatabase()
const stage = new PrivacyStage(db)
beforeEach(() => stage.empty())

const she = person('c1', '小雨')
const say = (text: string, more = {}) => stage.talk(she, direct('c1'), text, more)
const rightsOfMembers = () => {
  const { rights } = members.slice
  if (rights === 'none') throw new TypeError('keeps nothing')
  return rights
}
const merge = (from: string, into: string) =>
  db.transaction((tx) => rightsOfMembers().onMerge(tx, from, into, stage.now))
const words = (effects: readonly Effect[]) => heardOf(effects).map((heard) => heard.words)
const timer = (effects: readonly Effect[]) => effects.find(({ kind }) => kind === 'ScheduleEvent')
const isAsked = async () => (await stage.rows(`SELECT FROM open_question WHERE kind = 'privacy.forget'`)).length === 1

/** Asked and confirmed; the timer has not gone off. */
async function confirmed(more = {}) {
  await say('删除我的数据')
  return say('确认删除', more)
}

test('she is asked, and nothing but «确认删除» deletes', async () => {
  const { heard } = await say('删除我的数据')
  expect(heard).toMatchObject([{ words: 'privacy.forget-ask 10', to: 'direct', purpose: 'security' }])
  for (const text of ['好的', '确认', '删除', '是的']) {
    await say('删除我的数据')
    const { effects } = await say(text)
    expect([words(effects), timer(effects)]).toEqual([['privacy.forget-exactly'], undefined])
  }
  for (const text of ['同意', '怎么删除', '确认删除吗', '确认删除？']) {
    await say('删除我的数据')
    expect(timer((await say(text)).effects)).toBeUndefined()
  }
})

test('after «好的» the question is still open: «确认删除» deletes then', async () => {
  await say('删除我的数据')
  await say('好的')
  expect(await isAsked()).toBe(true)
  expect(timer((await say('确认删除')).effects)).toBeDefined()
})

test('she may think better of it', async () => {
  await say('删除我的数据')
  expect(words((await say('算了')).effects)).toEqual(['privacy.forget-kept'])
  expect(words((await say('确认删除')).effects)).toEqual(['privacy.forget-none'])
})

test('unasked, too late, and in another place «确认删除» deletes nothing', async () => {
  expect(words((await say('确认删除')).effects)).toEqual(['privacy.forget-none'])
  await say('删除我的数据')
  await stage.clock.advance(10 * 60_000)
  expect(words((await say('确认删除')).effects)).toEqual(['privacy.forget-none'])
  await say('删除我的数据')
  const inGroup = await stage.talk(she, group('r1'), '@小屿 确认删除', { mentionsSelf: true })
  expect(inGroup.heard).toMatchObject([{ words: 'privacy.direct-only', to: 'group' }])
  expect(timer(inGroup.effects)).toBeUndefined()
})

test('nobody deletes somebody else: the question is hers alone, in her own thread', async () => {
  await say('删除我的数据')
  const other = await stage.talk(person('c2', '小雨'), direct('c2'), '确认删除')
  expect(words(other.effects)).toEqual(['privacy.forget-none'])
  expect(await isAsked()).toBe(true)
})

test('who turned out to be somebody else as well is asked again before more is deleted than she was told', async () => {
  const { customerId: a } = await say('删除我的数据')
  const { customerId: b } = await stage.talk(person('c2'), direct('c2'), 'hi')
  await merge(a, b)
  const { effects } = await say('确认删除')
  expect([words(effects), timer(effects)]).toEqual([['privacy.forget-ask 10'], undefined])
  expect(timer((await say('确认删除')).effects)).toMatchObject({ lock: ['contact:c1', 'contact:c2'] })
})

test('the last words leave first, and then she is deleted, by herself', async () => {
  const { effects, customerId, threadId } = await confirmed()
  expect(heardOf(effects)).toMatchObject([{ words: 'privacy.forget-started', to: 'direct', purpose: 'security' }])
  const waiting = await stage.ring(timer(effects))
  expect(waiting).toMatchObject([{ kind: 'ScheduleEvent' }])
  await stage.sent(threadId, 'something else')
  expect(await stage.ring(waiting[0])).toMatchObject([{ kind: 'ScheduleEvent' }])
  await stage.sent(threadId, 'privacy.forget-started ')
  expect(await stage.ring(waiting[0])).toEqual([{ kind: 'ForgetCustomer', customerId, by: 'customer' }])
  expect(await stage.audit()).toEqual(['customer privacy-deletion-asked', 'customer privacy-deletion-confirmed'])
})

test('words that cannot be sent hold the deletion up for a minute at most', async () => {
  const { effects, customerId } = await confirmed()
  let next: Effect | undefined = timer(effects)
  const end = stage.now.getTime() + 60_000
  while (stage.now.getTime() < end) {
    const [effect] = await stage.ring(next)
    if (effect?.kind === 'ForgetCustomer') break
    next = effect
  }
  expect(stage.now.getTime()).toBe(end)
  expect(await stage.ring(next)).toEqual([{ kind: 'ForgetCustomer', customerId, by: 'customer' }])
})

test('a confirmation that she takes back deletes nothing', async () => {
  const { effects } = await confirmed({ id: 'm-yes' })
  await stage.happen({ kind: 'MessageRecalled', place: direct('c1'), messageId: 'm-yes' })
  expect(words(await stage.ring(timer(effects)))).toEqual(['privacy.forget-kept'])
  expect(await stage.audit()).toContain('customer privacy-deletion-withdrawn')
})

test('who is deleted by then is not deleted again, and who was linked by then is locked first', async () => {
  const { effects, customerId, threadId } = await confirmed()
  await stage.sent(threadId, 'privacy.forget-started ')
  const { customerId: b } = await stage.talk(person('c2'), direct('c2'), 'hi')
  await merge(b, customerId)
  const [again] = await stage.ring(timer(effects))
  expect(again).toMatchObject({ kind: 'ScheduleEvent', lock: ['contact:c1', 'contact:c2'] })
  expect(await stage.ring(again)).toEqual([{ kind: 'ForgetCustomer', customerId, by: 'customer' }])
  await db.transaction((tx) => rightsOfMembers().forget(tx, customerId, stage.now))
  expect(await stage.ring(again)).toEqual([])
})

test('with her very first words she can have herself deleted', async () => {
  const { effects } = await confirmed()
  expect(timer(effects)).toMatchObject({ lock: ['contact:c1'] })
})
