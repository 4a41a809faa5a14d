import { describe, expect, test } from 'vitest'
import { rehearse, type RehearsalOptions } from '../../src/app/rehearsal/index.ts'
import { differenceLines, differencesOf } from '../../src/app/rehearsal/diff.ts'
import { linesOf, personLines } from '../../src/app/rehearsal/text.ts'
import { pageOf } from '../../src/desk/rehearsal/page.ts'
import { UsageError } from '../../src/kernel/errors.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { campaignStage, type CampaignStage, dropFile } from '../support/campaigns.ts'
import { idOf } from '../support/segment-rows.ts'

/** Two drops that compete for one evening, one for nobody, one to be seen every morning. */
const files = {
  'segments.yaml': `
segments:
  - { id: everybody, title: 大家, rule: { consent: profiling } }
  - { id: nobody, title: 没有人, rule: { orders: { count: { min: 1000 } } } }
`,
  'campaigns/sale.md': dropFile('sale', { title: '大促', when: '{ at: 2026-12-02 20:00 }', priority: '80' }),
  'campaigns/hello.md': dropFile('hello', {
    title: '问候',
    when: '{ at: 2026-12-02 20:00 }',
    priority: '20',
    expires: '3h',
  }),
  'campaigns/empty.md': dropFile('empty', {
    title: '空的',
    when: '{ at: 2026-12-03 10:00 }',
    to: '{ segment: nobody }',
  }),
}

async function rehearsed(stage: CampaignStage, more: Partial<RehearsalOptions> = {}) {
  return rehearse({
    ...{ url: stage.url, content: stage.content(), secrets: stage.secrets, log: silentLog },
    ...{ from: '2026-12-01', days: 4, ceilings: new Map() },
    ...more,
  })
}

const everything = (stage: CampaignStage): Promise<unknown[]> =>
  stage.rows(`SELECT (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM campaign_run) AS runs,
    (SELECT count(*) FROM campaign_approval) AS approvals, (SELECT count(*) FROM inbox) AS inbox,
    (SELECT jsonb_agg(a) FROM account a) AS accounts`)

const databases = (stage: CampaignStage): Promise<unknown[]> =>
  stage.rows(`SELECT datname FROM pg_database WHERE datname LIKE 'zhanggui_rehearsal_${process.pid}%'`)

