import { afterAll, describe, expect, test } from 'vitest'
import { csvOf, linesOf } from '../../src/app/campaign-report.ts'
import { serveLinks } from '../../src/app/links.ts'
import { type Sweep, sweepRetention } from '../../src/app/retention/index.ts'
import { lent } from '../../src/app/slices.ts'
import { countRecipients, listRuns, reportOf, type RunReport } from '../../src/domains/campaigns/index.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { campaignStage, type CampaignStage, day, dropFile, hour, minute } from '../support/campaigns.ts'
import { idOf } from '../support/segment-rows.ts'

const at = '2026-12-01T19:59:00+08:00'
const base = `
brand: { name: 青屿, zone: Asia/Shanghai }
privacy: { noticeOnContact: false }
campaigns: { links: { baseUrl: 'https://go.qingyu.cn' } }
`
const phone = { 'user-agent': 'Mozilla/5.0 (iPhone) MicroMessenger/8.0.50' }

async function sentStage(front: Record<string, string>, body: string, customers = 40): Promise<CampaignStage> {
  const stage = await campaignStage({
    at,
    customers,
    files: { 'settings.yaml': base, 'campaigns/hello.md': dropFile('hello', front, body) },
  })
  await stage.approve('hello')
  await stage.tick()
  await stage.pass(minute)
  await stage.sendAll()
  return stage
}

async function report(stage: CampaignStage): Promise<RunReport> {
  const [run] = await listRuns(stage.db.pool, { limit: 1 })
  return reportOf(stage.db, run!, {
    ...{ content: stage.content(), now: stage.clock.now(), goals: lent.goals, segments: ['everybody'] },
  })
}

