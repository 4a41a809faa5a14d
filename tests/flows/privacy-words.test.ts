import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import * as handoff from '../../src/domains/handoff/index.ts'
import * as members from '../../src/domains/members/index.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person } from './members-stage.ts'
import { PrivacyStage } from './privacy-stage.ts'

const { db } = await testDatabase()
const stage = new PrivacyStage(db)
beforeEach(() => stage.empty())

const she = person('c1', '小雨')
const say = (text: string, more = {}) => stage.talk(she, direct('c1'), text, more)
const call = (text: string) => stage.talk(she, group('r1'), text, { mentionsSelf: true })
const merge = async (from: string, into: string) => {
  const { rights } = members.slice
  if (rights !== 'none') await db.transaction((tx) => rights.onMerge(tx, from, into, stage.now))
}
const unlink = async (from: string, into: string) => {
  const { rights } = members.slice
  if (rights !== 'none') await db.transaction((tx) => rights.onUnlink(tx, from, into))
}
const preferences = async (id: string) =>
  (await stage.rows('SELECT preferences AS p FROM customer WHERE id = $1', [id]))[0]?.['p']

describe('«退订»', () => {
  test('is obeyed and answered, written to the audit, and brings her tags up', async () => {
    const { heard, customerId } = await say('退订')
    expect(heard).toMatchObject([{ words: 'privacy.stopped', to: 'direct', purpose: 'security' }])
    expect(await stage.consent(customerId)).toMatchObject({ optedOut: true, profilingRefused: false })
    expect(await stage.audit()).toEqual(['customer privacy-opted-out'])
    expect(stage.marked).toEqual([customerId])
  })

  test('said twice stays as it was said first', async () => {
    const { customerId } = await say('退订')
    const first = stage.now
    await stage.clock.advance(60_000)
    await say('退订')
    expect(await stage.rows('SELECT opted_out_at AS at FROM customer WHERE id = $1', [customerId])).toEqual([
      { at: first },
    ])
  })

  test('in a group is obeyed only when it is said to us, and the answer names her', async () => {
    const aside = await stage.talk(she, group('r1'), '退订')
    expect([aside.taken, await stage.consent(aside.customerId)]).toMatchObject([false, { optedOut: false }])
    const { heard, customerId } = await call('@小屿 退订')
    expect(heard).toMatchObject([{ words: 'privacy.stopped', to: 'group', mentions: ['c1'] }])
    expect(await stage.consent(customerId)).toMatchObject({ optedOut: true })
  })

  test('where a human has the thread is obeyed and answered so that delivery lets it pass', async () => {
    const { threadId, customerId } = await say('在吗')
    await stage.within((on) =>
      stage.apply(on, [{ kind: 'YieldThread', threadId, until: new Date(stage.now.getTime() + 60_000) }]),
    )
    expect((await say('退订')).heard).toMatchObject([{ words: 'privacy.stopped', purpose: 'security' }])
    expect(await stage.consent(customerId)).toMatchObject({ optedOut: true })
  })

  test('as a question is left to the others', async () => {
    for (const text of ['怎么退订会员', '退订？', '可以退订吗']) expect((await say(text)).taken).toBe(false)
    expect(await stage.consent((await say('好')).customerId)).toMatchObject({ optedOut: false })
  })

  test('as a picture or by a colleague changes nothing', async () => {
    expect((await say('退订', { type: 'image' })).taken).toBe(false)
    const colleague = person('s1', 's', { kind: 'staff' })
    expect((await stage.talk(colleague, direct('s1'), '退订')).taken).toBe(false)
  })

  test('by any of her contacts holds for all, stays hers after an unlink, and «恢复订阅» by any lifts it', async () => {
    const other = person('c2', '小雨')
    const { customerId: a } = await say('hi')
    const { customerId: b } = await stage.talk(other, direct('c2'), 'hi')
    await merge(b, a)
    await stage.talk(other, direct('c2'), '退订')
    expect([await stage.consent(a), await stage.consent(b)]).toMatchObject([{ optedOut: true }, { optedOut: true }])
    await unlink(b, a)
    expect([await stage.consent(a), await stage.consent(b)]).toMatchObject([{ optedOut: false }, { optedOut: true }])
    await merge(b, a)
    expect((await say('恢复订阅')).heard).toMatchObject([{ words: 'privacy.resumed' }])
    expect([await stage.consent(a), await stage.consent(b)]).toMatchObject([{ optedOut: false }, { optedOut: false }])
  })
})

