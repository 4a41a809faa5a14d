import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimKey } from '../../src/domains/members/index.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { virtualClock } from '../support/clock.ts'
import { command } from '../support/command.ts'
import { testDatabase } from '../support/database.ts'
import { testKey, testSecrets } from '../support/secrets.ts'
import { direct, person, Stage } from './members-stage.ts'

const { db, url } = await testDatabase()
const stage = new Stage(db)
const folder = mkdtempSync(join(tmpdir(), 'zhanggui-customers-'))

const run = (words: string[], variables: Record<string, string> = {}) =>
  command(words, { DATABASE_URL: url, DATA_DIR: folder, DATA_KEY: testKey, ...variables })

test('she is found by her phone, exported into a file that others cannot read, and deleted only with --yes', async () => {
  const secrets = await testSecrets(db)
  const { person: she } = await stage.say(person('wx-a', '小雨'), direct('wx-a'), 'my skin is red')
  const customerId = String(she.customerId)
  const on = { secrets, ids: systemIds(virtualClock()), now: stage.now }
  await db.transaction((tx) => claimKey(tx, on, { customerId, kind: 'phone', value: '13800138000', source: 'hand' }))

  const found = await run(['customers', 'find', '+86 138-0013-8000', '--json'])
  expect(JSON.parse(found.out)).toEqual([{ customerId, personId: customerId, by: 'phone', forgotten: false }])

  const file = join(folder, 'hers.json')
  expect((await run(['customers', 'export', customerId, '--out', file])).code).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toContain('+8613800138000')
  expect((await run(['customers', 'export', customerId, '--out', file])).code).toBe(2)

  const unsure = await run(['customers', 'delete', customerId])
  expect(unsure.code).toBe(2)
  expect(unsure.complaint).toContain('--yes')
  expect((await run(['customers', 'delete', customerId, '--yes'])).code).toBe(0)
  const gone = await run(['customers', 'export', customerId])
  const nobody = await run(['customers', 'export', randomUUID()])
  expect(gone).toMatchObject({ code: nobody.code, out: '' })
  expect(gone.complaint).toMatch(/was deleted at \d{4}-\d\d-\d\dT\S+Z: nothing of her is kept\.$/m)
  expect((await run(['customers', 'find', '13800138000'])).code).toBe(1)
  const { rows } = await db.pool.query<{ action: string; by: string }>('SELECT action, by FROM audit ORDER BY id')
  // The export that found no place for its file is there too: it was read.
  expect(rows.map(({ action }) => action.replace('customer-', ''))).toEqual([
    'found',
    'exported',
    'exported',
    'deleted',
  ])
  expect(rows.every(({ by }) => /^cli:./.test(by))).toBe(true)
}, 60_000)

test('a master key that is none, or not this database’s, is one clear error and exit code 2, and is not printed', async () => {
  await testSecrets(db)
  const none = await run(['customers', 'find', 'x'], { DATA_KEY: 'correct horse' })
  expect(none).toMatchObject({ code: 2, complaint: expect.stringContaining('DATA_KEY: expected 32 bytes') })
  const wrong = await run(['customers', 'find', 'x'], { DATA_KEY: 'ff'.repeat(32) })
  expect(wrong).toMatchObject({ code: 2, complaint: expect.stringContaining('taken from DATA_KEY') })
  expect(none.complaint + wrong.complaint).not.toMatch(/horse|ffff/)
}, 60_000)