const buys = (stage: CampaignStage, customer: string, when: Date): Promise<unknown> =>
  stage.rows(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
     VALUES ('main', gen_random_uuid()::text, $1, $1, $2, 100, 'paid', 'test', $2, $2)`,
    [customer, when],
  )

describe('a report', () => {
  test('counts who got it, who did what it aims at within its time, and compares with the holdout', async () => {
    const stage = await sentStage({ holdout: '30', goal: '{ order: {}, within: 1d }' }, '青屿的小屿：晚上好')
    const recipients = await stage.recipients()
    const sent = recipients.filter(({ state }) => state === 'sent')
    const held = recipients.filter(({ reason }) => reason === 'holdout')
    const soon = new Date(stage.clock.now().getTime() + hour)
    for (const { target } of sent.slice(0, 6)) await buys(stage, target, soon)
    await buys(stage, held[0]!.target, soon)
    await buys(stage, sent[10]!.target, new Date(stage.clock.now().getTime() + 2 * day))
    await stage.pass(3 * day)
    const { variants, cohorts, run } = await report(stage)
    expect(run).toMatchObject({ campaign: 'hello', state: 'done', audience: 40 })
    const [given, holdout] = [
      variants.find(({ variant }) => variant === 'A')!,
      variants.find(({ variant }) => variant === null)!,
    ]
    expect(given).toMatchObject({ sent: sent.length, waiting: 0, goal: { of: sent.length, count: 6 } })
    expect(holdout).toMatchObject({ recipients: held.length, sent: 0, goal: { of: held.length, count: 1 }, lift: null })
    expect(given.lift?.points).toBeCloseTo(6 / sent.length - 1 / held.length, 9)
    expect(cohorts).toEqual([{ segment: 'everybody', recipients: 40, sent: sent.length }])
  })

  test('says of those who did not get it why, and counts answers and opt-outs', async () => {
    const stage = await campaignStage({
      at,
      customers: 6,
      files: { 'campaigns/hello.md': dropFile('hello', {}, '青屿的小屿：晚上好') },
    })
    await stage.rows(`UPDATE identity SET friend_of = '{}' WHERE contact_id = 'contact-0'`)
    await stage.approve('hello')
    await stage.tick()
    await stage.pass(minute)
    await stage.rows('UPDATE customer SET opted_out_at = $2 WHERE id = $1', [idOf(1), stage.clock.now()])
    await stage.sendAll()
    const later = new Date(stage.clock.now().getTime() + hour)
    await stage.rows('UPDATE customer SET opted_out_at = $2 WHERE id = $1', [idOf(2), later])
    await stage.rows(
      `INSERT INTO message (id, thread_id, account, direction, customer_id, type, text, sent_at)
       SELECT gen_random_uuid(), thread_id, 'main', 'in', $1, 'text', '好', $2 FROM outbox WHERE customer_id = $1`,
      [idOf(3), later],
    )
    await stage.pass(day)
    const found = await report(stage)
    expect(found.variants).toMatchObject([
      { variant: 'A', sent: 4, notSent: { stranger: 1, 'opted-out': 1 }, replied: 1, optedOut: 1, goal: null },
    ])
    expect(linesOf(found, 'Asia/Shanghai').join('\n')).toContain('4 sent, 2 not sent (opted-out 1, stranger 1)')
    const [heads, line] = csvOf([found])
      .split('\r\n')
      .map((text) => text.split(','))
    expect(line?.[heads!.indexOf('sent')]).toBe('4')
  })

  test('outlives the links, the words and the names from which it was counted', async () => {
    const front = { holdout: '30', goal: '{ order: {}, within: 1d }', links: 'tracked' }
    const stage = await sentStage(front, '青屿的小屿：看看 https://qingyu.cn/winter 吧')
    const [first] = (await stage.recipients()).filter(({ state }) => state === 'sent')
    await buys(stage, first!.target, new Date(stage.clock.now().getTime() + hour))
    await stage.rows('UPDATE campaign_link SET clicked_at = created_at, clicks = 1 WHERE person_id = $1', [
      first!.target,
    ])
    await stage.pass(2 * day)
    const { variants, run } = await report(stage)
    expect(variants).toMatchObject([{ clicked: 1, goal: { count: 1 } }, { variant: null }])
    const counts = await countRecipients(stage.db.pool, [run.id])

    const sweptAfter = (days: number): Promise<Sweep> =>
      sweepRetention(stage.db, stage.content(), new Date(Date.parse(at) + days * day), { goals: lent.goals })
    expect(await sweptAfter(88)).toMatchObject({ links: 0, recipients: 0 })
    expect(await sweptAfter(91)).toMatchObject({ links: counts.get(run.id)!.sent, recipients: 0 })
    expect((await report(stage)).variants).toEqual(variants)
    expect(await sweptAfter(401)).toMatchObject({ recipients: 40 })
    expect(await stage.recipients()).toEqual([])
    expect(await report(stage)).toMatchObject({ variants, run })
    expect(await countRecipients(stage.db.pool, [run.id])).toEqual(counts)
    expect(await sweptAfter(402)).toMatchObject({ recipients: 0 })
  })

  test('a spreadsheet takes no cell for a formula', async () => {
    const stage = await sentStage({}, '青屿的小屿：晚上好', 1)
    const found = await report(stage)
    const csv = csvOf([{ ...found, run: { ...found.run, campaign: '=1+1' } }])
    expect(csv.split('\r\n')[1]).toMatch(/^'=1\+1,/)
  })
})

describe('tracked links', () => {
  let close: (() => Promise<void>) | undefined
  afterAll(() => close?.())

  test('each reader has an address of her own that leads on; only readers count, each once', async () => {
    const stage = await sentStage(
      { links: 'tracked', goal: '{ click: {} }' },
      '青屿的小屿：看看 https://qingyu.cn/winter 吧',
      3,
    )
    const texts = (await stage.sent()).map(({ text }) => text ?? '')
    const tokens = texts.map((text) => /https:\/\/go\.qingyu\.cn\/l\/([\w-]{22}) 吧/.exec(text)?.[1] ?? '')
    expect(new Set(tokens).size).toBe(3)
    const links = await serveLinks({
      ...{ port: 0, host: '127.0.0.1', db: stage.db, clock: stage.clock, log: silentLog },
      accept: (event) => stage.house.accept(event),
    })
    close = () => links.close()
    const visit = (token: string, headers: Record<string, string>, method = 'GET'): Promise<Response> =>
      fetch(`http://127.0.0.1:${links.port}/l/${token}`, { redirect: 'manual', headers, method })
    const seen = await visit(tokens[0]!, phone)
    expect([seen.status, seen.headers.get('location')]).toEqual([302, 'https://qingyu.cn/winter'])
    await visit(tokens[0]!, phone)
    await visit(tokens[1]!, { 'user-agent': 'Baiduspider' })
    await visit(tokens[2]!, phone, 'HEAD')
    expect((await visit('x'.repeat(22), phone)).status).toBe(404)
    expect((await visit('../health', phone)).status).toBe(404)
    expect((await visit(tokens[0]!, phone, 'POST')).status).toBe(405)
    await stage.house.quiet()
    await stage.pass(minute)
    expect(await stage.rows('SELECT clicks FROM campaign_link WHERE clicks > 0')).toEqual([{ clicks: 1 }])
    expect(await stage.rows('SELECT kind FROM interaction')).toEqual([{ kind: 'click' }])
    expect((await report(stage)).variants).toMatchObject([{ sent: 3, clicked: 1, goal: { of: 3, count: 1 } }])
  })
})
