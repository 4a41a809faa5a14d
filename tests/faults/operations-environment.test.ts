/** The environment and the command line: wrong values are one clear list and exit code 2, odd ones do not matter. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf } from './stage.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'zhanggui-environment-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Ran = { code: number; out: string; err: string }

function run(words: string[], env: Record<string, string> = {}): Promise<Ran> {
  const { PATH, HOME } = process.env
  const options = {
    env: { PATH, HOME, DATA_DIR: folder, HEALTH_PORT: 'off', DESK_PORT: 'off', ...env },
    timeout: 60_000,
  }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...words], options, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}

const account = {
  WECHATY_PUPPET_SERVICE_TOKEN: 'insecure_nobody',
  WECHATY_PUPPET_SERVICE_ENDPOINT: '127.0.0.1:1',
  WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
}

test('everything that is wrong in the environment is listed at once, with what was expected, and ends with 2', async () => {
  const { code, err, out } = await run(['start'], {
    ...account,
    DATABASE_URL: 'mysql://127.0.0.1/shop',
    WECHATY_PUPPET_SERVICE_ENDPOINT: 'nowhere',
    LOG_LEVEL: 'loud',
    ALARM_WEBHOOK_URL: 'mail me',
    HEALTH_PORT: '123456',
    DESK_PORT: 'any',
    DESK_URL: 'http://desk.example.com',
    WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'perhaps',
  })
  expect(code).toBe(2)
  expect(out).toBe('')
  for (const name of [
    'DATABASE_URL',
    'WECHATY_PUPPET_SERVICE_ENDPOINT',
    'LOG_LEVEL',
    'ALARM_WEBHOOK_URL',
    'HEALTH_PORT',
    'DESK_PORT',
    'DESK_URL',
    'WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT',
  ]) {
    expect(err).toMatch(new RegExp(`^ {2}${name}: expected .+`, 'm'))
  }
  expect(err).not.toContain('    at ')
  expect(err).not.toContain(account.WECHATY_PUPPET_SERVICE_TOKEN)
})

test.each([
  ['a port where nobody listens', 'postgresql://somebody:secret-word@127.0.0.1:1/shop'],
  ['a host that does not exist', 'postgresql://somebody:secret-word@nobody.invalid:5432/shop'],
])('DATABASE_URL with %s ends with 2 and says so, without the password', async (_, DATABASE_URL) => {
  const { code, err } = await run(['start'], { ...account, DATABASE_URL })
  expect(code).toBe(2)
  expect(err).toContain('DATABASE_URL leads nowhere')
  expect(err).not.toContain('secret-word')
})

test('without a token «start» says what to set and offers the demo, also when every variable is there and empty', async () => {
  const empty = Object.fromEntries(
    [...Object.keys(account), 'DATABASE_URL', 'CONTENT_DIR', 'LOG_LEVEL', 'ALARM_WEBHOOK_URL'].map((name) => [
      name,
      '',
    ]),
  )
  for (const env of [{}, empty]) {
    const { code, err } = await run(['start'], env)
    expect(code).toBe(2)
    expect(err).toContain('WECHATY_PUPPET_SERVICE_TOKEN')
    expect(err).toContain('npm run demo')
  }
})

test('a token that accounts.yaml names and the environment lacks ends with 2 and its name', async () => {
  const stage = await stageOfTest({ accounts: [{ name: 'first' }, { name: 'second' }], env: { SIMULATOR_TOKEN: '' } })
  const bot = stage.spawn()
  await until(() => bot.child.exitCode !== null, { within: 30_000, what: 'the bot has ended' })
  expect(bot.child.exitCode).toBe(2)
  expect(bot.printed.join('\n')).toContain('SIMULATOR_TOKEN')
})

test.each(['Asia/Kathmandu', 'Pacific/Chatham', 'Mars/Olympus'])('TZ=%s changes nothing', async (TZ) => {
  const asked = await run(['ask', '你们发什么快递', '--json'], { TZ })
  expect(asked).toEqual(await run(['ask', '你们发什么快递', '--json'], { TZ: 'UTC' }))
  expect(asked.code).toBe(0)
  if (TZ !== 'Mars/Olympus') return
  const stage = await stageOfTest({ questions: 1, env: { TZ } })
  await stage.start()
  await stage.simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
})

test.each([
  [['sell']],
  [['strat']],
  [['start', '--fast']],
  [['ask']],
  [['outbox', '--state', 'lost']],
  [['outbox', 'settle', 'one', 'sent']],
  [['outbox', 'settle', '1', 'perhaps']],
  [['new', 'poem']],
])('«%s» is wrong use: 2, and words on standard error', async (words) => {
  const { code, err, out } = await run(words)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err.trim()).not.toBe('')
  expect(err).not.toContain('    at ')
})

test('every command has --help, which ends with 0', async () => {
  const commands = [
    [],
    ...['start', 'demo', 'check', 'ask', 'content', 'new', 'import', 'outbox', 'status'].map((name) => [name]),
    ...[
      ['content', 'publish'],
      ['content', 'rollback'],
      ['import', 'faq'],
      ['outbox', 'settle'],
    ],
  ]
  for (const words of commands) {
    const { code, out } = await run([...words, '--help'])
    expect(code, words.join(' ')).toBe(0)
    expect(out, words.join(' ')).toContain('Usage: zhanggui')
  }
})

test('what is printed with --json is JSON and nothing else', async () => {
  const stage = await stageOfTest({ questions: 2 })
  for (const words of [
    ['check'],
    ['ask', questionOf(1)],
    ['status'],
    ['outbox'],
    ['content'],
    ['content', 'publish'],
  ]) {
    const { code, out } = await stage.zhanggui(...words, '--json')
    // There is nothing to go back to and nothing to settle yet.
    expect(code, words.join(' ')).toBe(words.includes('rollback') || words.includes('settle') ? 1 : 0)
    expect(() => void JSON.parse(out), words.join(' ')).not.toThrow()
  }
  const file = join(folder, 'questions.jsonl')
  writeFileSync(file, `\ufeff{"id":1,"q":"${questionOf(1)}"}\r\n\r\n{"id":"b","q":"\\u0000😀 {{ brand }}"}\n`)
  const { code, out } = await stage.zhanggui('ask', '--file', file)
  expect(code).toBe(0)
  const lines = out.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as { id: unknown })).toMatchObject([
    { id: 1, decision: 'answer' },
    { id: 'b', decision: 'none' },
  ])
})
