/** Two accounts in one group: one speaks (law 1), and when it is gone the other one does, also for what was missed. */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf, type Stage } from './stage.ts'

const room = 'room-care-1'
const options = {
  questions: 10,
  accounts: [{ name: 'first' }, { name: 'second' }],
  settings: { 'members.speakerFailover': '6s' },
}

/** Both accounts know that they are in the group. */
async function bothInside({ rows }: Stage): Promise<void> {
  await until(
    async () => {
      const inside = await rows(
        `SELECT 1 FROM group_account a JOIN room r ON r.id = a.group_id WHERE r.room_id = '${room}' AND a.left_at IS NULL`,
      )
      return inside.length === 2
    },
    { within: 30_000, what: 'both accounts are known to be in the group' },
  )
}

async function speakerOf({ rows }: Stage): Promise<string> {
  const [row] = await rows<{ speaker: string }>(`SELECT speaker FROM room WHERE room_id = '${room}'`)
  return row?.speaker ?? ''
}

test('two accounts in one group give one answer, whichever of them is mentioned', async () => {
  const stage = await stageOfTest(options)
  const { simulator } = stage
  await stage.start()
  await bothInside(stage)
  await simulator.say('customer-lin', questionOf(1), { room, mention: ['first'] })
  await simulator.say('customer-chen', questionOf(2), { room, mention: ['second'] })
  for (const n of [1, 2]) await stage.answered(n)
  await stage.settled()
  const speaker = await speakerOf(stage)
  for (const n of [1, 2]) expect(await stage.answersTo(n), `question ${n}`).toMatchObject([{ account: speaker }])
})

test('when the speaker’s line is dead the other account takes over, and answers once what was asked meanwhile', async () => {
  const stage = await stageOfTest(options)
  const { simulator } = stage
  await stage.start()
  await bothInside(stage)
  const speaker = await speakerOf(stage)
  const other = speaker === 'first' ? 'second' : 'first'
  await simulator.say('customer-lin', questionOf(1), { room, mention: [speaker] })
  await stage.answered(1)

  await simulator.act('stopServer', { account: speaker })
  await simulator.say('customer-chen', questionOf(2), { room, mention: [speaker] })
  const from = performance.now()
  await stage.answered(2, 30_000)
  expect(performance.now() - from).toBeLessThan(20_000)
  expect(await speakerOf(stage)).toBe(other)
  await simulator.act('startServer', { account: speaker })
  await simulator.say('customer-lin', questionOf(3), { room, mention: [other] })
  await stage.answered(3)
  await stage.settled()
  for (const n of [2, 3]) expect(await stage.answersTo(n), `question ${n}`).toMatchObject([{ account: other }])
})

test('when the speaker’s process is killed the other process takes over, and answers once what was asked meanwhile', async () => {
  const stage = await stageOfTest(options)
  const { simulator } = stage
  const bots = {
    first: await stage.start({}, ['--account', 'first']),
    second: await stage.start({}, ['--account', 'second']),
  }
  await bothInside(stage)
  const speaker = (await speakerOf(stage)) as keyof typeof bots
  const other = speaker === 'first' ? 'second' : 'first'
  await simulator.say('customer-lin', questionOf(1), { room, mention: [speaker] })
  await stage.answered(1)
  await stage.settled()

  await bots[speaker].kill9()
  await simulator.say('customer-chen', questionOf(2), { room, mention: [speaker] })
  await stage.answered(2, 30_000)
  expect(await speakerOf(stage)).toBe(other)
  await stage.start({}, ['--account', speaker])
  await simulator.say('customer-lin', questionOf(3), { room, mention: [speaker] })
  await stage.answered(3)
  await stage.settled()
  for (const n of [1, 2, 3]) expect(await stage.answersTo(n), `question ${n}`).toHaveLength(1)
})
