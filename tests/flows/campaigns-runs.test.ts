import { describe, expect, test } from 'vitest'
import { pauseDrop, resumeDrop, stopRuns } from '../../src/domains/campaigns/index.ts'
import { actOnBatches } from '../../src/app/campaign-acts.ts'
import { campaignStage, type CampaignStage, day, dropFile, hour, minute } from '../support/campaigns.ts'
import { idOf } from '../support/segment-rows.ts'

const slot = '2026-12-01T20:00:00+08:00'
const before = (ms: number): string => new Date(Date.parse(slot) - ms).toISOString()

/** A stage at a minute before the slot, ticked once, with the drop approved. */
async function readyStage(
  front: Record<string, string> = {},
  { customers = 5, body }: { customers?: number; body?: string } = {},
): Promise<CampaignStage> {
  const stage = await campaignStage({
    at: before(minute),
    customers,
    files: { 'campaigns/hello.md': dropFile('hello', front, body) },
  })
  await stage.approve('hello')
  await stage.tick()
  return stage
}

function countBy<T>(rows: readonly T[], keyOf: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + 1
  return counts
}

async function act(stage: CampaignStage, doing: typeof pauseDrop): Promise<void> {
  const now = stage.clock.now()
  await stage.db.transaction(async (tx) => {
    const { effects } = await doing({ db: tx, content: stage.content(), by: 'manager', now }, 'hello')
    await actOnBatches(tx, effects, now)
  })
}

describe('from the slot to the last recipient', () => {
  test('everybody in the segment gets it once, filled in for each, and the run ends', async () => {
    const stage = await readyStage({}, { customers: 45 })
    expect(await stage.runs()).toEqual([])
    await stage.pass(minute)
    await stage.sendAll()
    const sent = await stage.sent()
    expect(sent).toHaveLength(45)
    expect(new Set(sent.map(({ customerId }) => customerId)).size).toBe(45)
    expect(sent.find(({ customerId }) => customerId === idOf(7))?.text).toBe('顾客7，晚上好。')
    expect(await stage.runs()).toMatchObject([{ campaign: 'hello', state: 'done', audience: 45 }])
    expect(countBy(await stage.recipients(), ({ state }) => state)).toEqual({ sent: 45 })
    await stage.pass(day)
    await stage.sendAll()
    expect(await stage.sent()).toHaveLength(45)
  })

  test('the holdout gets nothing and is kept, and each variant has its share', async () => {
    const stage = await readyStage(
      { variants: '{ A: 50, B: 50 }', holdout: '30' },
      { customers: 200, body: '# A\n你好\n# B\n早上好' },
    )
    await stage.pass(minute)
    await stage.sendAll()
    const counts = countBy(await stage.recipients(), ({ variant, state, reason }) => `${variant} ${state} ${reason}`)
    expect(Object.keys(counts).sort()).toEqual(['A sent null', 'B sent null', 'null not-sent holdout'])
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(35)
    const texts = countBy(await stage.sent(), ({ text }) => text ?? '')
    expect(texts).toEqual({ 你好: counts['A sent null'], 早上好: counts['B sent null'] })
  })

  test('recipients are spread over the window, and nobody is early', async () => {
    const stage = await readyStage({ spread: '2h' }, { customers: 60 })
    await stage.pass(minute)
    await stage.sendAll()
    const first = (await stage.sent()).length
    await stage.pass(hour)
    await stage.sendAll()
    const half = (await stage.sent()).length
    await stage.pass(hour)
    await stage.sendAll()
    expect(first).toBeLessThan(5)
    expect(half).toBeGreaterThan(15)
    expect(half).toBeLessThan(45)
    expect(await stage.sent()).toHaveLength(60)
  })

  test('the night of who lives elsewhere is hers, and her message waits for her morning', async () => {
    const stage = await readyStage({ expires: '12h' }, { customers: 3 })
    const lives = `UPDATE customer SET profile = jsonb_build_object('province', $2::text) WHERE id = $1`
    await stage.rows(lives, [idOf(1), '澳大利亚 墨尔本'])
    await stage.rows(lives, [idOf(2), 'United Kingdom'])
    await stage.pass(minute)
    await stage.sendAll()
    const stateOf = async (n: number): Promise<string> => {
      const one = (await stage.sent()).find(({ customerId }) => customerId === idOf(n))
      return `${one?.state} ${one?.deferred}`
    }
    // It is 20:00 with us, noon in London, and 23:00 in Melbourne.
    expect([await stateOf(0), await stateOf(1), await stateOf(2)]).toEqual(['sent null', 'pending quiet', 'sent null'])
    await stage.pass(10 * hour)
    await stage.sendAll()
    expect(await stateOf(1)).toMatch(/^sent/u)
    const { at } = (await stage.sent()).find(({ customerId }) => customerId === idOf(1))!
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: 'Australia/Melbourne', timeStyle: 'short' }).format(at!)
    expect(there).toMatch(/^09:0\d$/u)
  })

  test('no more of a run wait in the outbox than settings say', async () => {
    const stage = await readyStage({}, { customers: 130 })
    await stage.pass(minute)
    await stage.tick()
    await stage.tick()
    expect((await stage.sent()).filter(({ state }) => state === 'pending')).toHaveLength(50)
    await stage.sendAll()
    expect((await stage.sent()).filter(({ state }) => state === 'sent')).toHaveLength(130)
  })

  test('who is nobody’s friend, is staff or had herself deleted gets nothing, each with the reason', async () => {
    const stage = await readyStage({}, { customers: 4 })
    await stage.rows(`UPDATE identity SET friend_of = '{}' WHERE contact_id = 'contact-0'`)
    await stage.rows(`DELETE FROM identity WHERE contact_id = 'contact-1'`)
    await stage.pass(minute)
    await stage.sendAll()
    const reasons = new Map(
      (await stage.recipients()).map(({ target, state, reason }) => [target, `${state} ${reason}`]),
    )
    expect(reasons.get(idOf(0))).toBe('not-sent stranger')
    expect(reasons.get(idOf(1))).toBe('not-sent no-identity')
    expect(reasons.get(idOf(2))).toBe('sent null')
  })

  test('groups by rule get one post each, and only those with enough members of the segment', async () => {
    const groups = `
groups:
  - { id: community, title: 群, match: { topics: ['青屿*'] } }
`
    const stage = await campaignStage({
      at: before(minute),
      customers: 6,
      files: {
        'groups.yaml': groups,
        'campaigns/hello.md': dropFile(
          'hello',
          { to: '{ groups: { rules: [community], members: { segment: everybody, atLeast: 3 } } }' },
          '大家晚上好',
        ),
      },
    })
    for (const [room, members] of [
      [1, [0, 1, 2]],
      [2, [3]],
    ] as const) {
      const id = idOf(900 + room)
      await stage.rows(
        `INSERT INTO room (id, realm, room_id, topic, rule, speaker, first_seen_at) VALUES ($1, 'default', $2, '青屿', 'community', 'main', now())`,
        [id, `room-${room}`],
      )
      await stage.rows(`INSERT INTO group_account (group_id, account, since) VALUES ($1, 'main', now())`, [id])
      await stage.rows(`INSERT INTO thread (id, kind, group_id, created_at) VALUES ($1, 'group', $2, now())`, [
        idOf(800 + room),
        id,
      ])
      for (const member of members) {
        await stage.rows(
          `INSERT INTO membership (id, group_id, identity_id, customer_id, joined_at)
           SELECT gen_random_uuid(), $1, id, customer_id, now() FROM identity WHERE contact_id = $2`,
          [id, `contact-${member}`],
        )
      }
    }
    await stage.approve('hello')
    await stage.tick()
    await stage.pass(minute)
    await stage.sendAll()
    expect(await stage.sent()).toMatchObject([{ threadId: idOf(801), text: '大家晚上好', state: 'sent' }])
    expect(await stage.runs()).toMatchObject([{ state: 'done', audience: 1 }])
  })
})

