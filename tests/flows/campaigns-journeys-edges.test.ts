/** Journeys where things cross: two processes, two who are one, what was said before, what waits in the outbox. */
import { describe, expect, test } from 'vitest'
import { cancelStopped } from '../../src/delivery/batches/repo.ts'
import { actOnBatches } from '../../src/app/campaign-acts.ts'
import { linkCustomers, unlinkCustomer } from '../../src/app/rights.ts'
import { lent, slices } from '../../src/app/slices.ts'
import {
  type Acted,
  enterDue,
  listJourneys,
  pauseJourney,
  stopJourney,
  walksDue,
} from '../../src/domains/campaigns/index.ts'
import type { Database } from '../../src/kernel/db.ts'
import { virtualJobs } from '../../src/kernel/jobs.ts'
import { campaignStage, type CampaignStage, day, hour, minute } from '../support/campaigns.ts'
import { idOf } from '../support/segment-rows.ts'
import { until } from '../support/until.ts'

const at = '2026-12-01T10:00:00+08:00'
const early = '2026-12-01T09:50:00+08:00'

const journey = (yaml: string): Record<string, string> => ({ 'journeys/test.yaml': yaml })

async function told(stage: CampaignStage, customer: number, kind: string, key: string): Promise<void> {
  const now = stage.clock.now()
  const personId = idOf(customer)
  const payload = { customerId: personId, personId, kind, at: now.toISOString(), source: key, data: {} }
  const what = { kind: 'SliceEvent' as const, name: 'members.shop-told', lock: [`customer:${personId}`], payload }
  await stage.house.accept({ account: '', key: `told:${key}`, at: now, what })
  await stage.house.quiet()
}

async function says(stage: CampaignStage, customer: number, text: string): Promise<void> {
  const now = stage.clock.now()
  const id = `message-${customer}-${now.getTime()}`
  const plain = { id, type: 'text' as const, text, sentAt: now.toISOString(), mentions: [], mentionsSelf: false }
  const sender = { id: `contact-${customer}`, name: 'x', kind: 'person' as const }
  const place = { kind: 'direct' as const, contactId: sender.id }
  const what = { kind: 'MessageReceived' as const, place, sender, message: plain }
  await stage.house.accept({ account: 'main', key: `message:${id}`, at: now, what })
  await stage.house.quiet()
}

async function buys(stage: CampaignStage, customer: number): Promise<void> {
  await stage.rows(
    `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, source, created_at, updated_at)
     VALUES ('main', $3, $1, $1, $2, 100, 'paid', 'test', $2, $2)`,
    [idOf(customer), stage.clock.now(), `no-${customer}`],
  )
}

const outbox = (stage: CampaignStage): Promise<{ text: string; state: string; reason: string | null }[]> =>
  stage.rows(
    `SELECT body ->> 'text' AS text, state, reason FROM outbox WHERE batch LIKE 'journey:%' ORDER BY created_at, id`,
  )

const texts = async (stage: CampaignStage): Promise<string[]> => (await outbox(stage)).map(({ text }) => text)

const enrolments = (
  stage: CampaignStage,
): Promise<{ person: string; cause: string; state: string; reason: string | null }[]> =>
  stage.rows(
    `SELECT person_id AS person, cause, state, reason FROM journey_enrolment ORDER BY entered_at, customer_id, cause`,
  )

async function walk(stage: CampaignStage, ms: number): Promise<void> {
  await stage.pass(ms)
  await stage.tick()
}

const partsOf = (stage: CampaignStage) => ({
  ...{ slices, secrets: stage.secrets, ids: stage.house.ids, jobs: virtualJobs(stage.clock) },
  ...{ now: stage.clock.now(), by: 'cli:test' },
})

const birthday = `
- id: birthday
  title: 生日
  trigger: { birthday: { at: '10:00' } }
  reentry: { after: 300d }
  steps: [{ wait: 1d }, { send: 青屿的小屿：生日过得好吗 }]
`

