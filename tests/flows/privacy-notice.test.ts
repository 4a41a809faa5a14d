import { beforeEach, describe, expect, test, vi } from 'vitest'
import * as members from '../../src/domains/members/index.ts'
import { findKnown } from '../../src/domains/members/people/repo.ts'
import type { Effect } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person } from './members-stage.ts'
import { heardOf, PrivacyStage } from './privacy-stage.ts'

const { db } = await testDatabase()
const stage = new PrivacyStage(db)
beforeEach(() => stage.empty())

const she = person('c1', '小雨')
const say = (text: string, more = {}) => stage.talk(she, direct('c1'), text, more)
const call = (text: string, who = she) => stage.talk(who, group('r1'), text, { mentionsSelf: true })
const befriend = async (who = she): Promise<Effect[]> => stage.happen({ kind: 'FriendshipConfirmed', contact: who })
const merge = async (from: string, into: string) => {
  const { rights } = members.slice
  if (rights !== 'none') await db.transaction((tx) => rights.onMerge(tx, from, into, stage.now))
}
const openQuestions = async () =>
  (await stage.rows('SELECT kind FROM open_question ORDER BY kind')).map((row) => row['kind'])

describe('the notice', () => {
  test('comes with the first direct message, once ever, as service, and is logged', async () => {
    const { heard, customerId } = await say('多久发货')
    expect(heard).toMatchObject([
      { words: 'privacy.notice', to: 'direct', purpose: 'service', key: `notice:${customerId}` },
    ])
    expect(await stage.consent(customerId)).toMatchObject({ noticed: true, consented: false })
    expect(await stage.audit()).toEqual(['bot privacy-noticed'])
    await stage.clock.advance(400 * 86_400_000)
    expect((await say('多久发货')).effects).toEqual([])
  })

  test('comes behind the greeting of a new friend, and not again when she writes', async () => {
    expect(heardOf(await befriend()).map(({ words }) => words)).toEqual(['members.greet-friend 小雨', 'privacy.notice'])
    expect(heardOf(await befriend())).toHaveLength(1)
    expect((await say('hi')).effects).toEqual([])
  })

  test('comes in a direct message to a friend who first names us in a group', async () => {
    stage.set({ noticeOnContact: false })
    await befriend()
    stage.set({ noticeOnContact: true })
    expect((await call('@小屿 多久发货')).heard).toMatchObject([
      { words: 'privacy.notice', to: 'direct', mentions: [] },
    ])
    expect((await say('hi')).effects).toEqual([])
  })

  test('comes short into a group for a stranger, at most once a day for all of them', async () => {
    const [first, second] = [await call('@小屿 a'), await call('@小屿 b', person('c2'))]
    expect(first.heard).toMatchObject([{ words: 'privacy.notice-group false', to: 'group', mentions: [] }])
    // The same key is the same message, however many ask for it.
    expect(second.heard[0]?.key).toBe(first.heard[0]?.key)
    expect(await stage.consent(second.customerId)).toMatchObject({ noticed: true })
    await stage.clock.advance(86_400_000)
    const third = await call('@小屿 c', person('c3'))
    expect(third.heard[0]?.key).not.toBe(first.heard[0]?.key)
    expect((await call('@小屿 d')).effects).toEqual([])
  })

  test('does not come for talk among people, to colleagues, or behind a word about her data', async () => {
    expect((await stage.talk(she, group('r1'), 'hi')).effects).toEqual([])
    const colleague = person('s1', 's', { kind: 'staff' })
    expect((await stage.talk(colleague, direct('s1'), 'hi')).effects).toEqual([])
    expect((await say('退订')).heard.map(({ words }) => words)).toEqual(['privacy.stopped'])
    expect((await say('hi')).heard.map(({ words }) => words)).toEqual(['privacy.notice'])
  })

  test('does not come to another contact of a person who has read it', async () => {
    const { customerId: a } = await stage.talk(person('c2'), direct('c2'), '退订')
    const { customerId: b } = await say('hi')
    await merge(a, b)
    expect((await stage.talk(person('c2'), direct('c2'), 'hi')).effects).toEqual([])
  })

  test('comes with a picture too, and not where the brand gives it elsewhere', async () => {
    expect((await say('', { type: 'image' })).heard).toMatchObject([{ words: 'privacy.notice' }])
    stage.set({ noticeOnContact: false })
    expect((await stage.talk(person('c2'), direct('c2'), 'hi')).effects).toEqual([])
  })

  test('costs who has read it no statement of its own', async () => {
    await say('hi')
    const event = stage.event(stage.message(she, direct('c1'), '多久发货'))
    await stage.within(async (on) => {
      const who = await members.meet(on, she, event.at)
      const thread = await members.threadOf(on, direct('c1'), who)
      const seen = { ...on, event, thread, person: who, question: null }
      const asked = vi.spyOn(on.work.db, 'query')
      expect(await members.privacy.respond(on, seen, stage.doors)).toBeUndefined()
      expect(await members.privacy.observe(on, seen)).toEqual([])
      expect(asked).not.toHaveBeenCalled()
      asked.mockRestore()
    })
  })
})

