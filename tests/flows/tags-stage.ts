/** Tags on a real database: people with a few facts, rounds over them, and what they have by then. */
import { randomUUID } from 'node:crypto'
import { afterEach, expect } from 'vitest'
import { openTaggingDatabase } from '../../src/domains/tags/connection/repo.ts'
import { markDueMany } from '../../src/domains/tags/due/repo.ts'
import { tagRound } from '../../src/domains/tags/round.ts'
import type { TagRules } from '../../src/domains/tags/rules.ts'
import { beginRun } from '../../src/domains/tags/run/repo.ts'
import { afterFile } from '../support/after-file.ts'
import { testDatabase } from '../support/database.ts'
import { daysAgo, now, rulesOf } from '../unit/tags-facts.ts'

export const levels = (bar: number, rfm = '{}'): TagRules =>
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
export const rules = levels(1_000)

type Person = { spend?: number; lastDays?: number; columns?: Record<string, unknown> }

/** Empty again after each test of the file. */
export async function tagsStage() {
  const { db, url } = await testDatabase()
  const tagging = openTaggingDatabase(url, () => undefined)
  afterFile.add(() => tagging.close())
  afterEach(() =>
    db.pool.query(`TRUNCATE customer, orders, interaction, customer_tag, customer_tag_history, customer_rfm, rfm_bars, tag_due,
      tag_claim, tag_run CASCADE`),
  )

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

  return { db, tagging, person, tagAll, tagsOf, historyOf, mark }
}