describe('two who turn out to be one', () => {
  test('of one birthday told of both the older goes on, and each has her own again when they part', async () => {
    const stage = await campaignStage({ at: early, customers: 2, files: journey(birthday) })
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-01"}' WHERE id = $1`, [idOf(0)])
    await stage.tick()
    await walk(stage, 30 * minute)
    // The second has been told of by the shop only now.
    await stage.rows(
      `INSERT INTO journey_enrolment (id, journey, fingerprint, cause, customer_id, person_id, step, due_at, entered_at)
       SELECT gen_random_uuid(), journey, fingerprint, cause, $1, $1, step, due_at + interval '1 hour', entered_at + interval '1 hour'
       FROM journey_enrolment`,
      [idOf(1)],
    )
    await linkCustomers(stage.db, partsOf(stage), idOf(0), idOf(1))
    const merged = await enrolments(stage)
    expect(merged.map(({ person, state, reason }) => [person, state, reason])).toEqual([
      [idOf(1), 'active', null],
      [idOf(1), 'exited', 'merged'],
    ])
    await unlinkCustomer(stage.db, partsOf(stage), idOf(0))
    expect(await enrolments(stage)).toEqual([
      { person: idOf(0), cause: 'birthday:2026', state: 'active', reason: null },
      { person: idOf(1), cause: 'birthday:2026', state: 'exited', reason: 'merged' },
    ])
  })

  test('who goes on is reached by what the other is known as', async () => {
    const stage = await campaignStage({ at: early, customers: 2, files: journey(birthday) })
    for (const one of [0, 1])
      await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-01"}' WHERE id = $1`, [idOf(one)])
    await stage.tick()
    await walk(stage, 30 * minute)
    await linkCustomers(stage.db, partsOf(stage), idOf(0), idOf(1))
    await walk(stage, 2 * day)
    expect(await texts(stage)).toEqual(['青屿的小屿：生日过得好吗'])
    expect((await enrolments(stage)).map(({ state, reason }) => `${state} ${reason}`).sort()).toEqual([
      'done null',
      'exited merged',
    ])
  })
})

describe('what she does', () => {
  test('before it is waited for is no answer to what is asked then', async () => {
    const stage = await campaignStage({
      at,
      customers: 1,
      files: journey(`
- id: care
  title: 关怀
  trigger: { event: { kind: delivered } }
  purpose: service
  steps:
    - wait: 2d
    - send: 用得怎么样？
    - waitFor: { did: { reply: {} }, within: 2d }
    - branch: [{ if: { did: { reply: {} } }, steps: [{ send: 谢谢你告诉我 }] }]
      else: [{ send: 那下次再聊 }]
`),
    })
    await told(stage, 0, 'delivered', 'a')
    await walk(stage, minute)
    await says(stage, 0, '包裹到了')
    for (let n = 0; n < 5; n += 1) await walk(stage, day)
    expect(await texts(stage)).toEqual(['用得怎么样？', '那下次再聊'])
  })
})

describe('two processes', () => {
  const many = 1_500

  /** A database whose commits wait for a word, and whose process is dead after the first chunk. */
  function dying(db: Database, mayCommit: Promise<void>): { db: Database; holds: Promise<void> } {
    const holding = Promise.withResolvers<void>()
    let inserted = 0
    const transaction: Database['transaction'] = (run) =>
      db.transaction(async (tx) => {
        if (inserted > 0) throw new Error('killed')
        const before = await tx.query<{ n: bigint }>('SELECT count(*) AS n FROM journey_enrolment')
        const result = await run(tx)
        const { rows } = await tx.query<{ n: bigint }>('SELECT count(*) AS n FROM journey_enrolment')
        inserted = Number(rows[0]!.n - before.rows[0]!.n)
        if (inserted > 0) {
          holding.resolve()
          await mayCommit
        }
        return result
      })
    return { db: { ...db, transaction }, holds: holding.promise }
  }

  test('look at once, and one of them dies half-way: everybody has entered, and once', async () => {
    const stage = await campaignStage({
      at: '2026-11-30T09:50:00+08:00',
      customers: many + 1,
      files: journey(birthday),
    })
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-01"}'`)
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-11-30"}' WHERE id = $1`, [idOf(many)])
    await stage.tick()
    await walk(stage, hour)
    await stage.house.pass(day)
    const now = stage.clock.now()
    const word = Promise.withResolvers<void>()
    const first = dying(stage.db, word.promise)
    const dead = enterDue(first.db, stage.content(), lent, now).catch((error: unknown) => error)
    await first.holds
    const other = enterDue(stage.db, stage.content(), lent, now)
    // It comes to what the first one holds, sooner or later.
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    await until(async () => (await stage.rows(waiting)).length > 0)
    word.resolve()
    await Promise.all([dead, other])
    await enterDue(stage.db, stage.content(), lent, new Date(now.getTime() + hour))
    expect(await stage.rows('SELECT count(*)::int AS n FROM journey_enrolment')).toEqual([{ n: many + 1 }])
  })

  test('tick at once: each of those whose time has come does each step once', async () => {
    const stage = await campaignStage({ at: early, customers: 40, files: journey(birthday) })
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-01"}'`)
    await stage.tick()
    for (const ms of [hour, day, hour]) {
      await stage.house.pass(ms)
      await Promise.all([stage.engine.tick(), stage.engine.tick(), stage.engine.tick()])
      await stage.house.quiet()
      await stage.tick()
    }
    expect(await texts(stage)).toHaveLength(40)
    expect(await stage.rows('SELECT state, count(*)::int AS n FROM journey_enrolment GROUP BY state')).toEqual([
      { state: 'done', n: 40 },
    ])
  })
})