describe('where nothing may be answered', () => {
  test('a refusal is obeyed without a word', async () => {
    const { heard, customerId, taken } = await say('退订', { quiet: true })
    expect([heard, taken]).toEqual([[], true])
    expect(await stage.consent(customerId)).toMatchObject({ optedOut: true })
  })

  test('what lifts a refusal, asks or deletes is not', async () => {
    const { customerId } = await say('退订')
    await say('不要个性化')
    await say('删除我的数据')
    for (const text of ['恢复订阅', '恢复个性化', '我的数据', '删除我的数据', '确认删除', '消息设置']) {
      expect((await say(text, { quiet: true })).effects).toEqual([])
    }
    expect(await stage.consent(customerId)).toMatchObject({ optedOut: true, profilingRefused: true })
  })
})

describe('choices', () => {
  test('add up, are said back in her words, and «恢复正常» takes them back', async () => {
    expect((await say('少发一点')).heard).toMatchObject([{ words: 'privacy.chosen true |  |' }])
    expect((await say('只要护肤和新品的')).heard).toMatchObject([{ words: 'privacy.chosen false | 护肤,新品 |' }])
    await say('晚上别发')
    const { heard, customerId } = await say('只在周末发')
    expect(heard).toMatchObject([{ words: 'privacy.chosen false |  | 只在周末发' }])
    const hours = { from: '09:00', to: '19:00' }
    expect(await preferences(customerId)).toEqual({ less: true, topics: ['护肤', '新品'], hours, days: [6, 7] })
    expect(await members.privacy.listPreferences(db.pool, customerId)).toHaveLength(1)
    await say('恢复正常')
    expect(await preferences(customerId)).toEqual({})
    expect(await stage.consent(customerId)).toMatchObject({ optedOut: false })
  })

  test('hold for all of her contacts', async () => {
    const { customerId: a } = await say('hi')
    const { customerId: b } = await stage.talk(person('c2'), direct('c2'), 'hi')
    await merge(b, a)
    await stage.talk(person('c2'), direct('c2'), '少发一点')
    expect([await preferences(a), await preferences(b)]).toEqual([{ less: true }, { less: true }])
  })

  test('the menu takes a number, once, and only while it is open', async () => {
    const { heard, customerId } = await say('消息设置')
    expect(heard[0]?.words).toContain('privacy.menu')
    expect((await say('12')).taken).toBe(false)
    expect((await say('2')).heard).toMatchObject([{ words: 'privacy.chosen false | 护肤 |' }])
    expect((await say('2')).taken).toBe(false)
    await say('消息设置')
    await stage.clock.advance(11 * 60_000)
    expect((await say('1')).taken).toBe(false)
    expect(await preferences(customerId)).toEqual({ topics: ['护肤'] })
  })

  test('the menu is for a direct message', async () => {
    expect((await call('@小屿 消息设置')).heard).toMatchObject([{ words: 'privacy.direct-only', to: 'group' }])
  })
})

describe('«不要个性化»', () => {
  test('takes the agreement about sensitive things with it; lifting it does not bring that back', async () => {
    const { customerId } = await say('hi')
    await stage.rows('UPDATE customer SET sensitive_consent_at = $2 WHERE id = $1', [customerId, stage.now])
    expect((await say('不要个性化')).heard).toMatchObject([{ words: 'privacy.profiling-off' }])
    expect(await stage.consent(customerId)).toMatchObject({ profilingRefused: true, sensitive: false, optedOut: false })
    expect((await say('恢复个性化')).heard).toMatchObject([{ words: 'privacy.profiling-on' }])
    expect(await stage.consent(customerId)).toMatchObject({ profilingRefused: false, sensitive: false })
    expect(stage.marked).toHaveLength(2)
  })
})

