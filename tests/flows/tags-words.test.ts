/** Tags against a word of ours or hers: what a hand sets, and what she lets us keep. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { markExpired } from '../../src/domains/tags/due/repo.ts'
import { addTag, removeTag } from '../../src/domains/tags/hand/index.ts'
import { rights } from '../../src/domains/tags/rights/index.ts'
import { tagRound } from '../../src/domains/tags/round.ts'
import { rulesOf as asTagRules } from '../../src/domains/tags/rules.ts'
import { beginRun } from '../../src/domains/tags/run/repo.ts'
import { daysAgo, now } from '../unit/tags-facts.ts'
import { levels, rules, tagsStage } from './tags-stage.ts'

const { db, tagging, person, tagAll, tagsOf, historyOf, mark } = await tagsStage()

describe('a hand', () => {
  const byHand = { dimension: 'consumption', value: 'high', by: 'Lin' }

  test('wins over the rule until it is taken back', async () => {
    const id = await person({ spend: 20 })
    await tagAll()
    expect(await addTag(db.pool, { customerId: id, ...byHand }, rules, now)).toMatchObject({ kind: 'done' })
    await tagAll()
    expect(await tagsOf(id)).toEqual(['consumption=high hand', 'consumption=low (overruled)', 'lifecycle=active'])
    expect(await removeTag(db.pool, { customerId: id, ...byHand }, rules, now)).toMatchObject({ kind: 'done' })
    await tagAll()
    expect(await tagsOf(id)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await historyOf(id)).toEqual(['consumption=high removed'])
    const { rows } = await db.pool.query('SELECT action, by FROM audit WHERE subject = $1 ORDER BY id', [id])
    expect(rows).toEqual([
      { action: 'tag-added', by: 'Lin' },
      { action: 'tag-removed', by: 'Lin' },
    ])
  })

  test('that sets another value takes its own earlier word back', async () => {
    const id = await person()
    await tagAll()
    for (const value of ['vip', 'helper'])
      await addTag(db.pool, { customerId: id, dimension: 'role', value, by: 'Lin' }, rules, now)
    await tagAll()
    expect((await tagsOf(id)).filter((tag) => tag.startsWith('role'))).toEqual(['role=helper hand'])
    expect(await historyOf(id)).toEqual(['role=vip replaced'])
  })

  test('may say until when', async () => {
    const id = await person({ spend: 20 })
    await tagAll()
    await addTag(db.pool, { customerId: id, ...byHand, until: daysAgo(-3) }, rules, now)
    await tagAll()
    const at = daysAgo(-3)
    expect(await markExpired(db.pool, at)).toBe(1)
    await tagAll(rules, at)
    expect(await tagsOf(id)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await historyOf(id)).toEqual(['consumption=high expired'])
  })

  test('is refused what content does not know, who is nobody, and what she does not let us keep', async () => {
    const id = await person()
    const reasonOf = async (given: object): Promise<string> => {
      const outcome = await addTag(db.pool, { customerId: id, ...byHand, ...given }, rules, now)
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind
    }
    expect(await reasonOf({ dimension: 'taste' })).toBe('unknown-dimension')
    expect(await reasonOf({ value: 'huge' })).toBe('unknown-value')
    expect(await reasonOf({ until: daysAgo(1) })).toBe('past')
    expect(await reasonOf({ customerId: randomUUID() })).toBe('unknown-customer')
    expect(await reasonOf({ dimension: 'skin', value: 'dry' })).toBe('not-agreed')
    expect(await reasonOf({ customerId: await person({ columns: { staff: true } }) })).toBe('staff')
    expect(await reasonOf({ customerId: await person({ columns: { profiling_refused_at: now } }) })).toBe('refused')
  })
})

describe('she decides', () => {
  test('who does not want personal tags loses them all, and those by hand', async () => {
    const id = await person({ spend: 20 })
    await tagAll()
    await addTag(db.pool, { customerId: id, dimension: 'role', value: 'vip', by: 'Lin' }, rules, now)
    await db.pool.query('UPDATE customer SET profiling_refused_at = $2 WHERE id = $1', [id, now])
    await tagAll()
    expect(await tagsOf(id)).toEqual([])
    expect((await historyOf(id)).sort()).toEqual([
      'consumption=low refused',
      'lifecycle=active refused',
      'role=vip refused',
    ])
    const { rows } = await db.pool.query('SELECT FROM customer_rfm WHERE person_id = $1', [id])
    expect(rows).toEqual([])
  })

  test('where content asks first, nobody has tags who has not agreed', async () => {
    const [silent, agreed] = [await person(), await person({ columns: { consented_at: now } })]
    await tagAll(asTagRules({ ...rules, consent: 'ask' }))
    expect(await tagsOf(silent)).toEqual([])
    expect(await tagsOf(agreed)).toEqual(['consumption=low', 'lifecycle=active'])
  })

  test('what is sensitive goes without a trace when she takes her agreement back', async () => {
    const id = await person({ columns: { sensitive_consent_at: now } })
    await addTag(db.pool, { customerId: id, dimension: 'skin', value: 'dry', by: 'Lin' }, rules, now)
    await tagAll()
    expect(await tagsOf(id)).toContain('skin=dry hand')
    await removeTag(db.pool, { customerId: id, dimension: 'skin', value: 'dry', by: 'Lin' }, rules, now)
    await addTag(db.pool, { customerId: id, dimension: 'skin', value: 'dry', by: 'Lin' }, rules, now)
    expect(await historyOf(id)).toEqual(['skin=dry removed'])
    await db.pool.query('UPDATE customer SET sensitive_consent_at = NULL WHERE id = $1', [id])
    // As a word of hers would: the rules are no others.
    await mark(id)
    await tagAll()
    expect(await tagsOf(id)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await historyOf(id)).toEqual([])
    const { rows: audit } = await db.pool.query(`SELECT action, details FROM audit WHERE subject = $1 ORDER BY id`, [
      id,
    ])
    expect(audit).toEqual(
      ['tag-added', 'tag-removed', 'tag-added'].map((action) => ({ action, details: { dimension: 'skin' } })),
    )
  })

  test('staff has no tags', async () => {
    const id = await person()
    await tagAll()
    await db.pool.query('UPDATE customer SET staff = true WHERE id = $1', [id])
    await mark(id)
    await tagAll()
    expect(await tagsOf(id)).toEqual([])
  })

  test('who is forgotten while she is being tagged stays forgotten', async () => {
    const id = await person({ spend: 20 })
    await beginRun(tagging, rules, now)
    // The tagging has loaded her facts; before it writes, she is forgotten.
    const held = {
      ...tagging,
      transaction: (async (run) => {
        await rights.forget(db.pool, id, now)
        return tagging.transaction(run)
      }) as typeof tagging.transaction,
    }
    await tagRound({ db: held, rules, known: new Map(), now, claimId: randomUUID(), lane: 'soon' as const, limit: 9 })
    expect(await tagsOf(id)).toEqual([])
    const { rows } = await db.pool.query('SELECT FROM customer_rfm')
    expect(rows).toEqual([])
  })
})

test('what is exported of her is everything; after she is forgotten nothing is left', async () => {
  const id = await person({ spend: 20 })
  await tagAll()
  await tagAll(levels(10))
  const exported = await rights.exportOf(db.pool, id)
  expect(exported).toMatchObject({
    tags: [{ dimension: 'consumption', value: 'high' }, { dimension: 'lifecycle' }],
    pastTags: [{ dimension: 'consumption', value: 'low', reason: 'replaced' }],
    scores: { monetary: '20.00' },
  })
  await rights.forget(db.pool, id, now)
  expect(await rights.exportOf(db.pool, id)).toEqual({ tags: [], pastTags: [], scores: null, mirroredTags: [] })
})