describe('the clock', () => {
  test('several processes that tick at once make one run of a slot and hand everybody over once', async () => {
    const stage = await readyStage({}, { customers: 45 })
    await stage.house.pass(minute)
    await Promise.all([stage.engine.tick(), stage.engine.tick(), stage.engine.tick()])
    await stage.house.quiet()
    await Promise.all([stage.tick(), stage.tick()])
    await stage.sendAll()
    expect(await stage.runs()).toHaveLength(1)
    expect(await stage.sent()).toHaveLength(45)
  })

  test('a house that slept over three slots runs the last one within its window, and says what it missed', async () => {
    const stage = await readyStage({ when: "{ cron: '0 20 * * *' }", late: '2h' })
    await stage.house.pass(2 * day + hour)
    await stage.tick()
    await stage.sendAll()
    expect((await stage.runs()).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'missed late',
      'missed late',
      'done null',
    ])
    expect(await stage.sent()).toHaveLength(5)
  })

  test('a slot that is too late is missed, and nobody gets anything', async () => {
    const stage = await readyStage({ late: '30m' })
    await stage.house.pass(minute + hour)
    await stage.tick()
    expect(await stage.runs()).toMatchObject([{ state: 'missed', reason: 'late' }])
    expect(await stage.sent()).toEqual([])
  })

  test('a clock that is put back runs no slot twice', async () => {
    const stage = await readyStage({ when: "{ cron: '0 20 * * *' }" })
    await stage.pass(2 * minute)
    await stage.sendAll()
    await stage.rows(`UPDATE campaign_clock SET looked_at = looked_at - interval '1 hour'`)
    await stage.tick()
    await stage.sendAll()
    expect(await stage.runs()).toHaveLength(1)
    expect(await stage.sent()).toHaveLength(5)
  })

  test('what was due before a drop was live is nobody’s miss', async () => {
    const stage = await campaignStage({
      at: new Date(Date.parse(slot) + minute).toISOString(),
      customers: 2,
      files: { 'campaigns/hello.md': dropFile('hello') },
    })
    await stage.tick()
    await stage.pass(minute)
    expect(await stage.runs()).toEqual([])
  })
})

