/** Who waits for tagging, who is being tagged, and two who turn out to be one. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { claim, giveBack, markDue, markDueMany } from '../../src/domains/tags/due/repo.ts'
import { addTag } from '../../src/domains/tags/hand/index.ts'
import { rights } from '../../src/domains/tags/rights/index.ts'
import { tagRound } from '../../src/domains/tags/round.ts'
import { beginRun, tagProgress } from '../../src/domains/tags/run/repo.ts'
import { type Queryable, Transaction } from '../../src/kernel/work.ts'
import { daysAgo, now } from '../unit/tags-facts.ts'
import { rules, tagsStage } from './tags-stage.ts'

const { db, tagging, person, tagAll, tagsOf, mark } = await tagsStage()

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