describe('what waits to be sent', () => {
  const reminder = `
- id: refill
  title: 补货
  trigger: { event: { kind: refill } }
  exit: { did: { order: {} } }
  steps: [{ send: 青屿的小屿：精华还够用吗？不想收到这类消息，可回复「退订」 }, { wait: 5d }, { send: 青屿的小屿：再问一次 }]
- id: calm
  title: 别催
  trigger: { event: { kind: calm } }
  purpose: service
  steps: [{ stop: refill }]
`

  /** At night she is told nothing that she has not asked for: it waits for the morning. */
  async function waiting(): Promise<CampaignStage> {
    const stage = await campaignStage({ at: '2026-12-01T23:00:00+08:00', customers: 1, files: journey(reminder) })
    await told(stage, 0, 'refill', 'a')
    await walk(stage, minute)
    await stage.send()
    expect(await outbox(stage)).toMatchObject([{ state: 'pending' }])
    return stage
  }

  async function morning(stage: CampaignStage): Promise<void> {
    for (let n = 0; n < 12; n += 1) await walk(stage, hour)
    await stage.sendAll()
  }

  const act = async (stage: CampaignStage, effect: Acted['effects'][number]): Promise<void> => {
    await actOnBatches(stage.db.pool, [effect], stage.clock.now())
    await cancelStopped(stage.db.pool, stage.clock.now(), 100)
  }

  const acting = (stage: CampaignStage) => ({
    ...{ db: stage.db.pool, content: stage.content(), by: 'cli:test', now: stage.clock.now() },
  })

  test('is sent in the morning', async () => {
    const stage = await waiting()
    await morning(stage)
    expect(await outbox(stage)).toMatchObject([{ state: 'sent' }])
    expect(await listJourneys(stage.db.pool, stage.content())).toMatchObject([
      { id: 'refill', active: 1, messages: { sent: 1 } },
      { id: 'calm', active: 0, messages: {} },
    ])
  })

  test('is not sent any more when she has done what the journey is for', async () => {
    const stage = await waiting()
    await buys(stage, 0)
    await morning(stage)
    expect(await enrolments(stage)).toMatchObject([{ state: 'exited', reason: 'goal' }])
    expect(await outbox(stage)).toMatchObject([{ state: 'cancelled', reason: 'goal' }])
  })

  test('is not sent any more when another journey has ended it for her', async () => {
    const stage = await waiting()
    await told(stage, 0, 'calm', 'b')
    await morning(stage)
    expect(await enrolments(stage)).toMatchObject([{ state: 'exited', reason: 'stopped' }, { state: 'done' }])
    expect(await outbox(stage)).toMatchObject([{ state: 'cancelled', reason: 'stopped' }])
  })

  test('is held while the journey is paused, and goes when it is resumed', async () => {
    const stage = await waiting()
    await act(stage, await pauseJourney(acting(stage), 'refill', true))
    await morning(stage)
    expect(await outbox(stage)).toMatchObject([{ state: 'pending' }])
    await act(stage, await pauseJourney(acting(stage), 'refill', false))
    await stage.sendAll()
    expect(await outbox(stage)).toMatchObject([{ state: 'sent' }])
  })

  test('is not sent any more when somebody stops the journey', async () => {
    const stage = await waiting()
    const { people, effect } = await stopJourney(acting(stage), 'refill')
    expect(people).toBe(1)
    await act(stage, effect)
    await morning(stage)
    expect(await enrolments(stage)).toMatchObject([{ state: 'exited', reason: 'stopped' }])
    expect(await outbox(stage)).toMatchObject([{ state: 'cancelled', reason: 'stopped' }])
  })

  test('who opts out leaves within minutes, and gets nothing', async () => {
    const stage = await waiting()
    await says(stage, 0, '退订')
    await walk(stage, 15 * minute)
    expect(await enrolments(stage)).toMatchObject([{ state: 'exited', reason: 'opted-out' }])
    await morning(stage)
    expect(await outbox(stage)).toMatchObject([{ state: 'cancelled' }])
  })
})

