/** The inbox in a real browser, with a real house and its wire behind it. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueLink } from '../../../src/desk/server/index.ts'
import { WorldContact } from '../../../src/gateways/simulator/world.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { openPage, type Seen, seriousFindings } from '../../support/browser.ts'
import { type HandoffRoad, openHandoffRoad } from '../../support/handoff.ts'
import { until } from '../../support/until.ts'

const always = '[{ days: daily, time: 0:00-24:00 }]'
const advisers = `
- { id: lin, name: 林悦, skills: [过敏], shifts: ${always} }
- { id: su, name: 苏苏, shifts: ${always} }
- { id: boss, name: 周宁, role: manager, shifts: ${always} }
`
let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': advisers }, env: { DESK_PORT: '0' } })
  await road.bind('lin')
  await road.bind('su')
})
afterAll(() => road.stop())

/** As markup it would run, as a name it is a name. */
const hostile = '<img src=x onerror="document.title=1">'
let people = 0
/** A friend of the account, of that name. */
async function somebody(name: string): Promise<string> {
  people += 1
  const id = `guest-${people}`
  road.simulator.simulator.world.putContact(WorldContact.parse({ id, name, stranger: true }))
  await road.simulator.act('requestFriendship', { from: id })
  const friends = `SELECT 1 FROM identity WHERE contact_id = '${id}' AND friend_of ? 'main'`
  await until(async () => (await road.rows(friends)).length > 0, { what: `${id} is a friend` })
  return id
}

/** By a link of the command line. */
async function signedIn(who: string, options: Parameters<typeof openPage>[0] = {}): Promise<Seen> {
  const seen = await openPage(options)
  const { path } = await issueLink(road.database.db.pool, who, systemClock.now())
  await seen.page.goto(`${road.runtime.desk}${path}`)
  await seen.page.getByRole('navigation', { name: '单子' }).waitFor()
  return seen
}

const inQueue = (page: Page, name: string): Locator => page.locator('nav [data-case]').filter({ hasText: name })
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })
const account = (page: Page, name: string): Locator => page.getByTitle(`${name}的账号`)
const box = (page: Page): Locator => page.getByRole('main').getByRole('textbox')
const talk = (page: Page): Locator => page.getByRole('log')

async function reply(page: Page, text: string): Promise<void> {
  await box(page).fill(text)
  await box(page).press('Enter')
}

test('she comes in with a code from her own WeChat, and out again; a wrong one opens nothing', async () => {
  const { page, complaints } = await openPage()
  await page.goto(`${road.runtime.desk}/`)
  await page.getByLabel('名字').fill('林悦')
  await button(page, '发验证码').click()
  const code = /登录口令 ([\w ]+)，/u.exec(await road.told('lin', '登录口令'))?.[1] ?? ''
  await page.getByLabel('验证码').fill('AAAA 2222')
  await button(page, '登录').click()
  await page.getByText('验证码不对').waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.getByLabel('验证码').fill(code)
  await button(page, '登录').click()
  await page.getByRole('navigation', { name: '单子' }).waitFor()
  await page.getByText('现在没有单子').waitFor()

  await account(page, '林悦').click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await page.getByText('已经退出。').waitFor()
  await page.goto(`${road.runtime.desk}/cases/1`)
  await page.getByRole('heading', { name: '登录工作台' }).waitFor()
  expect(complaints).toEqual([])
}, 120_000)

