/** Campaigns on the desk over real HTTP: who may, what is shown, what is approved, stopped, reported and rehearsed. */
import { describe, expect, test } from 'vitest'
import type {
  CampaignDetail,
  CampaignList,
  Proposal,
  RehearsalLine,
  RunReportLine,
} from '../../src/desk/campaigns-api.ts'
import type { CampaignsLent } from '../../src/desk/server/index.ts'
import { UsageError } from '../../src/kernel/errors.ts'
import { type CampaignDesk, campaignDesk } from '../support/campaign-desk.ts'
import { day, dropFile, hour, minute } from '../support/campaigns.ts'
import type { Answered } from '../support/desk-data.ts'
import { until } from '../support/until.ts'

const slot = '2026-12-01T20:00:00+08:00'
const before = (ms: number): string => new Date(Date.parse(slot) - ms).toISOString()
const body = '# A\n{{ name | default: "亲" }}，晚上好。\n# B\n新品到了，{{ name | default: "亲" }}。'
const hello = dropFile(
  'hello',
  { title: '问候', variants: '{ A: 50, B: 50 }', holdout: '20', goal: '{ click: {} }' },
  body,
)

async function opened(at = before(minute)): Promise<CampaignDesk> {
  return campaignDesk({ at, customers: 40, files: { 'campaigns/hello.md': hello } })
}
const listed = async ({ desk }: CampaignDesk): Promise<CampaignList> =>
  (await desk.get('boss', '/api/campaigns')).body as CampaignList
const proposed = async ({ desk }: CampaignDesk): Promise<Proposal> =>
  (await desk.get('boss', '/api/campaigns/hello/proposal')).body as Proposal
const act = ({ desk }: CampaignDesk, what: string, given: unknown = {}, id = 'hello'): Promise<Answered> =>
  desk.post('boss', `/api/campaigns/${id}/${what}`, given)

const groupOf = `WITH room AS (
    INSERT INTO room (id, realm, room_id, topic, rule, speaker, first_seen_at)
    VALUES (gen_random_uuid(), 'default', $1, '测试', $2, 'main', now()) RETURNING id
  ), ours AS (INSERT INTO group_account (group_id, account, since) SELECT id, 'main', now() FROM room)
  INSERT INTO thread (id, kind, group_id, created_at) SELECT gen_random_uuid(), 'group', id, now() FROM room`