describe('on the way', () => {
  const slow = journey(
    '- { id: slow, title: 慢, trigger: { event: { kind: slow } }, purpose: service, steps: [{ wait: 2d }, { send: 两天了 }] }\n',
  )

  test('who is woken for nothing goes on resting', async () => {
    const stage = await campaignStage({ at, customers: 1, files: slow })
    await told(stage, 0, 'slow', 'a')
    await walk(stage, minute)
    await stage.rows('UPDATE journey_enrolment SET due_at = $1', [stage.clock.now()])
    await walk(stage, hour)
    expect(await texts(stage)).toEqual([])
    await walk(stage, 2 * day)
    expect(await texts(stage)).toEqual(['两天了'])
  })

  test('a walk that was asked for before a pause does nothing, and is done when it is over', async () => {
    const stage = await campaignStage({ at, customers: 1, files: slow })
    await told(stage, 0, 'slow', 'a')
    await walk(stage, minute)
    await stage.house.pass(2 * day)
    const now = stage.clock.now()
    const asked = await walksDue(stage.db.pool, now)
    expect(asked).toHaveLength(1)
    const on = { db: stage.db.pool, content: stage.content(), by: 'cli:test', now }
    await pauseJourney(on, 'slow', true)
    for (const event of asked) await stage.house.accept(event)
    await stage.house.quiet()
    expect(await texts(stage)).toEqual([])
    await pauseJourney(on, 'slow', false)
    await walk(stage, 2 * hour)
    expect(await texts(stage)).toEqual(['两天了'])
  })

  test('whom nothing reaches goes on without the message, and it says why', async () => {
    const stage = await campaignStage({ at, customers: 2, files: slow })
    await stage.rows(`UPDATE identity SET friend_of = '{}' WHERE customer_id = $1`, [idOf(0)])
    await stage.rows('DELETE FROM identity WHERE customer_id = $1', [idOf(1)])
    for (const one of [0, 1]) await told(stage, one, 'slow', `a${one}`)
    await walk(stage, minute)
    await walk(stage, 2 * day)
    expect(await stage.rows(`SELECT outcome FROM journey_visit WHERE step = '2' ORDER BY 1`)).toEqual([
      { outcome: 'no-identity' },
      { outcome: 'stranger' },
    ])
    expect(await listJourneys(stage.db.pool, stage.content())).toMatchObject([
      { done: 2, messages: { 'no-identity': 1, stranger: 1 } },
    ])
  })

  test('nobody enters a paused journey, not even by way of another one', async () => {
    const stage = await campaignStage({
      at,
      customers: 1,
      files: journey(`
- { id: first, title: 一, trigger: { event: { kind: go } }, purpose: service, steps: [{ start: second }] }
- { id: second, title: 二, purpose: service, steps: [{ send: 第二条 }] }
`),
    })
    const on = () => ({ db: stage.db.pool, content: stage.content(), by: 'cli:test', now: stage.clock.now() })
    await pauseJourney(on(), 'second', true)
    await told(stage, 0, 'go', 'a')
    for (let n = 0; n < 3; n += 1) await walk(stage, minute)
    await pauseJourney(on(), 'second', false)
    await walk(stage, minute)
    expect(await stage.rows('SELECT journey, state FROM journey_enrolment')).toEqual([
      { journey: 'first', state: 'done' },
    ])
  })

  test('a journey without a trigger is entered by way of others, and spares who is in another one', async () => {
    const stage = await campaignStage({
      at,
      customers: 2,
      files: journey(`
- { id: first, title: 一, trigger: { event: { kind: go } }, purpose: service, steps: [{ start: second }] }
- { id: second, title: 二, purpose: service, entry: { unless: busy }, steps: [{ send: 第二条 }] }
- { id: busy, title: 忙, trigger: { event: { kind: busy } }, purpose: service, steps: [{ wait: 1d }] }
`),
    })
    await told(stage, 1, 'busy', 'b')
    await walk(stage, minute)
    for (const one of [0, 1]) await told(stage, one, 'go', `a${one}`)
    for (let n = 0; n < 3; n += 1) await walk(stage, minute)
    expect(
      await stage.rows(
        `SELECT person_id AS person, state, reason FROM journey_enrolment WHERE journey = 'second' ORDER BY 1`,
      ),
    ).toEqual([
      { person: idOf(0), state: 'done', reason: null },
      { person: idOf(1), state: 'refused', reason: 'entry' },
    ])
    expect(await texts(stage)).toEqual(['第二条'])
  })
})

test('the same people enter under the same ids, whoever keeps the books', async () => {
  const ids: string[][] = []
  for (let n = 0; n < 2; n += 1) {
    const stage = await campaignStage({ at: early, customers: 3, files: journey(birthday) })
    await stage.rows(`UPDATE customer SET profile = '{"birthday": "1990-12-01"}'`)
    await stage.tick()
    await walk(stage, hour)
    ids.push((await stage.rows<{ id: string }>('SELECT id FROM journey_enrolment ORDER BY id')).map(({ id }) => id))
  }
  expect(ids[0]).toHaveLength(3)
  expect(ids[1]).toEqual(ids[0])
})
