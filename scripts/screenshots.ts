/**
 * Takes the pictures of docs/pictures from a demo that it starts: `npm run screenshots`, with Chromium at CHROMIUM or where
 * Debian puts it. The customers, their words and the advisers are those of the example brand.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Bodies, World } from '../src/desk/simulator-api.ts'

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url))
const wide = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
/** At any hour somebody of the demo is on duty: the manager. */
const adviser = 'zhou-ning'

const demo = spawn(process.execPath, [program, 'demo'], { stdio: ['ignore', 'pipe', 'inherit'] })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
try {
  mkdirSync(folder, { recursive: true })
  await takeAll(browser, await addressOf(demo))
} finally {
  await browser.close()
  demo.kill('SIGINT')
}

/** The one address that the demo prints. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the demo says nothing')
  for await (const line of createInterface({ input: stdout })) {
    const found = /http:\S+\/simulator/u.exec(line)
    if (found) return found[0]
  }
  throw new Error('the demo ended before it was there')
}

async function takeAll(with_: Browser, address: string): Promise<void> {
  const open = async (options: BrowserContextOptions): Promise<Page> => {
    const context = await with_.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options })
    const page = await context.newPage()
    await page.goto(address)
    return page
  }
  const stage = await open({ viewport: wide })
  const say = sayOn(stage)
  const { rooms, people } = await readWorld(stage)
  const room = rooms[0]?.id ?? null
  const [first, second, third, fourth] = people.filter(({ part }) => part === 'customer').map(({ id }) => id)
  if (!first || !second || !third || !fourth) throw new Error('the demo has too few customers')

  await say({ from: second, room: null, text: '你们的面霜多久能发货呀' })
  await say({ from: fourth, room: null, text: '我要找人工，订单地址写错了' })
  await say({ from: first, room, text: '气死我了，快递五天没动，没人管吗', mention: true })
  await say({ from: third, room: null, text: '昨晚第一次用精华，脸颊泛红刺痛，今早还没退，怎么办' })

  const desk = await enter(await open({ viewport: wide }))
  await desk.locator('nav [data-case]').nth(2).waitFor()
  await desk.locator('nav [data-case]').filter({ hasText: '泛红' }).click()
  await desk.getByRole('main').getByRole('textbox').waitFor()
  await desk.screenshot({ path: `${folder}/inbox.png` })

  await desk.getByRole('button', { name: /接单|接管/u }).click()
  const takeOver = desk.getByRole('dialog').getByRole('button', { name: '接管' })
  if (await takeOver.isVisible()) await takeOver.click()
  const box = desk.getByRole('main').getByRole('textbox')
  await desk.getByText('接单').last().waitFor()
  await box.fill('先别担心，这款今天先停用，用清水洗掉。泛红的地方拍张照给我看看好吗？')
  await box.press('Enter')
  await desk.getByRole('log').getByText('已发出').last().waitFor()
  await say({ from: third, room: null, text: '好的，我拍一下。是不是不能用了？' })
  await desk.getByRole('log').getByText('是不是不能用了').waitFor()
  await desk
    .getByText('用这条')
    .first()
    .waitFor({ timeout: 15_000 })
    .catch(() => undefined)
  await desk.screenshot({ path: `${folder}/case.png` })

  const dark = await desk.context().newPage()
  await dark.emulateMedia({ colorScheme: 'dark' })
  await dark.goto(desk.url())
  await dark.getByRole('log').getByText('是不是不能用了').waitFor()
  await dark.screenshot({ path: `${folder}/case-dark.png` })

  const small = await enter(await open({ viewport: phone }))
  await small.goto(desk.url())
  await small.getByRole('log').getByText('是不是不能用了').waitFor()
  await small.screenshot({ path: `${folder}/case-phone.png` })

  await stage.reload()
  await stage.getByRole('navigation', { name: '扮演谁' }).waitFor()
  await stage.screenshot({ path: `${folder}/simulator.png` })
}

async function readWorld(page: Page): Promise<World> {
  return page.evaluate<World>(`fetch('/simulator/api/world').then((answer) => answer.json())`)
}

/** As one of the phones says it. */
function sayOn(page: Page): (words: Bodies['say']) => Promise<void> {
  return async (words) => {
    const asked = `{ method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(words))} }`
    const status = await page.evaluate<number>(`fetch('/simulator/api/say', ${asked}).then(({ status }) => status)`)
    if (status >= 400) throw new Error(`the simulated WeChat answers ${status}`)
  }
}

/** From the simulator's page to the desk, by a link that is good once. */
async function enter(page: Page): Promise<Page> {
  await page.evaluate(`location.assign('/simulator/api/desk?adviser=${adviser}')`)
  await page.getByRole('navigation', { name: '单子' }).waitFor()
  return page
}
