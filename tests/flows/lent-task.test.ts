/** A journey gives an adviser something to do: she reads what, and the customer nothing of it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handoffSlice } from '../../src/domains/handoff/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Effect, OpenTask, ScheduleEvent } from '../../src/kernel/effect.ts'
import { durableJobs } from '../../src/kernel/jobs.ts'
import { silentLog } from '../../src/kernel/log.ts'
import type { Traveller } from '../../src/kernel/slice.ts'
import type { Work } from '../../src/kernel/work.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'

const { steps = {}, applies = {}, events = {} } = handoffSlice([])

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad()
  await road.bind('su')
  await road.bind('lin')
})
afterAll(() => road.stop())

const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)

/** Somebody who has asked something, and was answered: her contact, and her id. */
async function known(): Promise<{ she: string; id: string }> {
  const she = road.customer()
  await say(she, '多久发货')
  await road.told(she, '两天之内')
  const [row] = await road.rows(`SELECT customer_id FROM identity WHERE contact_id = '${she}'`)
  return { she, id: String(row?.['customer_id']) }
}

function stepped(customerId: string, written: object): OpenTask[] {
  const step = steps['task']
  const traveller: Traveller = { personId: customerId, customerId, journey: 'care', key: randomUUID(), data: {} }
  const on = { content: {} as Content, now: systemClock.now() }
  return (step?.effects(step.schema.parse(written), traveller, on) ?? []) as OpenTask[]
}

/** What the route makes of the step, down to its jobs. */
async function give(tasks: readonly OpenTask[]): Promise<void> {
  const jobs = durableJobs({ pool: road.database.db.pool, clock: systemClock, log: silentLog })
  for (const task of tasks) {
    const further = await applies.OpenTask?.(task, { work: { now: systemClock.now() } } as never)
    await jobs.schedule.run(road.database.db.pool, [...(further ?? [])] as ScheduleEvent[])
  }
}

/** What follows from a task without anybody opening a case for it. */
async function follows(task: OpenTask): Promise<Effect[]> {
  const now = systemClock.now()
  const work = { db: road.database.db.pool, now } as unknown as Work
  const [scheduled] = (await applies.OpenTask?.(task, { work } as never)) as ScheduleEvent[]
  const { name, lock, payload } = scheduled!
  const event = {
    id: 1n,
    account: '',
    key: 'k',
    at: now,
    receivedAt: now,
    what: { kind: 'SliceEvent', name, lock, payload },
  }
  return (await events[name]?.({ event, work } as never)) ?? []
}

test('whoever knows about it reads what is to be done; she hears neither who comes nor that it is over', async () => {
  const { she, id } = await known()
  const [task] = stepped(id, { skill: '过敏', note: '回访：换季有没有泛红' })
  await give([task!, task!])
  const card = await road.told('lin', '要做的事：回访：换季有没有泛红')
  expect(card).toContain(she)
  const cases = await road.rows(`SELECT number, reason, evidence FROM handoff_case WHERE customer_id = '${id}'`)
  expect(cases).toMatchObject([
    { reason: 'journey-task', evidence: { note: '回访：换季有没有泛红', journey: 'care', skill: '过敏' } },
  ])
  const number = Number(cases[0]?.['number'])
  await say('lin', `接 #${number}`)
  await road.told('lin', '现在由你回')
  await say('lin', `#${number} 结`)
  await road.told('lin', `${she} 结单了`)
  expect(await road.all(she)).toHaveLength(1)
})

test('another task for her is one more reason for the open case, with what is to be done', async () => {
  const { she, id } = await known()
  await give(stepped(id, { skill: '过敏', note: '生日电话' }))
  await road.told('lin', '要做的事：生日电话')
  await give(stepped(id, { note: '问问面霜用完没有' }))
  await road.told('lin', '问问面霜用完没有')
  const [row] = await road.rows(`SELECT number FROM handoff_case WHERE customer_id = '${id}'`)
  await say('lin', `接 #${Number(row?.['number'])}`)
  await road.told('lin', `${she} 现在由你回`)
  await say('lin', '您好，面霜还有吗')
  // Once somebody has spoken with her she hears also that it is over.
  await road.told(she, '面霜还有吗')
  await say('lin', '结')
  await road.told('lin', `${she} 结单了`)
  expect((await road.all(she)).length).toBeGreaterThan(2)
})

test('who has never written is met where she became a friend, or in the group that she joined', async () => {
  const { pool } = road.database.db
  const [friend, member, nobody] = [randomUUID(), randomUUID(), randomUUID()]
  const [direct, room, thread] = [randomUUID(), randomUUID(), randomUUID()]
  await pool.query(
    `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at)
     SELECT id, id, '2026-01-01Z', '2026-01-01Z' FROM unnest($1::uuid[]) id`,
    [[friend, member, nobody]],
  )
  await pool.query(
    `INSERT INTO room (id, realm, room_id, topic, rule, first_seen_at) VALUES ($1, 'default', 'r', 'r', 'care', '2026-01-01Z')`,
    [room],
  )
  await pool.query(
    `INSERT INTO thread (id, kind, group_id, account, contact_id, customer_id, created_at)
     VALUES ($1, 'direct', NULL, 'main', 'f', $2, '2026-01-01Z'), ($3, 'group', $4, NULL, NULL, NULL, '2026-01-01Z')`,
    [direct, friend, thread, room],
  )
  await pool.query(
    `INSERT INTO membership (id, group_id, identity_id, customer_id, joined_at)
     SELECT gen_random_uuid(), $1, gen_random_uuid(), id, '2026-01-01Z' FROM unnest($2::uuid[]) id`,
    [room, [friend, member]],
  )
  const placeOf = (id: string) => follows(stepped(id, { note: '欢迎' })[0]!)
  expect(await placeOf(friend)).toMatchObject([{ kind: 'OpenCase', threadId: direct, customerId: friend }])
  expect(await placeOf(member)).toMatchObject([{ kind: 'OpenCase', threadId: thread, customerId: member }])
  expect(await placeOf(nobody)).toEqual([])
  await pool.query('UPDATE customer SET staff = id = $1, forgotten_at = CASE WHEN id = $2 THEN first_seen_at END', [
    friend,
    member,
  ])
  expect(await placeOf(friend)).toEqual([])
  expect(await placeOf(member)).toEqual([])
  await pool.query('UPDATE customer SET staff = false, forgotten_at = NULL')
})
