/** The demo as a person starts it, from the command line to the last process of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startModelStub } from '../support/model-stub.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

beforeAll(() => {
  // The name tells the next run's sweep (global-setup.ts) whose it was, should we be killed.
  folder = mkdtempSync(join(tmpdir(), `zhanggui-test-${process.pid}-`))
  chmodSync(folder, 0o755)
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const rest = { cites: ['return-how'], mood: 'calm', intent: 'faq', human: 'none', proposes: [] }
const voiced = { answer: '小程序「我的订单」里找到这一单，点「申请售后」选原因就行啦', ...rest }
const invented = { answer: '今天只要 1 元！', ...rest }

function demo(args: string[] = [], variables: Record<string, string> = {}): ChildProcess & { shown: Promise<string> } {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['src/main.ts', 'demo', ...args], {
    cwd: root,
    env: { PATH, HOME, DATA_DIR: folder, DESK_PORT: 'off', ...variables },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return Object.assign(child, { shown: text(child.stdout) })
}

/** Ids of processes with this folder in their command line: the demo's PostgreSQL, say. */
function livingIn(place: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid || !existsSync(`/proc/${pid}/cmdline`)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(place)
    } catch {
      return false // It has ended meanwhile.
    }
  })
}

test('content with errors is told, and nothing of the demo stays behind', async () => {
  const broken = join(folder, 'content')
  cpSync(join(root, 'content'), broken, { recursive: true })
  writeFileSync(join(broken, 'groups.yaml'), 'grups: []\n')
  const child = demo([], { CONTENT_DIR: broken })
  const [[code]] = await Promise.all([once(child, 'exit') as Promise<[number]>, child.shown])
  expect(code).toBe(2)
  expect(livingIn(folder)).toEqual([])
})

test('the scene plays to its end, also a second time on the same data', async () => {
  for (const round of [1, 2]) {
    const child = demo(['--scene'])
    const [[code], shown] = await Promise.all([once(child, 'exit') as Promise<[number]>, child.shown])
    expect(code, `round ${round}: ${shown}`).toBe(0)
    expect(shown.split('「不要个性化」').length - 1, 'the notice is read once').toBe(1)
    expect(shown).toContain('region=苏州市')
    expect(shown).toContain('is in east-skincare-active')
    expect(shown).toContain('我们对你的印象')
    expect(shown).not.toContain('流失')
  }
  expect(livingIn(folder)).toEqual([])
})

test('the demo prints one address, where the simulated WeChat is, until Ctrl+C', async () => {
  const child = demo([], { DESK_PORT: '0' })
  const ended = once(child, 'exit') as Promise<[number]>
  let seen = ''
  child.stdout?.on('data', (chunk: Buffer) => (seen += chunk.toString()))
  const addresses = (): string[] => seen.match(/http:\S+/gu) ?? []
  await until(() => addresses().length > 0, { within: 60_000, what: 'the address is printed' })
  expect(addresses()).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/simulator$/)])
  const page = await fetch(addresses()[0] ?? '')
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  expect(await page.text()).toContain('<script')
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  await until(() => livingIn(folder).length === 0, { what: 'nothing is left running' })
})

test('Ctrl+C ends the demo in the middle of its scene, and leaves nothing running', async () => {
  const child = demo(['--terminal'])
  const ended = once(child, 'exit') as Promise<[number]>
  let seen = ''
  child.stdout?.on('data', (chunk: Buffer) => (seen += chunk.toString()))
  await until(() => seen.includes('joined'), { within: 60_000, what: 'the scene has begun' })
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  await until(() => livingIn(folder).length === 0, { within: 30_000, what: 'nothing is left running' })
})

test('with a model the scene is told in its words, as far as they are grounded', async () => {
  const stub = await startModelStub()
  const { answer } = voiced
  stub.reply(({ question }) => (question.includes('退') ? voiced : invented))
  const child = demo(['--scene'], { OPENAI_API_KEY: stub.apiKey, OPENAI_BASE_URL: stub.baseUrl })
  const [[code], shown] = await Promise.all([once(child, 'exit') as Promise<[number]>, child.shown])
  await stub.close()
  expect(code, shown).toBe(0)
  expect(shown).toContain(answer)
  expect(shown).not.toContain('1 元')
  expect(shown).toContain('109 元')
})