describe('campaigns on the desk', () => {
  test('an adviser is refused everything, and it is written down', async () => {
    const { desk, stage } = await opened()
    const reads = ['', '/hello', '/hello/proposal', '/hello/runs/1', '/hello/runs/1/report.csv']
    for (const path of reads) {
      const { status, body } = await desk.get('lin', `/api/campaigns${path}`)
      expect({ path, status, body }).toMatchObject({ status: 403, body: { error: 'managers-only' } })
    }
    for (const what of ['approve', 'pause', 'resume', 'stop', 'preview'])
      expect((await desk.post('lin', `/api/campaigns/hello/${what}`, {})).status).toBe(403)
    expect((await desk.post('lin', '/api/rehearsals', {})).status).toBe(403)
    expect((await desk.get('lin', '/api/rehearsals/1/page')).status).toBe(403)
    const audit = await stage.rows(`SELECT subject FROM audit WHERE by = 'desk:lin' AND action = 'desk-refused'`)
    expect(audit).toContainEqual({ subject: 'page:/api/campaigns/:id/approve' })
    expect(await stage.rows('SELECT FROM campaign_approval')).toEqual([])
  })

  test('shows what is approved as it would be read, and takes a word for that and nothing else', async () => {
    const on = await opened()
    expect((await listed(on)).campaigns).toMatchObject([
      { id: 'hello', title: '问候', to: ['大家'], next: new Date(slot).toISOString(), approval: { state: 'needed' } },
    ])
    const seen = await proposed(on)
    expect(seen.variants.map(({ id, percent }) => [id, percent])).toEqual([
      ['A', 50],
      ['B', 50],
    ])
    expect(seen.variants[1]?.messages.join()).toMatch(/^新品到了，[^{}]+。$/u)

    await on.stage.write({ 'campaigns/hello.md': hello.replace('晚上好', '晚安') })
    const late = await act(on, 'approve', { fingerprint: seen.fingerprint })
    expect(late).toMatchObject({ status: 409, body: { error: 'campaign-changed' } })
    expect((await listed(on)).campaigns[0]?.approval.state).toBe('needed')

    const { fingerprint } = await proposed(on)
    expect(await act(on, 'approve', { fingerprint })).toMatchObject({ status: 200, body: { done: true } })
    expect((await listed(on)).campaigns[0]?.approval).toEqual({ state: 'approved', by: '周宁' })
    const audit = await on.stage.rows(`SELECT by FROM audit WHERE action = 'campaign-approved'`)
    expect(audit).toEqual([{ by: 'desk:boss' }])
  })

  test('refuses what it does not know, and words that are none', async () => {
    const on = await opened()
    expect((await on.desk.get('boss', '/api/campaigns/nothing')).status).toBe(404)
    expect((await on.desk.get('boss', '/api/campaigns/nothing/proposal')).status).toBe(404)
    expect((await on.desk.get('boss', '/api/campaigns/hello/runs/1')).status).toBe(404)
    for (const what of ['pause', 'stop', 'preview']) expect((await act(on, what, {}, 'nothing')).status).toBe(404)
    expect((await act(on, 'approve', { fingerprint: 'x' })).status).toBe(400)
    expect((await act(on, 'approve', { fingerprint: 'a'.repeat(64) })).status).toBe(409)
    expect((await act(on, 'pause', { force: true })).status).toBe(400)
    expect(await act(on, 'preview')).toMatchObject({ status: 409, body: { error: 'no-test-groups' } })
    const cookie = await on.desk.as('boss')
    const foreign = await fetch(`${on.desk.url}/api/campaigns/hello/stop`, {
      ...{ method: 'POST', body: '{}' },
      headers: {
        ...cookie,
        'content-type': 'application/json',
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      },
    })
    expect(foreign.status).toBe(403)
  })

  test('a preview is asked for in her name', async () => {
    const on = await opened()
    const settings = 'brand: { name: 青屿, zone: Asia/Shanghai }\ncampaigns: { testGroups: [staff] }\n'
    const groups = `groups:\n  - { id: staff, title: 自己人, match: { topics: ['测试*'] } }\n`
    await on.stage.write({ 'settings.yaml': settings, 'groups.yaml': groups })
    expect((await listed(on)).previews).toBe(true)
    // The bot is in no such group yet.
    expect(await act(on, 'preview')).toMatchObject({ status: 409, body: { error: 'no-test-groups' } })
    for (const room of ['bound', 'named']) await on.stage.rows(groupOf, [room, room === 'bound' ? 'staff' : null])
    expect((await act(on, 'preview')).status).toBe(200)
    expect(on.scheduled).toMatchObject([{ name: 'campaigns.preview', payload: { campaign: 'hello', by: 'desk:boss' } }])
  })

  test('a run is told in numbers, paused, let go on and stopped; whoever waits then gets nothing', async () => {
    const on = await opened()
    const { stage } = on
    await stage.approve('hello')
    await stage.tick()
    await stage.pass(minute)
    await stage.send(10)
    const last = (await listed(on)).campaigns[0]?.last
    expect(last).toMatchObject({ state: 'sending', audience: 40, sent: 10, unknown: 0 })
    expect(last!.sent + last!.waiting + last!.notSent + last!.holdout).toBe(40)

    expect(await act(on, 'pause')).toMatchObject({ body: { runs: 1 } })
    expect((await listed(on)).campaigns[0]).toMatchObject({
      paused: expect.any(String) as string,
      last: { paused: true },
    })
    expect(await stage.send()).toBe(0)
    expect(await act(on, 'resume')).toMatchObject({ body: { runs: 1 } })
    expect(await stage.send(5)).toBe(5)

    expect(await act(on, 'stop')).toMatchObject({ body: { runs: 1 } })
    expect(await stage.sendAll()).toBe(0)
    // As delivery does with those whose turn is stopped.
    await stage.rows(`UPDATE outbox SET state = 'cancelled', reason = 'stopped' WHERE state = 'pending'`)
    await stage.pass(minute)
    const { campaigns } = await listed(on)
    expect(campaigns[0]).toMatchObject({ open: 0, last: { state: 'stopped', reason: 'by-hand', sent: 15, waiting: 0 } })
  })

  test('what is gone from content can still be read and stopped', async () => {
    const on = await opened()
    await on.stage.approve('hello')
    await on.stage.tick()
    await on.stage.pass(minute)
    await on.stage.write({ 'campaigns/hello.md': hello.replace('title:', 'draft: true\ntitle:') })
    expect((await listed(on)).campaigns).toMatchObject([{ id: 'hello', title: '问候', gone: true, open: 1 }])
    expect((await act(on, 'pause')).status).toBe(404)
    expect(await act(on, 'stop')).toMatchObject({ status: 200, body: { runs: 1 } })
  })

  test('a run that waits for a word is said, and once it is missed that is said too', async () => {
    const on = await opened()
    await on.stage.tick()
    await on.stage.pass(minute)
    expect((await listed(on)).notices).toMatchObject([
      { kind: 'waiting', campaign: 'hello', until: new Date(Date.parse(slot) + 2 * hour).toISOString() },
    ])
    await on.stage.pass(3 * hour)
    expect((await listed(on)).notices).toMatchObject([{ kind: 'missed', campaign: 'hello', reason: 'not-approved' }])
    await on.stage.pass(15 * day)
    // Her session is over, too.
    const desk = await on.openDesk({})
    expect((await listed({ ...on, desk })).notices).toEqual([])
  })

  test('the report of a run by variant, also as CSV', async () => {
    const on = await opened()
    await on.stage.approve('hello')
    await on.stage.tick()
    await on.stage.pass(minute)
    await on.stage.sendAll()
    const { runs, line } = (await on.desk.get('boss', '/api/campaigns/hello')).body as CampaignDetail
    expect(line.last?.id).toBe(runs[0]?.id)
    const path = `/api/campaigns/hello/runs/${runs[0]?.id}`
    const report = (await on.desk.get('boss', path)).body as RunReportLine
    expect(report).toMatchObject({ title: '问候', goal: 'click', run: { state: 'done', audience: 40 } })
    expect(report.variants.map(({ variant }) => variant)).toEqual(['A', 'B', null])
    const [a, b, holdout] = report.variants
    expect(a!.sent + b!.sent + holdout!.notSent['holdout']!).toBe(40)
    expect(a!.goal).toMatchObject({ of: a!.sent, count: 0, low: 0 })
    expect(a!.goal!.high).toBeGreaterThan(0)
    expect(a!.lift).toMatchObject({ points: 0 })
    const csv = await on.desk.get('boss', `${path}/report.csv`)
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect(csv.headers.get('content-disposition')).toContain('hello-2026-12-01.csv')
    const lines = (csv.body as Buffer).toString('utf8').split('\r\n')
    expect(lines[0]).toMatch(/^\uFEFFcampaign,run,/u)
    expect(lines).toHaveLength(4)
    expect((await on.desk.get('boss', path.replace('hello', 'other'))).status).toBe(404)
  })
})

