import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { openTaggingDatabase } from '../../src/domains/tags/connection/repo.ts'
import { claim, giveBack, markDue, markDueMany, markExpired } from '../../src/domains/tags/due/repo.ts'
import { addTag, removeTag } from '../../src/domains/tags/hand/index.ts'
import { latestBars } from '../../src/domains/tags/rfm/repo.ts'
import { rights } from '../../src/domains/tags/rights/index.ts'
import { tagRound } from '../../src/domains/tags/round.ts'
import { rulesOf as asTagRules, type TagRules } from '../../src/domains/tags/rules.ts'
import { beginRun, finishRun, tagProgress } from '../../src/domains/tags/run/repo.ts'
import { type Queryable, Transaction } from '../../src/kernel/work.ts'
import { afterFile } from '../support/after-file.ts'
import { testDatabase } from '../support/database.ts'
import { daysAgo, now, rulesOf } from '../unit/tags-facts.ts'

const { db, url } = await testDatabase()
const tagging = openTaggingDatabase(url, () => undefined)
afterFile.add(() => tagging.close())

const levels = (bar: number, rfm = '{}'): TagRules =>
  rulesOf(`
rfm: ${rfm}
dimensions:
  - { id: consumption, kind: level, hysteresis: 0, levels: [{ id: high, when: [{ spend: ${bar} }] }, { id: low }] }
  - id: lifecycle
    kind: lifecycle
    new: { id: new, for: 7d }
    active: { id: active }
    dormant: { id: dormant, after: 30d }
    leaving: { id: leaving, after: 90d }
    back: { id: back, for: 30d }
  - { id: role, kind: byHand, values: [{ id: vip }, { id: helper }] }
  - { id: skin, kind: byHand, sensitive: true, values: [{ id: dry }] }
`)
const rules = levels(1_000)

afterEach(() =>
  db.pool.query(`TRUNCATE customer, orders, interaction, customer_tag, customer_tag_history, customer_rfm, rfm_bars, tag_due,
    tag_claim, tag_run CASCADE`),
)

type Person = { spend?: number; lastDays?: number; columns?: Record<string, unknown> }

async function person({ spend = 0, lastDays = 1, columns = {} }: Person = {}): Promise<string> {
  const id = randomUUID()
  await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $3)', [
    id,
    daysAgo(300),
    daysAgo(lastDays),
  ])
  for (const [column, value] of Object.entries(columns))
    await db.pool.query(`UPDATE customer SET ${column} = $2 WHERE id = $1`, [id, value])
  if (spend > 0) {
    await db.pool.query(
      `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
       VALUES ('shop', $1, $2, $2, $3, $4, 'completed', 'test', $3, $3)`,
      [randomUUID(), id, daysAgo(Math.max(lastDays, 2)), spend],
    )
  }
  return id
}

/** Rounds until nobody is due. */
async function tagAll(on: TagRules = rules, at: Date = now): Promise<number> {
  await beginRun(tagging, on, at)
  let changed = 0
  for (const lane of ['now', 'soon', 'base'] as const) {
    for (;;) {
      const options = { db: tagging, rules: on, known: new Map(), now: at, claimId: randomUUID(), lane, limit: 50 }
      const round = await tagRound(options)
      expect(round.failed).toEqual([])
      changed += round.changed
      if (round.taken === 0) break
    }
  }
  return changed
}

async function tagsOf(id: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ tag: string }>(
    `SELECT g.dimension || '=' || g.value || CASE t.source WHEN 'rule' THEN '' ELSE ' ' || t.source END
       || CASE WHEN t.effective THEN '' ELSE ' (overruled)' END AS tag
     FROM customer_tag t JOIN tag g ON g.id = t.tag_id WHERE person_id = $1 ORDER BY 1`,
    [id],
  )
  return rows.map(({ tag }) => tag)
}

async function historyOf(id: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ tag: string }>(
    `SELECT g.dimension || '=' || g.value || ' ' || h.reason AS tag
     FROM customer_tag_history h JOIN tag g ON g.id = h.tag_id WHERE person_id = $1 ORDER BY h.id`,
    [id],
  )
  return rows.map(({ tag }) => tag)
}

const mark = (...ids: string[]) => markDueMany(db.pool, ids, now)

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
    await db.pool.query('UPDATE customer SET sensitive_consent_at = NULL WHERE id = $1', [id])
    await tagAll()
    expect(await tagsOf(id)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await historyOf(id)).toEqual([])
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

