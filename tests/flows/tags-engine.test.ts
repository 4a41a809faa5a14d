import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { markExpired } from '../../src/domains/tags/due/repo.ts'
import { latestBars } from '../../src/domains/tags/rfm/repo.ts'
import { tagRound } from '../../src/domains/tags/round.ts'
import { rulesOf as asTagRules } from '../../src/domains/tags/rules.ts'
import { beginRun, finishRun, tagProgress } from '../../src/domains/tags/run/repo.ts'
import { daysAgo, now } from '../unit/tags-facts.ts'
import { levels, rules, tagsStage } from './tags-stage.ts'

const { db, tagging, person, tagAll, tagsOf, historyOf, mark } = await tagsStage()

describe('the rules decide', () => {
  test('everybody is tagged when the rules are new, and again when they change', async () => {
    const [rich, poor] = [await person({ spend: 800 }), await person({ spend: 20 })]
    expect(await tagAll()).toBe(2)
    expect(await tagsOf(rich)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await tagAll()).toBe(0)
    expect(await tagAll(levels(500))).toBe(1)
    expect(await tagsOf(rich)).toEqual(['consumption=high', 'lifecycle=active'])
    expect(await tagsOf(poor)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await historyOf(rich)).toEqual(['consumption=low replaced'])
  })

  test('a run over the base counts who is done and who has changed, and ends once', async () => {
    for (const spend of [800, 20, 30]) await person({ spend })
    await tagAll()
    await finishRun(db.pool, now)
    await tagAll(levels(500))
    expect(await finishRun(db.pool, now)).toMatchObject({ people: 3n, done: 3n, changed: 1n })
    expect(await finishRun(db.pool, now)).toBeNull()
    expect(await tagProgress(db.pool)).toMatchObject({ waiting: 0, waitingForRun: 0 })
  })

  test('a change of one dimension decides that one again, and no other', async () => {
    const [rich, poor] = [await person({ spend: 800 }), await person({ spend: 20 })]
    await tagAll()
    await finishRun(db.pool, now)
    // Nobody was told of it, so that it shows what is looked at.
    await db.pool.query('UPDATE customer SET last_seen_at = $1, first_seen_at = $1', [daysAgo(100)])
    await db.pool.query('UPDATE orders SET ordered_at = $1', [daysAgo(100)])
    expect(await tagAll(levels(500))).toBe(1)
    expect(await tagsOf(rich)).toEqual(['consumption=high', 'lifecycle=active'])
    await mark(rich)
    await tagAll(levels(500))
    expect(await tagsOf(rich)).toEqual(['consumption=high', 'lifecycle=leaving'])
    expect(await tagsOf(poor)).toEqual(['consumption=low', 'lifecycle=active'])
  })

  test('a change of how scores are measured measures the base again before anybody is scored by it', async () => {
    for (const spend of [100, 200, 300, 400, 500]) await person({ spend })
    await tagAll()
    expect(await latestBars(db.pool)).toMatchObject({ frequency: [1.001, 1.001, 1.001, 1.001] })
    await tagAll(levels(1_000, '{ frequency: { order: 3 } }'))
    expect(await latestBars(db.pool)).toMatchObject({ frequency: [3.001, 3.001, 3.001, 3.001] })
  })

  test('who waits for an unfinished change is decided for both, and who was never tagged for all', async () => {
    const id = await person({ spend: 800 })
    await tagAll()
    await finishRun(db.pool, now)
    const stranger = await person({ spend: 20 })
    const { consumption, ...changed } = { consumption: levels(500), ...levels(500) }
    const later = asTagRules({
      ...changed,
      dimensions: changed.dimensions.map((one) =>
        one.kind === 'lifecycle' ? { ...one, active: { ...one.active, id: 'awake' } } : one,
      ),
    })
    await beginRun(tagging, consumption, now)
    await tagAll(later)
    expect(await tagsOf(id)).toEqual(['consumption=high', 'lifecycle=awake'])
    expect(await tagsOf(stranger)).toEqual(['consumption=low', 'lifecycle=awake'])
  })

  test('a dimension that content gives up takes its tags with it', async () => {
    const id = await person({ spend: 20 })
    await tagAll()
    await finishRun(db.pool, now)
    await tagAll(asTagRules({ ...rules, dimensions: rules.dimensions.filter(({ kind }) => kind !== 'lifecycle') }))
    expect(await tagsOf(id)).toEqual(['consumption=low'])
    expect(await historyOf(id)).toEqual(['lifecycle=active rule-gone'])
  })

  test('a process with older rules tags nobody', async () => {
    await person()
    await tagAll(levels(500))
    await mark(await person())
    const options = {
      db: tagging,
      rules,
      known: new Map(),
      now,
      claimId: randomUUID(),
      lane: 'soon' as const,
      limit: 9,
    }
    expect((await tagRound(options)).taken).toBe(0)
  })

  test('`since` stays while the value does, and what has not changed is not written', async () => {
    const id = await person({ spend: 20 })
    await tagAll()
    const stateOf = async () =>
      (
        await db.pool.query<object>('SELECT xmin::text, since FROM customer_tag WHERE person_id = $1 ORDER BY tag_id', [
          id,
        ])
      ).rows
    const before = await stateOf()
    await mark(id)
    await tagAll(rules, new Date(now.getTime() + 60_000))
    expect(await stateOf()).toEqual(before)
  })

  test('who falls silent goes dormant by the clock alone, is about to leave, and comes back', async () => {
    const id = await person({ lastDays: 1 })
    await tagAll()
    const later = async (days: number): Promise<string[]> => {
      const at = daysAgo(-days)
      await markExpired(db.pool, at)
      await tagAll(rules, at)
      return tagsOf(id)
    }
    expect(await later(28)).toContain('lifecycle=active')
    expect(await later(30)).toContain('lifecycle=dormant')
    expect(await later(90)).toContain('lifecycle=leaving')
    await db.pool.query('UPDATE customer SET last_seen_at = $2 WHERE id = $1', [id, daysAgo(-91)])
    await mark(id)
    expect(await later(91)).toContain('lifecycle=back')
    await db.pool.query('UPDATE customer SET last_seen_at = $2 WHERE id = $1', [id, daysAgo(-110)])
    await mark(id)
    expect(await later(110)).toContain('lifecycle=back')
    expect(await later(121)).toContain('lifecycle=active')
  })

  test('nobody is looked at whose tags no time can change yet', async () => {
    await person({ lastDays: 1 })
    await tagAll()
    expect(await markExpired(db.pool, daysAgo(-5))).toBe(0)
    expect(await markExpired(db.pool, daysAgo(-30))).toBe(1)
  })
})
