/** `segment` as a person calls it, and the warnings about segments of `check --data`. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimKey } from '../../src/domains/members/index.ts'
import type { Finding } from '../../src/kernel/content.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { virtualClock } from '../support/clock.ts'
import { command } from '../support/command.ts'
import { contentFolder } from '../support/content.ts'
import { testDatabase } from '../support/database.ts'
import { testKey, testSecrets } from '../support/secrets.ts'
import { direct, person, Stage } from './members-stage.ts'

const { db, url } = await testDatabase()
const stage = new Stage(db)
const content = contentFolder({
  files: {
    'segments.yaml': `segments:
  - { id: known, title: Known, rule: { joined: { after: 2000-01-01 } } }
  - { id: buyers, title: Buyers, rule: { orders: { count: { min: 1 } } } }
  - { id: big, title: Big buyers, rule: { orders: { count: { min: 9 } } } }
`,
  },
})
afterAll(content.dispose)

const run = (...words: string[]) =>
  command(words, { DATABASE_URL: url, CONTENT_DIR: content.dir, DATA_DIR: '/nowhere', DATA_KEY: testKey })

let she: string
let other: string

beforeAll(async () => {
  const meet = async (contactId: string): Promise<string> =>
    String((await stage.say(person(contactId), direct(contactId), '你好')).person.customerId)
  she = await meet('wx-a')
  other = await meet('wx-b')
  const on = { secrets: await testSecrets(db), ids: systemIds(virtualClock()), now: stage.now }
  const phone = { kind: 'phone', value: '13800138000', source: 'hand' } as const
  await db.transaction((tx) => claimKey(tx, on, { customerId: she, ...phone }))
  // A number of the shop that is somebody else's contact id.
  const number = { kind: 'member', value: 'wx-b', source: 'hand' } as const
  await db.transaction((tx) => claimKey(tx, on, { customerId: she, ...number }))
  await db.pool.query(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
     VALUES ('shop', 'A1', $1, $1, now(), 20, 'completed', 'test', now(), now())`,
    [she],
  )
})

test('somebody is explained by whatever `customers find` takes, as long as it leads to one person', async () => {
  const explain = (who: string) => run('segment', 'buyers', '--explain', who)
  for (const who of [she, she.toUpperCase(), '+86 138-0013-8000', 'wx-a']) {
    const { code, out } = await explain(who)
    expect([who, code, out.split('\n')[0]]).toEqual([who, 0, `${she} is in buyers`])
  }
  expect(await explain('13900139000')).toMatchObject({ code: 2, complaint: expect.stringContaining('is nobody') })
  const several = await explain('wx-b')
  expect(several).toMatchObject({ code: 2, complaint: expect.stringContaining('leads to 2 people') })
  expect(several.complaint).toContain(other)
  const { rows } = await db.pool.query('SELECT DISTINCT action FROM audit WHERE subject = $1 ORDER BY 1', [she])
  expect(rows).toEqual([{ action: 'customer-found' }, { action: 'segment-explained' }])
}, 60_000)

test('`check --data` warns of segments that nobody or everybody is in, and is no failure for that', async () => {
  const check = async (...words: string[]) => {
    const { code, out } = await run('check', '--json', ...words)
    const findings = (JSON.parse(out) as Finding[]).filter(({ file }) => file === 'segments.yaml')
    return { code, findings: findings.map(({ severity, message }) => `${severity}: ${message}`) }
  }
  expect(await check()).toEqual({ code: 0, findings: [] })
  expect(await check('--data')).toEqual({
    code: 0,
    findings: ['warning: everybody is in the segment known now', 'warning: nobody is in the segment big now'],
  })
  const plain = await run('check', '--data')
  expect(plain.out).toContain('nobody is in the segment big now')
}, 60_000)

test('`check --data` tells of errors in segments instead, and needs no database for that', async () => {
  content.write({ 'segments.yaml': 'segments:\n  - { id: odd, title: Odd, rule: { ordrs: {} } }\n' })
  const { code, out } = await command(['check', '--data', '--json'], {
    CONTENT_DIR: content.dir,
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere',
  })
  expect(code).toBe(1)
  expect((JSON.parse(out) as Finding[]).filter(({ file }) => file === 'segments.yaml')).toMatchObject([
    { severity: 'error' },
  ])
}, 60_000)