describe('the queue', () => {
  test('a message while she is being tagged has her tagged again', async () => {
    const id = await person()
    await tagAll()
    await mark(id)
    const claimId = randomUUID()
    const until = new Date(now.getTime() + 1_000)
    const asked = { id: claimId, rules: rules.hash, lane: 'soon' as const, limit: 9, now, until }
    expect(await claim(db.pool, asked)).toHaveLength(1)
    await db.transaction(async (tx) => {
      const work = new Transaction(tx, now)
      markDue(work, id)
      markDue(work, id)
      await work.flush()
    })
    // Nobody else takes her until the first is done.
    expect(await claim(db.pool, { ...asked, id: randomUUID(), lane: 'now' as const })).toEqual([])
    await db.pool.query('DELETE FROM tag_claim')
    expect(await claim(db.pool, { ...asked, id: randomUUID(), lane: 'now' as const })).toMatchObject([{ personId: id }])
  })

  test('one person whose tags cannot be written does not keep the others from theirs', async () => {
    const [bad, good] = [await person(), await person()]
    await beginRun(tagging, rules, now)
    const failing = {
      ...tagging,
      transaction: <T>(run: (tx: Queryable) => Promise<T>): Promise<T> =>
        tagging.transaction(async (tx) => {
          const result = await run(tx)
          const { rows } = await tx.query('SELECT FROM customer_tag WHERE person_id = $1', [bad])
          if (rows.length > 0) throw new RangeError('her tags cannot be written')
          return result
        }),
    }
    const options = { rules, known: new Map(), now, claimId: randomUUID(), lane: 'base' as const, limit: 9 }
    const round = await tagRound({ db: failing, ...options })
    expect(round).toMatchObject({ taken: 2, changed: 1, failed: [{ personId: bad, error: 'RangeError' }] })
    expect(await tagsOf(good)).toEqual(['consumption=low', 'lifecycle=active'])
    expect(await tagProgress(db.pool)).toMatchObject({ waiting: 0 })
  })

  test('whom a process that died had taken come back', async () => {
    const id = await person()
    await tagAll()
    await mark(id)
    const until = new Date(now.getTime() + 1_000)
    await claim(db.pool, { id: randomUUID(), rules: rules.hash, lane: 'soon' as const, limit: 9, now, until })
    await giveBack(db.pool, 'dead', now)
    expect(await tagProgress(db.pool)).toMatchObject({ waiting: 1 })
    await giveBack(db.pool, 'dead', until)
    const { rows } = await db.pool.query<{ person_id: string }>('SELECT person_id FROM tag_due')
    expect(rows).toEqual([{ person_id: id }])
  })

  test('an import marks those with it who brought the buyers in', async () => {
    const inviter = await person()
    const guest = await person({ columns: { invited_by: inviter } })
    await markDueMany(db.pool, [guest], now)
    const { rows } = await db.pool.query<{ person_id: string }>('SELECT person_id FROM tag_due')
    expect(rows.map(({ person_id }) => person_id).sort()).toEqual([inviter, guest].sort())
  })
})

describe('two who turn out to be one', () => {
  /** As members does before the other slices are asked. */
  const link = (from: string, into: string) =>
    db.pool.query('UPDATE customer SET person_id = $2, merged_into = nullif($2, id) WHERE id = $1', [from, into])

  test('have the tags of all their facts, and each her own again when they part', async () => {
    const [a, b] = [await person({ spend: 600 }), await person({ spend: 600 })]
    await tagAll()
    await link(a, b)
    await db.pool.query('UPDATE orders SET person_id = $2 WHERE customer_id = $1', [a, b])
    await rights.onMerge(db.pool, a, b, now)
    await tagAll()
    expect(await tagsOf(a)).toEqual([])
    expect(await tagsOf(b)).toEqual(['consumption=high', 'lifecycle=active'])
    await link(a, a)
    await db.pool.query('UPDATE orders SET person_id = $1 WHERE customer_id = $1', [a])
    await rights.onUnlink(db.pool, a, b)
    await tagAll()
    for (const id of [a, b]) expect(await tagsOf(id)).toEqual(['consumption=low', 'lifecycle=active'])
  })

  test('keep what a hand has set for each, also when it is the same', async () => {
    const [a, b] = [await person(), await person()]
    await tagAll()
    const stateOf = async () =>
      (
        await db.pool.query<object>(
          `SELECT person_id, customer_id, tag_id, since, until, rule, evidence FROM customer_tag
           WHERE source = 'hand' ORDER BY customer_id`,
        )
      ).rows
    for (const [id, by] of [
      [a, 'Lin'],
      [b, 'Wu'],
    ] as const)
      await addTag(db.pool, { customerId: id, dimension: 'role', value: 'vip', by, until: daysAgo(-9) }, rules, now)
    const before = await stateOf()
    await link(a, b)
    await rights.onMerge(db.pool, a, b, now)
    await tagAll()
    expect((await tagsOf(b)).filter((tag) => tag.startsWith('role'))).toEqual(['role=vip hand'])
    await link(a, a)
    await rights.onUnlink(db.pool, a, b)
    await tagAll()
    expect(await stateOf()).toEqual(before)
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