describe('approval', () => {
  test('nothing goes out that nobody approved; with the word within the window it goes', async () => {
    const stage = await campaignStage({
      at: before(minute),
      customers: 3,
      files: { 'campaigns/hello.md': dropFile('hello') },
    })
    await stage.tick()
    await stage.pass(2 * minute)
    expect(await stage.runs()).toMatchObject([{ state: 'waiting' }])
    await stage.approve('hello')
    await stage.pass(minute)
    await stage.sendAll()
    expect(await stage.sent()).toHaveLength(3)
  })

  test('without a word in time the run is missed', async () => {
    const stage = await campaignStage({
      at: before(minute),
      customers: 3,
      files: { 'campaigns/hello.md': dropFile('hello') },
    })
    await stage.tick()
    await stage.pass(2 * minute)
    await stage.pass(3 * hour)
    expect(await stage.runs()).toMatchObject([{ state: 'missed', reason: 'not-approved' }])
    await stage.approve('hello')
    await stage.pass(minute)
    expect(await stage.sent()).toEqual([])
  })

  test('a file that was changed after its approval wants a new one, and then goes out as it is now', async () => {
    const stage = await readyStage()
    await stage.write({ 'campaigns/hello.md': dropFile('hello', {}, '改过的话') })
    await stage.pass(minute)
    expect(await stage.runs()).toMatchObject([{ state: 'waiting' }])
    await stage.approve('hello')
    await stage.pass(minute)
    await stage.sendAll()
    expect(new Set((await stage.sent()).map(({ text }) => text))).toEqual(new Set(['改过的话']))
  })

  test('an edit while the run goes out changes nothing of it', async () => {
    const stage = await readyStage({ spread: '1h' }, { customers: 40, body: '原来的话' })
    await stage.pass(10 * minute)
    await stage.sendAll()
    await stage.write({ 'campaigns/hello.md': dropFile('hello', { spread: '1h' }, '改过的话') })
    await stage.pass(hour)
    await stage.sendAll()
    expect(countBy(await stage.sent(), ({ text }) => text ?? '')).toEqual({ 原来的话: 40 })
  })

  test('a drop that is taken out of content before its word is withdrawn', async () => {
    const stage = await campaignStage({
      at: before(minute),
      customers: 1,
      files: { 'campaigns/hello.md': dropFile('hello') },
    })
    await stage.tick()
    await stage.pass(2 * minute)
    await stage.write({ 'campaigns/hello.md': dropFile('other', { when: '{ at: 2027-01-01 20:00 }' }) })
    await stage.pass(minute)
    expect(await stage.runs()).toMatchObject([{ state: 'missed', reason: 'withdrawn' }])
  })
})

describe('a manager’s hand', () => {
  test('paused in the middle nothing more leaves; resumed the rest does', async () => {
    const stage = await readyStage({}, { customers: 60 })
    await stage.pass(minute)
    expect(await stage.send(10)).toBe(10)
    await act(stage, pauseDrop)
    expect(await stage.sendAll()).toBe(0)
    await stage.pass(10 * minute)
    expect(await stage.sendAll()).toBe(0)
    await act(stage, resumeDrop)
    await stage.pass(minute)
    expect(await stage.sendAll()).toBe(50)
    expect(countBy(await stage.recipients(), ({ state }) => state)).toEqual({ sent: 60 })
  })

  test('stopped in the middle nobody else gets it, and each of them says why', async () => {
    const stage = await readyStage({}, { customers: 60 })
    await stage.pass(minute)
    await stage.send(10)
    await act(stage, stopRuns)
    await stage.pass(minute)
    expect(await stage.sendAll()).toBe(0)
    await stage.rows(`UPDATE outbox SET state = 'cancelled', reason = 'stopped' WHERE state = 'pending'`)
    await stage.pass(minute)
    expect(countBy(await stage.recipients(), ({ state, reason }) => `${state} ${reason}`)).toEqual({
      'sent null': 10,
      'not-sent stopped': 50,
    })
    expect(await stage.runs()).toMatchObject([{ state: 'stopped', reason: 'by-hand' }])
  })

  test('slots that come while a drop is paused are missed', async () => {
    const stage = await readyStage()
    await act(stage, pauseDrop)
    await stage.pass(minute)
    expect(await stage.runs()).toMatchObject([{ state: 'missed', reason: 'paused' }])
  })
})

