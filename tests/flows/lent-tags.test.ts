/** What tags lend to journeys: who got a tag, who lost one, and steps that set them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addTag, removeTag, slice } from '../../src/domains/tags/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Traveller } from '../../src/kernel/slice.ts'
import { now } from '../unit/tags-facts.ts'
import { dayMs, due, type Found, joins } from './lent-stage.ts'
import { levels, rules, tagsStage } from './tags-stage.ts'

const { db, person, tagAll, mark } = await tagsStage()
const { triggers = {}, steps = {} } = slice
const { tagGained, tagLost } = triggers

const minute = 60_000
const after = (ms: number): Date => new Date(now.getTime() + ms)
/** The first round is a run over the base: what it gives is nobody's news. */
async function settled(): Promise<void> {
  await tagAll()
  await db.pool.query('UPDATE tag_run SET finished_at = started_at')
}
const gained = (written: object, from: Date, until: Date): Promise<Found[]> =>
  due(db.pool, tagGained, written, { after: from, until })
const lost = (written: object, from: Date, until: Date): Promise<Found[]> =>
  due(db.pool, tagLost, written, { after: from, until })

describe('what rules give', () => {
  test('a tag that came and went is told of once, a minute after the round, to whom it happened', async () => {
    const she = await person({ lastDays: 20 })
    await person({ lastDays: 1 })
    await settled()
    const then = after(15 * dayMs)
    await mark(she)
    await tagAll(rules, then)
    const at = new Date(then.getTime() + minute)
    const iso = then.toISOString()
    const edge = [new Date(at.getTime() - 1), at] as const
    expect(await gained({ lifecycle: 'dormant' }, ...edge)).toEqual([
      { person: she, cause: `gained:lifecycle/dormant:${iso}`, at },
    ])
    expect(await lost({ lifecycle: ['active', 'new'] }, ...edge)).toEqual([
      { person: she, cause: `lost:lifecycle/active:${iso}`, at },
    ])
    expect(await gained({ lifecycle: 'dormant' }, at, after(100 * dayMs))).toEqual([])
    expect(await lost({ lifecycle: 'active' }, after(0), edge[0])).toEqual([])
    expect(await gained({ lifecycle: 'active', consumption: 'high' }, ...edge)).toEqual([])
  })

  test('a change of the rules that gives it to everybody is nobody’s news; what hands did meanwhile is', async () => {
    const she = await person({ spend: 500 })
    await settled()
    const then = after(dayMs)
    await tagAll(levels(400), then)
    await addTag(db.pool, { customerId: she, dimension: 'role', value: 'vip', by: 'lin' }, rules, then)
    const window = [after(0), after(2 * dayMs)] as const
    expect(await gained({ consumption: 'high' }, ...window)).toEqual([])
    expect(await lost({ consumption: 'low' }, ...window)).toEqual([])
    expect(await gained({ role: 'vip' }, ...window)).toMatchObject([{ person: she }])
    await db.pool.query('UPDATE tag_run SET finished_at = $1 WHERE started_at = $1', [then])
    expect(await gained({ consumption: 'high' }, ...window)).toEqual([])
  })
})