describe('a rehearsal', () => {
  test('tells what goes out when, who gets only one of two, and what reaches nobody; nothing real is changed', async () => {
    const stage = await campaignStage({ at: '2026-11-30T10:00:00+08:00', customers: 30, files })
    const before = await everything(stage)
    const { rehearsal, failures } = await rehearsed(stage)
    expect(failures).toEqual([])
    expect(rehearsal.runs).toMatchObject([
      { campaign: 'hello', audience: 30, needsApproval: true },
      { campaign: 'sale', audience: 30, outcomes: { sent: 30 } },
      { campaign: 'empty', audience: 0 },
    ])
    expect(rehearsal.runs[0]?.outcomes['sent']).toBeUndefined()
    expect(rehearsal.calendar).toMatchObject([{ day: '2026-12-02', source: 'drop:sale', sent: 30, persons: 30 }])
    expect(rehearsal.collisions).toMatchObject([{ day: '2026-12-02', one: 'drop:sale', other: 'drop:hello', lost: 30 }])
    expect(rehearsal.empty).toEqual(['drop:empty'])
    expect(rehearsal.perPerson).toEqual([{ messages: 1, persons: 30 }])
    expect(await everything(stage)).toEqual(before)
    expect(await databases(stage)).toEqual([])
    const text = linesOf(rehearsal).join('\n')
    expect(text).toContain('空的 reaches nobody.')
    expect(text).toContain('大促 is not approved yet.')
  })

  test('gives the same bytes each time, also as a page', async () => {
    const stage = await campaignStage({ at: '2026-11-30T10:00:00+08:00', customers: 12, files })
    const [one, other] = [await rehearsed(stage, { seed: 7 }), await rehearsed(stage, { seed: 7 })]
    expect(JSON.stringify(one.rehearsal)).toBe(JSON.stringify(other.rehearsal))
    expect(pageOf(one.rehearsal)).toBe(pageOf(other.rehearsal))
    expect(one.rehearsal.behaviour?.joins).toBeGreaterThan(0)
  })

  test('lets customers react alike each time, and newcomers be of the same variants, whoever is served first', async () => {
    const daily = dropFile('daily', { when: "{ cron: '0 12 * * *' }", holdout: '50', to: '{ segment: bought }' })
    const silent =
      '- { id: silent, title: 好久不见, trigger: { silent: { days: 30 } }, purpose: marketing, steps: [{ send: 您好 }, { wait: 1d }, { send: 又是我 }] }'
    const bought = 'segments:\n  - { id: bought, title: 都算, rule: { consent: marketing } }\n'
    const stage = await campaignStage({
      ...{ at: '2026-11-30T10:00:00+08:00', customers: 240 },
      files: { 'segments.yaml': bought, 'campaigns/daily.md': daily, 'journeys/silent.yaml': silent },
    })
    const rounds = [await rehearsed(stage, { seed: 11 }), await rehearsed(stage, { seed: 11 })]
    const [one, other] = rounds.map(({ rehearsal }) => JSON.stringify(rehearsal))
    expect(one).toBe(other)
    expect(rounds[0]?.rehearsal.behaviour?.replies).toBeGreaterThan(20)
  })

  test('tells one person’s days: what she gets, and why not the rest', async () => {
    const stage = await campaignStage({ at: '2026-11-30T10:00:00+08:00', customers: 3, files })
    const { person } = await rehearsed(stage, { customerId: idOf(1) })
    const lines = personLines(person!, 'Asia/Shanghai').join('\n')
    expect(lines).toMatch(/大促 {2}gets it\n {4}顾客1，晚上好。/)
    expect(lines).toMatch(/问候 {2}cancelled: \S+/)
  })

  test.each([idOf(9_999), 'nobody'])(
    'says of %s that there is no such customer, before it copies anything',
    async (customerId) => {
      const stage = await campaignStage({ at: '2026-11-30T10:00:00+08:00', customers: 3, files })
      const refused = rehearsed(stage, { customerId, progress: () => expect.unreachable() })
      await expect(refused).rejects.toThrow(UsageError)
      await expect(refused).rejects.toThrow(
        `There is no customer ${customerId}. Find her with: zhanggui customers find`,
      )
    },
  )

  test('takes with it neither phones nor what anybody wrote', async () => {
    const stage = await campaignStage({ at: '2026-11-30T10:00:00+08:00', customers: 1, files })
    await stage.rows(`UPDATE customer SET profile = '{"name": "林", "phone": "13800001234"}'`)
    const { copySnapshot } = await import('../../src/app/rehearsal/snapshot/repo.ts')
    const { testDatabase } = await import('../support/database.ts')
    const target = await testDatabase()
    await copySnapshot(stage.url, target.url)
    const { rows } = await target.db.pool.query('SELECT profile FROM customer')
    expect(rows).toEqual([{ profile: { name: '林' } }])
  })

  test('says what changes when the saved folder goes live', async () => {
    const stage = await campaignStage({ at: '2026-11-30T10:00:00+08:00', customers: 5, files })
    const before = await rehearsed(stage)
    await stage.write({ 'campaigns/hello.md': dropFile('hello', { title: '问候', when: '{ at: 2026-12-03 20:00 }' }) })
    const after = await rehearsed(stage)
    const lines = differenceLines(differencesOf(before.rehearsal, after.rehearsal), 'Asia/Shanghai')
    expect(lines).toEqual(['- 2026-12-02 20:00  问候  0 sent', '+ 2026-12-03 20:00  问候  5 sent'])
  })

  test('its page needs nothing from elsewhere, and shows no tag that somebody wrote', async () => {
    const stage = await campaignStage({
      at: '2026-11-30T10:00:00+08:00',
      customers: 2,
      files: {
        ...files,
        'campaigns/sale.md': dropFile('sale', {
          title: "'<img src=x onerror=alert(1)>'",
          when: '{ at: 2026-12-02 20:00 }',
        }),
      },
    })
    const page = pageOf((await rehearsed(stage)).rehearsal)
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img')
    expect(page).not.toMatch(/<[^>]+ (?:src|href)=/)
  })
})