describe('what keeps somebody from getting it', () => {
  test('an opt-out bites while it is queued, and the recipient says so', async () => {
    const stage = await readyStage({}, { customers: 3 })
    await stage.pass(minute)
    await stage.rows('UPDATE customer SET opted_out_at = $1 WHERE id = $2', [stage.clock.now(), idOf(1)])
    await stage.sendAll()
    const reasons = new Map(
      (await stage.recipients()).map(({ target, state, reason }) => [target, `${state} ${reason}`]),
    )
    expect(reasons.get(idOf(1))).toBe('not-sent opted-out')
    expect(reasons.get(idOf(0))).toBe('sent null')
  })

  test('while an adviser has the thread it waits, and goes when she is done', async () => {
    const stage = await readyStage({}, { customers: 2 })
    await stage.pass(minute)
    const until = new Date(stage.clock.now().getTime() + hour)
    await stage.rows('UPDATE thread SET silent_until = $1 WHERE customer_id = $2', [until, idOf(0)])
    await stage.sendAll()
    expect(countBy(await stage.recipients(), ({ state }) => state)).toEqual({ sent: 1, queued: 1 })
    await stage.pass(61 * minute)
    await stage.sendAll()
    expect(countBy(await stage.recipients(), ({ state }) => state)).toEqual({ sent: 2 })
  })

  test('of two drops on one day the more important reaches her, the other one says that she was capped', async () => {
    const stage = await campaignStage({
      at: before(minute),
      customers: 2,
      files: {
        'campaigns/hello.md': dropFile('hello', { priority: '20' }),
        'campaigns/sale.md': dropFile('sale', { priority: '80' }),
      },
    })
    await stage.approve('hello')
    await stage.approve('sale')
    await stage.tick()
    await stage.pass(minute)
    await stage.sendAll()
    for (let n = 0; n < 15; n += 1) {
      await stage.pass(hour)
      await stage.sendAll()
    }
    const runs = await stage.rows<{ campaign: string; state: string; reason: string | null }>(
      'SELECT c.campaign, r.state, r.reason FROM campaign_recipient r JOIN campaign_run c ON c.id = r.run_id ORDER BY 1, r.target',
    )
    expect(countBy(runs, ({ campaign, state, reason }) => `${campaign} ${state} ${reason}`)).toEqual({
      'hello not-sent capped': 2,
      'sale sent null': 2,
    })
  })

  test('in the night it waits for the morning', async () => {
    const stage = await readyStage({ when: '{ at: 2026-12-01 20:00 }', spread: '4h', expires: '1d' }, { customers: 40 })
    await stage.pass(minute)
    for (let n = 0; n < 20; n += 1) {
      await stage.sendAll()
      await stage.pass(hour)
    }
    await stage.sendAll()
    const hours = (await stage.sent()).map(({ at }) => ((at?.getUTCHours() ?? 0) + 8) % 24)
    expect(hours).toHaveLength(40)
    expect(hours.filter((hourOfDay) => hourOfDay >= 22 || hourOfDay < 9)).toEqual([])
    expect(hours.some((hourOfDay) => hourOfDay >= 9 && hourOfDay < 12)).toBe(true)
  })

  test('what could not leave before the run expires ends as expired', async () => {
    const stage = await readyStage({ expires: '1h' }, { customers: 70 })
    await stage.pass(minute)
    await stage.send(10)
    await stage.pass(2 * hour)
    await stage.sendAll()
    await stage.pass(minute)
    const counts = countBy(await stage.recipients(), ({ state, reason }) => `${state} ${reason}`)
    expect(counts).toEqual({ 'sent null': 10, 'not-sent expired': 60 })
    expect(await stage.runs()).toMatchObject([{ state: 'done' }])
  })
})

test('a segment that throws leaves the run to be tried again, raises an alarm, and in the end is missed', async () => {
  const stage = await readyStage()
  await stage.rows('ALTER TABLE customer RENAME COLUMN profiling_refused_at TO gone')
  await stage.pass(minute)
  expect(stage.alarms).toContain('campaign-audience')
  expect(await stage.runs()).toMatchObject([{ state: 'freezing' }])
  await stage.pass(3 * hour)
  await stage.rows('ALTER TABLE customer RENAME COLUMN gone TO profiling_refused_at')
  expect(await stage.runs()).toMatchObject([{ state: 'missed', reason: 'audience-failed' }])
})

test('an audience of nobody is a run that is done at once', async () => {
  const stage = await readyStage({}, { customers: 0 })
  await stage.pass(minute)
  await stage.pass(minute)
  expect(await stage.runs()).toMatchObject([{ state: 'done', audience: 0 }])
})