test('a case from the group to her mark: seen, taken, answered, tagged, noted, closed and rated', async () => {
  const she = await somebody(`${hostile}小雨`)
  const room = 'room-rain'
  await road.simulator.act('addRoom', { id: room, topic: `青屿护肤交流 9 群${hostile}`, members: ['main', she] })
  const { page, complaints } = await signedIn('lin')

  await road.simulator.say(she, '用了面霜全脸红肿', { room, mention: ['main'] })
  await inQueue(page, '小雨').click()
  await page.getByRole('heading', { name: '小雨' }).waitFor()
  await page.getByText('这单给您了，请接一下。').waitFor()
  await talk(page).getByText('用了面霜全脸红肿').waitFor()
  await page.keyboard.press('a')
  await road.told(she, '林悦')
  await talk(page).getByText('林悦 接单').waitFor()

  await reply(page, '别担心，先停用，拍张照给我看看')
  await road.told(she, '别担心，先停用，拍张照给我看看（林悦）')
  await talk(page).getByText('已发出').last().waitFor()
  await road.simulator.say(she, '好的 <script>document.title=2</script>')
  await talk(page).getByText('<script>document.title=2</script>').waitFor()
  const mistake = await road.simulator.say(she, '我的身份证是')
  await talk(page).getByText('我的身份证是').waitFor()
  await road.simulator.act('recall', { messageId: mistake })
  await talk(page).getByText('已撤回').waitFor()
  expect(await talk(page).getByText('我的身份证是').count()).toBe(0)

  await button(page, '加标签').click()
  const choice = page.getByRole('combobox', { name: '选一个标签' })
  await choice.fill('敏感肌')
  await page.keyboard.press('Enter')
  await page.getByText('要顾客自己回复「同意」才能记').waitFor()
  await button(page, '加标签').click()
  await choice.fill('高消费')
  await page.keyboard.press('Enter')
  const aside = page.getByRole('complementary', { name: '顾客资料' })
  await aside.getByRole('img', { name: '人工设的' }).waitFor()

  await page.getByText('备注', { exact: true }).click()
  await reply(page, '上个月也来问过一次')
  await talk(page).getByText('上个月也来问过一次').waitFor()
  expect((await road.all(she)).join()).not.toContain('上个月')
  expect(await seriousFindings(page)).toEqual([])

  await button(page, '结单').click()
  await page.getByRole('radio', { name: '已解决' }).check()
  await page.getByRole('dialog').getByRole('button', { name: '结单' }).click()
  await road.told(she, '1 到 5')
  await page.getByRole('status').getByText('这单已经结了').waitFor()
  await road.simulator.say(she, '5 很耐心')
  await page.getByText('顾客打了 5 分').waitFor()

  const inGroup = (await road.simulator.sends({ to: room })).map(({ text }) => text ?? '').join()
  expect(inGroup).not.toMatch(/红肿|过敏|林悦|#\d/u)
  expect(await page.title()).not.toMatch(/^[12]$/)
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(complaints).toEqual([])
}, 180_000)

test('two advisers take a case in the same moment: one has it, the other reads who was quicker', async () => {
  const [lin, su] = [await signedIn('lin'), await signedIn('su')]
  await account(lin.page, '林悦').click()
  await lin.page.getByRole('menuitem', { name: '先离开一会儿' }).click()
  await account(su.page, '苏苏').click()
  await su.page.getByRole('menuitem', { name: '先离开一会儿' }).click()
  await until(async () => (await road.rows('SELECT FROM adviser_state WHERE away')).length === 2)
  await road.simulator.say(await somebody('抢单的顾客'), '我要找真人')
  await Promise.all([lin, su].map(({ page }) => page.getByText('接了才能看').click()))
  // Neither click leaves its page before both have been made: the quicker one would take the other's button away.
  const clicked = Promise.withResolvers<void>()
  for (const { page } of [lin, su]) {
    await page.route('**/api/cases/*/acts', async (route) => {
      await clicked.promise
      await route.continue()
    })
  }
  for (const { page } of [lin, su]) await button(page, '接单').click()
  clicked.resolve()
  const refused = ({ page }: Seen, who: string): Promise<boolean> =>
    page
      .getByText(`${who} 已经接了这单。`)
      .waitFor({ timeout: 20_000 })
      .then(() => true)
  const loser = await Promise.any([refused(lin, '苏苏').then(() => su), refused(su, '林悦').then(() => lin)])
  await talk(loser.page).getByText('接单').waitFor()
  const number = /\d+$/u.exec(loser.page.url())?.[0] ?? ''
  const accepted = `SELECT FROM case_entry WHERE kind = 'accepted'
    AND case_id = (SELECT id FROM handoff_case WHERE number = ${number})`
  expect(await road.rows(accepted)).toHaveLength(1)
  expect([...lin.complaints, ...su.complaints]).toEqual([])
  for (const { page } of [lin, su]) {
    await account(page, page === lin.page ? '林悦' : '苏苏').click()
    await page.getByRole('menuitem', { name: '回来上班' }).click()
  }
  await until(async () => (await road.rows('SELECT FROM adviser_state WHERE away')).length === 0)
}, 120_000)

test('what is not hers is not there, and a manager who takes a case over is seen at once', async () => {
  const she = await somebody('安静的顾客')
  const lin = await signedIn('lin')
  await road.simulator.say(she, '全脸红肿了')
  await inQueue(lin.page, '安静的顾客').click()
  await button(lin.page, '接单').click()
  await road.told(she, '林悦')
  const number = new URL(lin.page.url()).pathname

  const su = await signedIn('su')
  expect(await inQueue(su.page, '安静的顾客').count()).toBe(0)
  await su.page.goto(`${road.runtime.desk}${number}`)
  await su.page.getByRole('heading', { name: '这张单子现在不归您看' }).waitFor()

  const boss = await signedIn('boss')
  await inQueue(boss.page, '安静的顾客').click()
  await button(boss.page, '接管').click()
  await boss.page.getByRole('dialog').getByRole('button', { name: '接管' }).click()
  await road.told(she, '周宁')
  await lin.page.getByText('这位顾客由 周宁 负责。').waitFor()
  expect(await lin.page.getByRole('radio', { name: '回复' }).isDisabled()).toBe(true)
  expect([...lin.complaints, ...su.complaints, ...boss.complaints]).toEqual([])
}, 120_000)

test('on a phone one pane is shown at a time, nothing is wider than it, and it passes axe', async () => {
  const { page, complaints } = await signedIn('boss', { viewport: { width: 375, height: 700 } })
  await page.locator('nav [data-case]').first().click()
  await box(page).waitFor()
  expect(await page.getByRole('navigation', { name: '单子' }).isVisible()).toBe(false)
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false)
  expect(await seriousFindings(page)).toEqual([])
  await button(page, '顾客资料').click()
  await page.getByRole('complementary', { name: '顾客资料' }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)
