/** A manager's day with campaigns in a real browser: real routes, a real database, and the engine on the stage's clock. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { issueLink } from '../../../src/desk/server/index.ts'
import { openPage, type Seen, seriousFindings } from '../../support/browser.ts'
import { type CampaignDesk, campaignDesk } from '../../support/campaign-desk.ts'
import { dropFile, hour, minute } from '../../support/campaigns.ts'

const slot = Date.parse('2026-12-01T20:00:00+08:00')
const body = '# A\n{{ name | default: "亲" }}，晚上好。\n# B\n新品到了，{{ name | default: "亲" }}。'
const hello = dropFile(
  'hello',
  { title: '晚间问候', variants: '{ A: 50, B: 50 }', holdout: '20', goal: '{ click: {} }' },
  body,
)
/** A title that would run as markup, of a drop that comes too late for any run of this test. */
const later = dropFile('later', { title: `'<img src=x onerror="document.title=1">'`, when: '{ at: 2026-12-05 20:00 }' })
const settings = 'brand: { name: 青屿, zone: Asia/Shanghai }\ncampaigns: { testGroups: [staff] }\nlimits: { gap: 1m }\n'
const groups = `groups:\n  - { id: staff, title: 自己人, match: { topics: ['测试*'] } }\n`
const room = `WITH room AS (
    INSERT INTO room (id, realm, room_id, topic, rule, speaker, first_seen_at)
    VALUES (gen_random_uuid(), 'default', 'r', '测试', 'staff', 'main', now()) RETURNING id
  ), ours AS (INSERT INTO group_account (group_id, account, since) SELECT id, 'main', now() FROM room)
  INSERT INTO thread (id, kind, group_id, created_at) SELECT gen_random_uuid(), 'group', id, now() FROM room`

async function opened(at = slot - minute): Promise<CampaignDesk> {
  const files = { 'settings.yaml': settings, 'groups.yaml': groups, 'campaigns/hello.md': hello }
  const on = await campaignDesk({
    at: new Date(at).toISOString(),
    customers: 40,
    files: { ...files, 'campaigns/later.md': later },
  })
  await on.stage.rows(room)
  return on
}

/** By a link of the command line, on the page at `path`. */
async function signedIn(on: CampaignDesk, who: string, path: string, options: Parameters<typeof openPage>[0] = {}) {
  const seen = await openPage(options)
  const link = await issueLink(on.stage.db.pool, who, on.stage.clock.now())
  await seen.page.goto(`${on.desk.url}${link.path}`)
  await account(seen.page).waitFor()
  await seen.page.goto(`${on.desk.url}${path}`)
  return seen
}

const account = (page: Page): Locator => page.getByTitle(/的账号$|account$/)
const row = (page: Page, id: string): Locator => page.locator(`tr[data-campaign="${id}"]`)
const button = (at: Page | Locator, name: string): Locator => at.getByRole('button', { name, exact: true })
const isWider = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth')

async function blameless({ page, complaints }: Seen): Promise<void> {
  expect(await seriousFindings(page)).toEqual([])
  expect(complaints).toEqual([])
  expect(await page.title()).not.toBe('1')
}

