/** `import orders` is killed at any instruction, and run again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { contentFolder } from '../support/content.ts'
import { testDatabase } from '../support/database.ts'
import { testKey } from '../support/secrets.ts'
import { until } from '../support/until.ts'

const { db, url } = await testDatabase()
const dir = mkdtempSync(join(tmpdir(), 'zhanggui-import-'))
const content = contentFolder()
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
  content.dispose()
})

const count = 40_000
const path = join(dir, 'orders.csv')

function importing(): ChildProcess {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const env = { ...process.env, DATABASE_URL: url, DATA_KEY: testKey, CONTENT_DIR: content.dir }
  return spawn(process.execPath, [main, 'import', 'orders', path, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function rowsDone(): Promise<number> {
  const { rows } = await db.pool.query<{ rows: bigint }>('SELECT rows FROM import_run')
  return Number(rows[0]?.rows ?? 0n)
}

test('killed over and over, an import ends with every order once and every problem told once', async () => {
  const lines = Array.from({ length: count }, (_, i) => {
    const amount = i % 1_000 === 7 ? '1e9' : `${i % 500}.50`
    return `E${i},2026-02-01 10:00:00,${amount},交易成功,${13_800_000_000 + (i % 9_000)},文一西路 ${i} 号`
  })
  writeFileSync(path, ['订单号,下单时间,实付金额,订单状态,手机号,收货地址', ...lines, ''].join('\n'))
  for (let kills = 0; kills < 3; kills++) {
    const before = await rowsDone()
    const child = importing()
    await until(async () => (await rowsDone()) > before || child.exitCode !== null, { within: 60_000 })
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  expect(await rowsDone()).toBeLessThan(count)
  const last = importing()
  let said = ''
  last.stdout?.on('data', (text: Buffer) => (said += text.toString()))
  await once(last, 'close')
  expect(last.exitCode).toBe(1)
  const bad = count / 1_000
  expect(JSON.parse(said)).toMatchObject({ rows: count, added: count - bad, unchanged: 0, changed: 0, refused: bad })
  const { rows } = await db.pool.query<{ n: bigint; keys: bigint; sum: string }>(
    `SELECT (SELECT count(*) FROM orders) AS n, (SELECT count(*) FROM customer_key) AS keys,
            (SELECT sum(amount)::text FROM orders) AS sum`,
  )
  const cents = lines.reduce((sum, line, i) => (line.includes('1e9') ? sum : sum + (i % 500) * 100 + 50), 0)
  // Nine phones stand in bad rows alone.
  expect(rows).toEqual([{ n: BigInt(count - bad), keys: 8_991n, sum: (cents / 100).toFixed(2) }])
  const problems = readFileSync(`${path}.problems.csv`, 'utf8').trim().split('\n').slice(1)
  expect(problems.map((text) => text.split(',')[0])).toEqual(Array.from({ length: bad }, (_, i) => `${i * 1_000 + 9}`))
})
