/** The roster at the command line. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { command } from '../support/command.ts'
import { testDatabase } from '../support/database.ts'

const { url, db } = await testDatabase()
const advisers = (...words: string[]) => command(['advisers', ...words], { DATABASE_URL: url })

test('the list shows everybody of the roster, for people and as JSON', async () => {
  const json = await advisers('list', '--json')
  expect(json.code).toBe(0)
  const seats = JSON.parse(json.out) as { id: string; bound: boolean; load: number }[]
  expect(seats.length).toBeGreaterThanOrEqual(4)
  for (const seat of seats) expect(seat).toMatchObject({ bound: false, load: 0, away: false })
  const plain = await advisers('list')
  for (const { id } of seats) expect(plain.out).toContain(id)
})

test('a code is shown once, kept as a hash, and written to the audit', async () => {
  const { out, code } = await advisers('code', 'lin-yue')
  expect(code).toBe(0)
  const [shown = ''] = out.split('\n')
  expect(shown).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
  const { rows } = await db.pool.query<{ adviser: string; hash: string }>('SELECT adviser, hash FROM adviser_code')
  expect(rows).toEqual([{ adviser: 'lin-yue', hash: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  const audit = await db.pool.query<{ action: string; subject: string }>('SELECT action, subject FROM audit')
  expect(audit.rows).toEqual([{ action: 'adviser-code-issued', subject: 'adviser:lin-yue' }])
})

test('an adviser whom nobody knows is wrong use, and says who there is', async () => {
  const { code, complaint } = await advisers('code', 'nobody')
  expect(code).toBe(2)
  expect(complaint).toContain('No adviser has the id «nobody». There are: lin-yue')
})

test('a customer is given to a human by hand, with a note, and nobody who has never written to us', async () => {
  const [customer, stranger, thread] = [randomUUID(), randomUUID(), randomUUID()]
  await db.pool.query(
    `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, staff)
     SELECT id, id, now(), now(), false FROM unnest($1::uuid[]) AS id`,
    [[customer, stranger]],
  )
  await db.pool.query(
    `INSERT INTO thread (id, kind, account, contact_id, customer_id, created_at) VALUES ($1, 'direct', 'main', 'c1', $2, now())`,
    [thread, customer],
  )
  await db.pool.query(
    `INSERT INTO message (id, thread_id, account, platform_id, direction, customer_id, type, text, sent_at)
     VALUES ($1, $2, 'main', 'm1', 'in', $3, 'text', '在吗', now())`,
    [randomUUID(), thread, customer],
  )
  const { out, code } = await advisers('open', customer, '--note', '她等了两天')
  expect([code, out.trim()]).toEqual([0, expect.stringMatching(/^Case #\d+ is open\.$/u)])
  expect((await advisers('open', customer, '--note', '还有一件事')).out).toContain('already')
  const { rows } = await db.pool.query<{ reason: string; evidence: object; thread_id: string }>(
    'SELECT reason, evidence, thread_id FROM handoff_case',
  )
  const note = expect.objectContaining({ note: '她等了两天' }) as object
  expect(rows).toEqual([{ reason: 'by-hand', evidence: note, thread_id: thread }])
  const again = await db.pool.query(`SELECT 1 FROM case_entry WHERE kind = 'again' AND data::text LIKE '%还有一件事%'`)
  expect(again.rowCount).toBe(1)
  const refused = await advisers('open', stranger, '--note', '试试')
  expect([refused.code, refused.complaint]).toEqual([2, expect.stringContaining('never written to us')])
  // An adviser is offered it as any other.
  const jobs = await db.pool.query(
    `SELECT 1 FROM graphile_worker._private_jobs WHERE key LIKE 'handoff.opened:by-hand:%'`,
  )
  expect(jobs.rowCount).toBe(2)
})