test('what she let us do is found by key, however many people there are', async () => {
  const query = vi.fn(() => Promise.resolve({ rows: [] }))
  await findKnown.run({ query } as never, [{ realm: 'default', contactId: 'c1' }])
  const [asked] = query.mock.calls[0] as unknown as [{ text: string; values: unknown[] }]
  await db.transaction(async (tx) => {
    await tx.query('SET LOCAL enable_seqscan = off')
    const { rows } = await tx.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON) ${asked.text}`, asked.values)
    const scans = nodesOf(rows[0]?.['QUERY PLAN']).filter((node) => node['Relation Name'] === 'customer')
    expect(scans.length).toBeGreaterThan(0)
    for (const scan of scans) expect(Object.keys(scan)).toContain('Index Cond')
  })
})

/** Every node of a plan. A bitmap's condition stands in the node below, which looks for nothing else. */
function nodesOf(plan: unknown): Record<string, unknown>[] {
  if (Array.isArray(plan)) return plan.flatMap(nodesOf)
  if (typeof plan !== 'object' || plan === null) return []
  const node = plan as Record<string, unknown>
  const below = Object.values(node).flatMap(nodesOf)
  const bitmap = below.find((one) => one['Node Type'] === 'Bitmap Index Scan')
  const cond = node['Node Type'] === 'Bitmap Heap Scan' && bitmap ? { 'Index Cond': bitmap['Index Cond'] } : {}
  return ['Node Type' in node ? { ...node, ...cond } : {}, ...below]
}

describe('where people are asked first', () => {
  beforeEach(() => stage.set({ consent: 'ask' }))
  const allowed = async (id: string) => {
    const content = stage.content.settings(members.privacySettings)
    const [row] = await stage.rows(
      `SELECT profiling_refused_at AS "profilingRefusedAt", consented_at AS "consentedAt",
         sensitive_consent_at AS "sensitiveConsentAt" FROM person_consent
       WHERE person_id = (SELECT person_id FROM customer WHERE id = $1)`,
      [id],
    )
    return members.permits(row as never, content).profiling
  }

  test('nothing personal may be kept before «同意»', async () => {
    const { heard, customerId } = await say('hi')
    expect(heard).toMatchObject([{ words: 'privacy.notice-ask' }])
    expect(await openQuestions()).toEqual(['privacy.consent'])
    expect(await allowed(customerId)).toBe(false)
    expect((await say('同意')).heard).toMatchObject([{ words: 'privacy.agreed' }])
    expect([await allowed(customerId), await openQuestions()]).toEqual([true, []])
    expect(stage.marked).toEqual([customerId])
  })

  test('«不同意» is an answer, and so is to go on with something else', async () => {
    const { customerId } = await say('hi')
    expect((await say('不同意')).heard).toMatchObject([{ words: 'privacy.declined' }])
    expect(await allowed(customerId)).toBe(false)
    await stage.talk(person('c2'), direct('c2'), 'hi')
    await stage.talk(person('c2'), direct('c2'), '多久发货')
    expect(await openQuestions()).toEqual([])
  })

  test('«同意» counts for a day after the notice, whatever else was asked in between, and not later', async () => {
    const { customerId } = await say('hi')
    await stage.rows('DELETE FROM open_question')
    expect((await say('同意')).taken).toBe(true)
    expect(await allowed(customerId)).toBe(true)
    const { customerId: late } = await stage.talk(person('c2'), direct('c2'), 'hi')
    await stage.clock.advance(2 * 86_400_000)
    expect((await stage.talk(person('c2'), direct('c2'), '同意')).taken).toBe(false)
    expect(await allowed(late)).toBe(false)
    await stage.talk(person('c2'), direct('c2'), '同意个性化')
    expect(await allowed(late)).toBe(true)
  })

  test('«同意» to a human is not to us', async () => {
    const { customerId, threadId } = await say('hi')
    await stage.rows('DELETE FROM open_question')
    const until = new Date(stage.now.getTime() + 60_000)
    await stage.within((on) => stage.apply(on, [{ kind: 'YieldThread', threadId, until }]))
    expect((await say('同意')).taken).toBe(false)
    expect(await allowed(customerId)).toBe(false)
  })

  test('who was linked with somebody who was told and has not agreed has not agreed', async () => {
    const { customerId: a } = await say('hi')
    await say('同意')
    const { customerId: b } = await stage.talk(person('c2'), direct('c2'), 'hi')
    await merge(b, a)
    expect(await allowed(a)).toBe(false)
    await say('同意个性化')
    expect(await allowed(a)).toBe(true)
  })

  test('the line for a group asks nobody there', async () => {
    expect((await call('@小屿 a')).heard).toMatchObject([{ words: 'privacy.notice-group true', to: 'group' }])
    expect(await openQuestions()).toEqual([])
  })
})

describe('skin and health', () => {
  /** She has read the notice; then she says this. */
  const touch = async (text = '我是敏感肌能用吗') => {
    await say('hi')
    return say(text)
  }

  test('she is asked once it is quiet, and «同意» keeps', async () => {
    const { effects, customerId } = await touch()
    expect(effects).toMatchObject([{ kind: 'ScheduleEvent', at: new Date(stage.now.getTime() + 30_000) }])
    expect(heardOf(await stage.ring(effects[0]))).toMatchObject([
      { words: 'privacy.sensitive-ask', to: 'direct', purpose: 'service' },
    ])
    expect((await stage.consent(customerId))['sensitive']).toBe(false)
    expect((await say('同意')).heard).toMatchObject([{ words: 'privacy.sensitive-agreed' }])
    expect((await stage.consent(customerId))['sensitive']).toBe(true)
    expect((await say('孕妇能用吗')).effects).toEqual([])
    expect((await say('撤回同意')).heard).toMatchObject([{ words: 'privacy.withdrawn' }])
    expect((await stage.consent(customerId))['sensitive']).toBe(false)
    expect(await stage.audit()).toEqual([
      'bot privacy-noticed',
      'bot privacy-sensitive-asked',
      'customer privacy-sensitive-consented',
      'customer privacy-withdrawn',
    ])
  })

  test.each(['不同意', '好的', '多久发货', '同意退款'])(
    '«%s» does not keep, and she is not asked again soon',
    async (text) => {
      const { effects, customerId } = await touch()
      await stage.ring(effects[0])
      await say(text)
      expect((await say('同意')).taken).toBe(false)
      expect((await stage.consent(customerId))['sensitive']).toBe(false)
      await stage.clock.advance(179 * 86_400_000)
      expect((await say('我是敏感肌')).effects).toEqual([])
      await stage.clock.advance(2 * 86_400_000)
      expect((await say('我是敏感肌')).effects).toMatchObject([{ kind: 'ScheduleEvent' }])
    },
  )

  test('she is not asked in the same breath as the notice', async () => {
    expect((await say('我是敏感肌能用吗')).effects.map(({ kind }) => kind)).toEqual(['SendMessage'])
  })

  test('who wants nothing personal is not asked, nor who has not agreed to anything yet', async () => {
    await say('不要个性化')
    expect((await touch()).effects).toEqual([])
    stage.set({ consent: 'ask' })
    const other = person('c2')
    await stage.talk(other, direct('c2'), 'hi')
    await stage.talk(other, direct('c2'), '不同意')
    expect((await stage.talk(other, direct('c2'), '我是敏感肌')).effects).toEqual([])
  })

  test('in a group a friend is asked in a direct message and a stranger is not asked', async () => {
    await call('@小屿 hi')
    expect((await call('@小屿 敏感肌能用吗')).effects).toEqual([])
    await befriend()
    const { effects } = await call('@小屿 敏感肌能用吗')
    expect(heardOf(await stage.ring(effects[0]))).toMatchObject([{ words: 'privacy.sensitive-ask', to: 'direct' }])
  })

  test('the question waits for another time where something else is open, a human talks, or she has just refused', async () => {
    const { effects, threadId, customerId } = await touch()
    const expiresAt = new Date(stage.now.getTime() + 600_000)
    const other = { kind: 'AskQuestion' as const, threadId, customerId, question: 'faq.did-you-mean', payload: null }
    await stage.within((on) => stage.apply(on, [{ ...other, expiresAt }]))
    expect(await stage.ring(effects[0])).toEqual([])
    await stage.rows('DELETE FROM open_question')
    const until = new Date(stage.now.getTime() + 60_000)
    await stage.within((on) => stage.apply(on, [{ kind: 'YieldThread', threadId, until }]))
    expect(await stage.ring(effects[0])).toEqual([])
    await stage.clock.advance(60_000)
    await say('不要个性化')
    expect(await stage.ring(effects[0])).toEqual([])
    expect((await stage.rows('SELECT sensitive_asked_at AS at FROM customer'))[0]?.['at']).toBeNull()
  })
})
