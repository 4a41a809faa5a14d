/** The roster at the command line. */
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