describe('«我的数据»', () => {
  test('tells her in a direct message what every slice knows, and is taken back with her question', async () => {
    const { customerId } = await say('hi')
    const { effects, heard } = await say('我的数据')
    expect(heard).toHaveLength(1)
    expect(heard[0]?.words).toMatch(/^privacy\.my-data privacy\.about .*小雨.*,tags of /)
    expect(heard[0]?.words).toContain(`tags of ${customerId}`)
    expect(effects[0]).toMatchObject({ answers: [expect.any(String) as string] })
    expect(await stage.audit()).toContain('customer privacy-shown')
  })

  test('tells nothing of anybody of the same name', async () => {
    await stage.talk(person('c2', '小雨', { profile: { city: '杭州市' } }), direct('c2'), 'mine')
    await stage.rows(`UPDATE identity SET profile = '{"city": "杭州市"}' WHERE contact_id = 'c2'`)
    expect((await say('我的数据')).heard[0]?.words).not.toContain('杭州')
  })

  test('in a group says so and tells nothing', async () => {
    const { heard } = await call('@小屿 我的数据')
    expect(heard).toMatchObject([{ words: 'privacy.direct-only', to: 'group' }])
    expect(await stage.audit()).toEqual([])
  })

  test('with her very first words tells that there is nothing', async () => {
    const { heard, customerId } = await say('我的数据')
    expect(heard[0]?.words).toBe(`privacy.my-data tags of ${customerId}`)
  })
})

test('any words by any of her contacts, linked and unlinked, leave the strictest state', async () => {
  const contacts = ['p1', 'p2', 'p3']
  const word = fc.constantFrom('退订', '恢复订阅', '不要个性化', '恢复个性化', '少发一点', '我的数据', '怎么退订')
  const step = fc.record({ who: fc.nat(2), word })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), fc.nat(10), async (steps, linkedAt) => {
      await stage.empty()
      const ids: string[] = []
      for (const id of contacts) ids.push((await stage.talk(person(id), direct(id), 'hi')).customerId)
      const [first = '', ...others] = ids
      // What each row says by itself, as the rules would have it.
      const out = [false, false, false]
      const refused = [false, false, false]
      let linked = false
      for (const [i, { who, word }] of steps.entries()) {
        if (i === linkedAt) {
          for (const other of others) await merge(other, first)
          linked = true
        }
        const id = contacts[who] ?? ''
        await stage.talk(person(id), direct(id), word)
        const lift = (rows: boolean[]) => (linked ? rows.fill(false) : (rows[who] = false))
        if (word === '退订') out[who] = true
        if (word === '恢复订阅') lift(out)
        if (word === '不要个性化') refused[who] = true
        if (word === '恢复个性化') lift(refused)
      }
      const strictest = (rows: boolean[], i: number) => (linked ? rows.some(Boolean) : rows[i])
      for (const [i, id] of ids.entries()) {
        expect(await stage.consent(id)).toMatchObject({
          optedOut: strictest(out, i),
          profilingRefused: strictest(refused, i),
        })
      }
      if (linked) for (const other of others) await unlink(other, first)
      for (const [i, id] of ids.entries()) {
        expect(await stage.consent(id)).toMatchObject({ optedOut: out[i], profilingRefused: refused[i] })
      }
    }),
    { numRuns: 20 },
  )
})

test('a human who has the thread is not disturbed by the notice', async () => {
  const { threadId } = await say('退订')
  await stage.within((on) =>
    stage.apply(on, [{ kind: 'YieldThread', threadId, until: new Date(stage.now.getTime() + 60_000) }]),
  )
  expect(handoff.owns({ silentUntil: new Date(stage.now.getTime() + 1) }, stage.now)).toBe(true)
  expect((await say('谢谢')).effects).toEqual([])
})