describe('a manager', () => {
  test('previews, reads and approves a drop, holds it, lets it go on, stops it, and reads what it did', async () => {
    const on = await opened()
    const { stage } = on
    const seen = await signedIn(on, 'boss', '/campaigns')
    const { page } = seen
    await row(page, 'hello').getByText('要批准').waitFor()
    await row(page, 'later').getByText('<img src=x').waitFor()
    await blameless(seen)

    await button(row(page, 'hello'), '预览').click()
    await page.getByText('马上发到测试群').waitFor()
    expect(on.scheduled).toMatchObject([{ payload: { campaign: 'hello', by: 'desk:boss' } }])

    await button(row(page, 'hello'), '批准').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('版本 B（50%）').waitFor()
    await dialog.getByText(/^新品到了，[^{}]+。$/u).waitFor()
    await dialog.getByText('另有 20% 不发，用来对照').waitFor()
    await blameless(seen)
    // The file changes while she reads: her word is not for what it says now.
    await stage.write({ 'campaigns/hello.md': hello.replace('晚上好', '晚安') })
    await button(dialog, '批准').click()
    await page.getByText('文件刚刚改过，和您看到的不一样了。').waitFor()
    await dialog.getByText(/晚安/u).waitFor()
    expect(await stage.rows('SELECT FROM campaign_approval')).toEqual([])
    await button(dialog, '批准').click()
    await row(page, 'hello').getByText('周宁 已批准').waitFor()

    await stage.tick()
    await stage.pass(minute)
    await stage.send(10)
    await row(page, 'hello')
      .getByText(/^发出 10，等待 \d+，没发 \d+/u)
      .waitFor()
    await button(row(page, 'hello'), '暂停').click()
    await row(page, 'hello').getByText('暂停中').first().waitFor()
    expect(await stage.send()).toBe(0)
    await button(row(page, 'hello'), '继续').click()
    await button(row(page, 'hello'), '暂停').waitFor()
    expect(await stage.send(5)).toBe(5)

    await row(page, 'hello').getByRole('link', { name: '晚间问候' }).click()
    await page.getByRole('heading', { name: '晚间问候', level: 1 }).waitFor()
    await button(page, '立即停止').click()
    await page.getByText('还没收到的人不会再收到').waitFor()
    await button(page.getByRole('dialog'), '立即停止').click()
    await page.getByText('停止了 1 次投放').waitFor()
    await stage.rows(`UPDATE outbox SET state = 'cancelled', reason = 'stopped' WHERE state = 'pending'`)
    await stage.pass(minute)
    await page.getByText('停止了', { exact: true }).first().waitFor()
    await page.reload()
    await page.getByRole('columnheader', { name: '达到目标' }).waitFor()
    await page.getByRole('rowheader', { name: '对照组' }).waitFor()
    await page.getByText(/^发出 15/u).waitFor()
    await blameless(seen)

    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: '下载 CSV' }).click()
    expect((await downloading).suggestedFilename()).toBe('hello-2026-12-01.csv')
  }, 120_000)

  test('reads first what waits for her, and once it is missed, that it is', async () => {
    const on = await opened()
    await on.stage.tick()
    await on.stage.pass(minute)
    const seen = await signedIn(on, 'boss', '/campaigns')
    const notices = seen.page.getByRole('region', { name: '要留意的' })
    await notices.getByText(/「晚间问候」.*还在等批准，.* 前批准还来得及/u).waitFor()
    await on.stage.pass(3 * hour)
    await notices.getByText(/「晚间问候」.*这一次没有发/u).waitFor()
    await blameless(seen)
  }, 120_000)

  test('rehearses the saved folder: the calendar, and what going live would change', async () => {
    const on = await opened()
    const seen = await signedIn(on, 'boss', '/rehearsal')
    const { page } = seen
    expect(await page.getByLabel('从哪天起').inputValue()).toBe('2026-12-02')
    await page.getByLabel('从哪天起').fill('2026-12-01')
    await page.getByLabel('几天', { exact: true }).fill('6')
    await button(page, '开始彩排').click()
    await page.getByText('这些天里，上线以后什么都不会变。').waitFor({ timeout: 90_000 })
    const calendar = page.frameLocator('iframe.rehearsal')
    await calendar.getByText('晚间问候').first().waitFor()
    await blameless(seen)
  }, 180_000)

  test.each(['light', 'dark'] as const)(
    'has all of it on a phone in %s, nothing wider than the screen',
    async (colorScheme) => {
      const on = await opened()
      await on.stage.approve('hello')
      await on.stage.tick()
      await on.stage.pass(minute)
      await on.stage.sendAll()
      const seen = await signedIn(on, 'boss', '/campaigns', { colorScheme, viewport: { width: 375, height: 700 } })
      const { page } = seen
      for (const [path, words] of [
        ['/campaigns', '已批准'],
        ['/campaigns/hello', '下载 CSV'],
        ['/rehearsal', '开始彩排'],
      ] as const) {
        await page.goto(`${on.desk.url}${path}`)
        await page.getByText(words).first().waitFor()
        expect([path, await isWider(page)]).toEqual([path, false])
        await blameless(seen)
      }
    },
    120_000,
  )

  test('who reads English finds every word of it in English, but for her own content', async () => {
    const on = await opened()
    const seen = await signedIn(on, 'boss', '/campaigns', { locale: 'en-GB' })
    const { page } = seen
    await button(page, 'English').click()
    await row(page, 'hello').getByText('晚间问候').waitFor()
    const ours = ['晚间问候', '大家', '青屿', '周宁', '中文']
    for (const path of ['/campaigns', '/campaigns/hello', '/rehearsal']) {
      await page.goto(`${on.desk.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('.ant-spin').waitFor({ state: 'detached' })
      const text = ours.reduce((left, word) => left.replaceAll(word, ''), await page.locator('body').innerText())
      expect([path, /\p{Script=Han}+/u.exec(text)?.[0]]).toEqual([path, undefined])
    }
    await blameless(seen)
  }, 120_000)
})

describe('an adviser', () => {
  test('finds no way to campaigns, and behind their address nothing of them', async () => {
    const on = await opened()
    const seen = await signedIn(on, 'lin', '/')
    const { page } = seen
    expect(await page.getByRole('link', { name: /投放|彩排/u }).count()).toBe(0)
    for (const path of ['/campaigns', '/campaigns/hello', '/rehearsal']) {
      await page.goto(`${on.desk.url}${path}`)
      await page.getByText('这里只有主管能看。').waitFor()
      expect(await page.getByText('晚间问候').count()).toBe(0)
    }
  }, 120_000)
})