describe('what hands give', () => {
  const vip = { dimension: 'role', value: 'vip', by: 'lin' }

  test('is gained when it is set and lost when it is taken back, also where no round comes between', async () => {
    const she = await person()
    await settled()
    const [set, back] = [after(minute), after(2 * minute)]
    await addTag(db.pool, { customerId: she, ...vip }, rules, set)
    await removeTag(db.pool, { customerId: she, ...vip }, rules, back)
    const all = [after(0), after(dayMs)] as const
    expect(await lost({ role: 'vip' }, ...all)).toMatchObject([{ person: she, at: after(3 * minute) }])
    await addTag(db.pool, { customerId: she, ...vip }, rules, after(10 * minute))
    expect(await gained({ role: ['vip', 'helper'] }, ...all)).toMatchObject([{ person: she, at: after(11 * minute) }])
  })

  test('a hand that says what a rule says already gives nothing, and takes nothing', async () => {
    const she = await person({ spend: 2_000 })
    await settled()
    const high = { customerId: she, dimension: 'consumption', value: 'high', by: 'lin' }
    await addTag(db.pool, high, rules, after(minute))
    await tagAll(rules, after(2 * minute))
    const all = [after(0), after(dayMs)] as const
    expect(await gained({ consumption: 'high' }, ...all)).toEqual([])
    await removeTag(db.pool, high, rules, after(3 * minute))
    expect(await lost({ consumption: 'high' }, ...all)).toEqual([])
  })

  test('who refuses to be known, and a value that content no longer has, lose nothing that is told', async () => {
    const she = await person()
    await settled()
    await addTag(db.pool, { customerId: she, ...vip }, rules, after(minute))
    await db.pool.query(`UPDATE customer SET profiling_refused_at = $2 WHERE id = $1`, [she, after(2 * minute)])
    await mark(she)
    await tagAll(rules, after(3 * minute))
    expect(await lost({ role: 'vip', lifecycle: 'active' }, after(0), after(dayMs))).toEqual([])
  })
})

test('windows that join find every change once', async () => {
  const minutes = fc.integer({ min: 2, max: 500 })
  await fc.assert(
    fc.asyncProperty(fc.array(minutes, { maxLength: 8 }), fc.array(minutes, { maxLength: 6 }), async (times, cuts) => {
      await db.pool.query('TRUNCATE customer, customer_tag, customer_tag_history, tag_due, audit CASCADE')
      await db.pool.query('TRUNCATE tag_run')
      const she = await person()
      const changes = [...new Set(times)].toSorted((a, b) => a - b)
      for (const [i, time] of changes.entries()) {
        const given = { customerId: she, dimension: 'role', value: 'vip', by: 'lin' }
        await (i % 2 === 0 ? addTag : removeTag)(db.pool, given, rules, after(time * minute))
      }
      const edges = cuts.map((n) => after(n * minute))
      const range = { after: after(0), until: after(600 * minute), cuts: edges }
      const ups = await joins(db.pool, tagGained, { role: 'vip' }, range)
      const downs = await joins(db.pool, tagLost, { role: 'vip' }, range)
      expect(downs).toHaveLength(Math.floor(changes.length / 2))
      // Of tags that have gone again nobody hears by then that they came.
      expect(ups).toHaveLength(changes.length % 2)
    }),
    { numRuns: 20 },
  )
})

describe('steps', () => {
  const traveller: Traveller = { personId: 'p', customerId: 'c', journey: 'newcomer', key: 'k', data: {} }
  const on = { content: {} as Content, now }
  const done = (name: 'tag' | 'untag', written: unknown) => {
    const step = steps[name]
    const args = step?.schema.parse(written)
    return { effects: step?.effects(args, traveller, on), names: step?.references?.(args) }
  }

  test('set tags, for a time or until they are taken back', () => {
    const by = { kind: 'AddTag', customerId: 'c', by: 'journey:newcomer' }
    expect(done('tag', { role: ['vip', 'helper'], skin: 'dry', until: '30d' })).toEqual({
      effects: [
        { ...by, dimension: 'role', value: 'vip', until: after(30 * dayMs) },
        { ...by, dimension: 'role', value: 'helper', until: after(30 * dayMs) },
        { ...by, dimension: 'skin', value: 'dry', until: after(30 * dayMs) },
      ],
      names: ['role/vip', 'role/helper', 'skin/dry'].map((id) => ({ at: [id.split('/')[0]], kind: 'tags', id })),
    })
    expect(done('tag', { role: 'vip' }).effects).toEqual([{ ...by, dimension: 'role', value: 'vip' }])
    expect(done('untag', { role: 'vip' }).effects).toEqual([
      { ...by, kind: 'RemoveTag', dimension: 'role', value: 'vip' },
    ])
    expect(() => done('tag', { until: '30d' })).toThrow(/at least one dimension/)
    expect(() => done('untag', {})).toThrow(/at least one dimension/)
  })
})
