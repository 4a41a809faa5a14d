/** The built pages in a real browser, under the desk's content policy, with a morning of fixtures behind them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { at, lines } from '../../support/desk-fixtures.ts'
import { type FakeDesk, openFakeDesk, pagesFolder } from '../../support/desk-fake.ts'
import { until } from '../../support/until.ts'

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const phone = { viewport: { width: 390, height: 844 } }
const firstLoadAtMost = 400_000

let browser: Browser
let desk: FakeDesk
/** What the browser refused or complained of. */
let complaints: string[]

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags })
})
beforeEach(async () => {
  desk = await openFakeDesk()
  complaints = []
  return () => desk.close()
})
afterAll(() => browser.close())

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  await page.goto(desk.url + path)
  return page
}

const box = (page: Page) => page.getByRole('textbox', { name: /^回复/ })

async function seriousOf(page: Page): Promise<string[]> {
  const found = await page.evaluate<string[]>(
    `(async () => { ${axe}; const { violations } = await window.axe.run();
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id) })()`,
  )
  return found
}

test.each(['light', 'dark'] as const)(
  'axe finds nothing serious in %s, and the policy refuses nothing',
  async (scheme) => {
    const page = await open('/cases/121', { colorScheme: scheme })
    await box(page).waitFor()
    expect(await seriousOf(page)).toEqual([])
    await page.getByRole('button', { name: '结单' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await seriousOf(page)).toEqual([])
    const small = await open('/cases/121', { colorScheme: scheme, ...phone })
    await box(small).waitFor()
    expect(await seriousOf(small)).toEqual([])
    desk.signedIn = false
    const door = await open('/', { colorScheme: scheme })
    await door.getByRole('textbox', { name: '名字' }).waitFor()
    expect(await seriousOf(door)).toEqual([])
    expect(complaints).toEqual([])
  },
)

test('a customer may be called anything: it is shown and never obeyed', async () => {
  const page = await open('/cases/119')
  await page.getByRole('heading', { level: 1, name: '<img src=x onerror' }).waitFor()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await page.title()).not.toBe('1')
})

test('Enter that ends the choosing of characters sends nothing; the next Enter sends once', async () => {
  const page = await open('/cases/121')
  await box(page).fill('你好')
  await box(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
  expect(await box(page).inputValue()).toBe('你好')
  await box(page).press('Shift+Enter')
  expect(desk.acts).toEqual([])
  await box(page).press('Enter')
  await until(() => desk.acts.length > 0)
  expect(desk.acts.map(({ body }) => body.act)).toEqual([{ act: 'say', text: '你好' }])
})

test('what is sent while the line is cut stays, and arrives once with the key that it had', async () => {
  const page = await open('/cases/121')
  await box(page).waitFor()
  desk.cut = true
  await box(page).fill('马上看')
  await box(page).press('Enter')
  await page.getByText('发送中').waitFor()
  desk.cut = false
  await page.locator('.line-adviser:not(.line-going)', { hasText: '马上看' }).waitFor()
  await until(async () => (await page.locator('.line-going').count()) === 0)
  expect(desk.acts).toHaveLength(1)
})

test('what she writes in a case of hers is for the customer, though the queue has not heard that she took it', async () => {
  const page = await open('/')
  await page.getByText('脸上又红又烫').waitFor()
  // In another window of hers; of this the stream says nothing yet.
  const taken = await fetch(`${desk.url}/api/cases/128/acts`, {
    ...{ method: 'POST', body: JSON.stringify({ key: 'k'.repeat(20), act: { act: 'accept' } }) },
  })
  expect(taken.status).toBe(200)
  await page.getByText('脸上又红又烫').click()
  await page.getByRole('heading', { level: 1, name: '小满' }).waitFor()
  await box(page).fill('我来了，先停用精华')
  await box(page).press('Enter')
  await until(() => desk.acts.length > 1)
  expect(desk.acts.map(({ body }) => body.act)).toEqual([{ act: 'accept' }, { act: 'say', text: '我来了，先停用精华' }])
})

test('a case that the stream tells of stands in the queue, and one that went away is gone', async () => {
  const page = await open('/')
  await page.getByText('脸上又红又烫').waitFor()
  desk.tell({
    kind: 'case',
    line: { ...lines[2]!, id: 'n', number: 140, lastWords: '有人在吗', openedAt: at(0) },
    entries: [],
  })
  await page.getByText('有人在吗').waitFor()
  desk.tell({
    kind: 'case',
    line: { ...lines[0]!, readable: false, state: 'owned', offeredTo: null, owner: 'su-su' },
    entries: [],
  })
  await until(async () => (await page.getByText('脸上又红又烫').count()) === 0)
})

test('a session that ends shows the way in, with a word why, and nothing of customers', async () => {
  const page = await open('/cases/121')
  await box(page).waitFor()
  desk.signedIn = false
  desk.tell({ kind: 'over' })
  await page.getByText('登录过期了').waitFor()
  expect(await page.getByText('阿宁').count()).toBe(0)
})

test('the token of a login link leaves the address before anything else is asked', async () => {
  desk.signedIn = false
  const page = await open(`/sign-in#link=${'t'.repeat(40)}`)
  await page.getByRole('textbox', { name: '名字' }).waitFor()
  expect(page.url()).toBe(`${desk.url}/sign-in`)
})

test('the first load of the inbox stays under 400 kB', async () => {
  const page = await open('/cases/121')
  await box(page).waitFor()
  const paths = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => /[.](js|css)$/.test(path))`,
  )
  expect(paths.length).toBeGreaterThan(2)
  const bytes = paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(pagesFolder, path))).length, 0)
  expect(bytes).toBeLessThan(firstLoadAtMost)
  console.info(`first load of the inbox: ${Math.round(bytes / 1_000)} kB gzipped in ${paths.length} files`)
})
