/** The simulator's page in a real browser, over the real wire. */
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WorldContact } from '../../../src/gateways/simulator/world.ts'
import { openPlayground, type PlaygroundDesk } from '../../support/playground.ts'
import { openRoad, type Road } from '../../support/runtime.ts'

const within = 20_000
const quiet = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'].map((what) => `--disable-${what}`)

let road: Road
let face: PlaygroundDesk
let browser: Browser
/** Everything that a page complained of or asked for elsewhere. */
const complaints: string[] = []

beforeAll(async () => {
  road = await openRoad({
    contentFiles: { 'faq/road.yaml': '- { id: ship, questions: [多久发货], answer: 两天之内发出。 }\n' },
  })
  const { simulator } = road.simulator
  simulator.world.putContact(WorldContact.parse({ id: 'adviser-lin', name: '林悦', title: '护肤' }))
  const advisers = new Map([['adviser-lin', 'lin']])
  face = await openPlayground(road, advisers)
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', ...quiet],
  })
}, 60_000)
afterAll(async () => {
  await browser.close()
  await face.close()
  await road.stop()
})

async function open(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(within)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (line) => {
    if (/content security policy/i.test(line.text())) complaints.push(line.text())
  })
  page.on('request', (asked) => {
    if (new URL(asked.url()).origin !== new URL(face.url).origin && !asked.url().startsWith('blob:'))
      complaints.push(asked.url())
  })
  await page.goto(face.url)
  return page
}

async function axeFindings(page: Page): Promise<string[]> {
  // By the debugger, which no content policy keeps out.
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[]
  }>(`(() => { const module = { exports: {} }; ${axe.source}; return (window.axe ?? module.exports).run() })()`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

const phone = (page: Page, side: '左' | '右'): Locator => page.getByRole('region', { name: new RegExp(`^${side}手机`) })

async function say(on: Locator, text: string): Promise<void> {
  await on.getByRole('textbox', { name: '说点什么' }).fill(text)
  await on.getByRole('button', { name: '发送', exact: true }).click()
}

/** One pixel, as a real PNG. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('one chooses a customer, asks, reads the bot’s answer, sends a picture, quotes and recalls', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } })
  const people = page.getByRole('navigation', { name: '扮演谁' })
  await people.getByRole('button', { name: /陈晨/ }).click()
  const mine = phone(page, '左')
  await mine.getByRole('heading', { name: '小屿' }).waitFor()

  await say(mine, '多久发货')
  await mine.getByText('两天之内发出').waitFor()

  await mine.locator('input[type=file]').setInputFiles({ name: '脸.png', mimeType: 'image/png', buffer: pixel })
  const picture = mine.getByRole('img', { name: '图片 脸.png' })
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(1)

  const answer = mine.getByRole('listitem').filter({ hasText: '两天之内发出' })
  await answer.hover()
  await answer.getByRole('button', { name: '引用' }).click()
  await say(mine, '谢谢啦')
  await mine.locator('.quoted').filter({ hasText: '小屿: 两天之内发出' }).waitFor()

  const thanks = mine.getByRole('listitem').filter({ hasText: '谢谢啦' })
  await thanks.hover()
  await thanks.getByRole('button', { name: '撤回' }).click()
  await mine.getByText('你撤回了一条消息').waitFor()
  expect(await mine.getByText('谢谢啦').count()).toBe(0)
  expect(await axeFindings(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFindings(page)).toEqual([])
}, 120_000)

test('what one person says in a group is unread with another, who reads it and answers', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } })
  const [left, right] = [phone(page, '左'), phone(page, '右')]
  await left.getByRole('combobox').selectOption('customer-liu')
  await right.getByRole('combobox').selectOption('customer-sun')
  await left.getByRole('button', { name: /护肤交流1群/ }).click()
  await say(left, '有人用过面霜吗')
  await right.getByRole('button', { name: /护肤交流1群.*1 条未读/ }).click()
  await right.getByText('有人用过面霜吗').waitFor()
  await right.getByRole('button', { name: /@小屿/ }).click()
  await say(right, '多久发货')
  await left.getByText('两天之内发出').waitFor()
}, 60_000)

test('on a real phone there is one phone; somebody new comes, and her name is never markup', async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  const name = '<img src=x onerror=1>'
  await page.getByRole('textbox', { name: '新顾客的名字' }).fill(name)
  await page.getByRole('button', { name: '添加', exact: true }).click()
  const mine = phone(page, '左')
  await mine.getByText('你们已经是好友了').waitFor()
  expect(await phone(page, '右').isVisible()).toBe(false)
  await mine.getByRole('button', { name: '返回' }).click()
  await mine.getByRole('button', { name: /^加入群聊 .*护肤交流1群/ }).click()
  await mine
    .getByText('你 加入了群聊')
    .or(mine.getByText(/邀请 你 加入了群聊/))
    .waitFor()
  await mine.getByText(`@${name}`).first().waitFor()
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(await axeFindings(page)).toEqual([])
}, 60_000)

test('the page speaks English when told to', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } })
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('region', { name: /^Left phone/ }).waitFor()
  expect(await page.evaluate('document.documentElement.lang')).toBe('en')
})

test('no page broke, and nothing was asked of any other machine', () => {
  expect(complaints).toEqual([])
})