const wish = { from: '2026-12-01', days: 3, content: 'saved', seed: null }
/** Plays until it is told how to end. */
function heldRehearsal(): { rehearse: CampaignsLent['rehearse']; played: (() => void)[]; aborted: () => number } {
  const played: (() => void)[] = []
  let aborted = 0
  return {
    played,
    aborted: () => aborted,
    rehearse: (_, { progress, signal }) =>
      new Promise((resolve, reject) => {
        progress(0.4)
        played.push(() =>
          resolve({ pages: { zh: '<p>彩排</p>', en: '<p>Rehearsal</p>' }, differences: [], failures: [] }),
        )
        signal.addEventListener('abort', () => {
          aborted += 1
          reject(new Error('aborted'))
        })
      }),
  }
}

describe('rehearsals on the desk', () => {
  test('plays the real customers in a process of its own, and says what going live would change', async () => {
    const on = await opened()
    const { stage, desk } = on
    const begun = await desk.post('boss', '/api/rehearsals', wish)
    expect(begun.status).toBe(202)
    const { id } = begun.body as RehearsalLine
    const done = await until(
      async () => {
        const line = (await desk.get('boss', `/api/rehearsals/${id}`)).body as RehearsalLine
        return line.state !== 'playing' && line
      },
      { within: 80_000, every: 200, what: 'the rehearsal ends' },
    )
    expect(done).toMatchObject({ state: 'done', differences: [], failures: [] })
    const page = await desk.get('boss', `/api/rehearsals/${id}/page?lang=zh`)
    expect((page.body as Buffer).toString('utf8')).toContain('问候')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'self'; sandbox/)
    expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    const left = await stage.rows(`SELECT datname FROM pg_database WHERE datname LIKE 'zhanggui_rehearsal_%'`)
    expect(left).toEqual([])
  }, 120_000)

  test('one at a time: another manager waits, her own next one takes its place', async () => {
    const on = await opened()
    const held = heldRehearsal()
    const desk = await on.openDesk({ rehearse: held.rehearse })
    const first = (await desk.post('boss', '/api/rehearsals', wish)).body as RehearsalLine
    expect(first).toMatchObject({ state: 'playing', share: 0.4, wish })
    const refused = await desk.post('deputy', '/api/rehearsals', wish)
    expect(refused).toMatchObject({ status: 409, body: { error: 'rehearsal-busy' } })
    const second = (await desk.post('boss', '/api/rehearsals', { ...wish, seed: 7 })).body as RehearsalLine
    expect(held.aborted()).toBe(1)
    expect((await desk.get('boss', `/api/rehearsals/${first.id}`)).status).toBe(404)
    held.played[1]?.()
    await until(async () => {
      const line = (await desk.get('boss', `/api/rehearsals/${second.id}`)).body as RehearsalLine
      return line.state === 'done'
    })
  })

  test('one that is cancelled, or for which nobody asks any more, ends', async () => {
    const on = await opened()
    const held = heldRehearsal()
    const desk = await on.openDesk({ rehearse: held.rehearse })
    const { id } = (await desk.post('boss', '/api/rehearsals', wish)).body as RehearsalLine
    expect((await desk.post('boss', `/api/rehearsals/${id}/cancel`, {})).status).toBe(204)
    expect((await desk.get('boss', `/api/rehearsals/${id}`)).body).toMatchObject({ state: 'cancelled' })
    expect((await desk.get('boss', `/api/rehearsals/${id}/page`)).status).toBe(404)
    await desk.post('deputy', '/api/rehearsals', wish)
    for (let passed = 0; passed < 5 * minute; passed += minute) await on.stage.house.pass(minute)
    expect(held.aborted()).toBe(2)
  })

  test('what is wrong in the saved folder is told; the inside of anything else is not', async () => {
    const on = await opened()
    const failures = [
      new UsageError({ code: 'content-bad', message: 'campaigns/hello.md:3 no such segment' }),
      new Error('at /srv'),
    ]
    const desk = await on.openDesk({ rehearse: () => Promise.reject(failures.shift()!) })
    for (const message of ['campaigns/hello.md:3 no such segment', null]) {
      const { id } = (await desk.post('boss', '/api/rehearsals', wish)).body as RehearsalLine
      const line = await desk.get('boss', `/api/rehearsals/${id}`)
      expect(line.body).toMatchObject({ state: 'failed', message })
    }
    for (const wrong of [{ from: '2026-02-30' }, { days: 0 }, { days: 61 }, { content: 'other' }, { seed: -1 }])
      expect((await desk.post('boss', '/api/rehearsals', { ...wish, ...wrong })).status).toBe(400)
  })
})
