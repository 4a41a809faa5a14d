/** Cases that arise in a group: nothing of them is read there, and the bot is quiet for their customer alone. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WorldContact } from '../../src/gateways/simulator/world.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

const groups = `${readFileSync(new URL('../../content/groups.yaml', import.meta.url), 'utf8')}
  - { id: asked, title: 叫了才说的群, match: { topics: ['叫我*'] }, answer: mention, welcome: false }
`
const within = 20_000
const question = '多久发货'
const answer = '两天之内'
/** None of this may stand in a group: what it is about, what is said to her, who has it, its number. */
const hers = /红肿|过敏|马上来看|去叫|林悦|#\d|单子|停用|分钟/u

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad({ contentFiles: { 'groups.yaml': groups } })
  await road.bind('lin')
})
afterAll(() => road.stop())

/** `others` ask one after the other: nobody is answered the same twice within a minute. */
type Scene = { room: string; topic: string; she: string; others: string[] }
let rooms = 0

/** A group with her and other members in it; she is a friend of the account, or a stranger. */
async function scene({ friend }: { friend: boolean }): Promise<Scene> {
  rooms += 1
  const [room, topic, she] = [`room-${rooms}`, `叫我${rooms} 群`, `she-${rooms}`] as const
  const others = [1, 2].map((n) => `other-${rooms}-${n}`)
  for (const id of [she, ...others]) {
    road.simulator.simulator.world.putContact(WorldContact.parse({ id, name: id, stranger: true }))
  }
  await road.simulator.act('addRoom', { id: room, topic, members: ['main', she, ...others, 'lin'] })
  if (friend) await befriend(she)
  return { room, topic, she, others }
}

async function befriend(she: string): Promise<void> {
  await road.simulator.act('requestFriendship', { from: she })
  const friends = `SELECT 1 FROM identity WHERE contact_id = '${she}' AND friend_of ? 'main'`
  await until(async () => (await road.rows(friends)).length > 0, { within, what: 'she is a friend' })
}

/** Says something in the group, to us unless told otherwise, and is heard. */
async function say(who: string, text: string, room: string, { toUs = true } = {}): Promise<void> {
  const id = await road.simulator.say(who, text, { room, ...(toUs && { mention: ['main'] }) })
  const heard = `SELECT 1 FROM inbox WHERE handled_at IS NOT NULL AND what -> 'message' ->> 'id' = '${id}'`
  await until(async () => (await road.rows(heard)).length > 0, { within, what: `«${text}» is heard` })
}

/** What is read in a group, once another member has had an answer there after everything before. */
async function readIn({ room, others }: Scene): Promise<{ text: string; to: string | undefined }[]> {
  const lines = () => road.simulator.sends({ to: room })
  const other = others.shift() ?? ''
  await say(other, question, room)
  const answered = async (): Promise<boolean> =>
    (await lines()).some(({ mentionIds, text }) => mentionIds?.includes(other) && text?.includes(answer))
  await until(answered, { within, what: 'another member is answered' })
  return (await lines()).map(({ text, mentionIds }) => ({ text: text ?? '', to: mentionIds?.[0] }))
}

const numberIn = (card: string): string => /#\d+/u.exec(card)?.[0] ?? ''

async function resolve(number: string): Promise<void> {
  await road.simulator.say('lin', `${number} 结`)
  await road.told('lin', `${number} `)
  const open = `SELECT 1 FROM handoff_case WHERE closed_at IS NULL AND number = ${number.slice(1)}`
  await until(async () => (await road.rows(open)).length === 0, { within, what: `${number} is closed` })
}

test('a friend reads one neutral line in the group, and everything else directly; others are answered as ever', async () => {
  const here = await scene({ friend: true })
  const { room, topic, she } = here
  await say(she, '用了面霜全脸红肿', room)
  await road.told(she, '顾问马上来看')
  expect(await road.told(she, '分钟内')).toContain('5 分钟')
  const card = await road.told('lin', '全脸红肿')
  expect(card).toContain(topic)
  const number = numberIn(card)
  expect(
    await road.rows(`SELECT talk_thread_id IS NOT NULL AS talk FROM handoff_case ORDER BY number DESC LIMIT 1`),
  ).toEqual([{ talk: true }])

  // Nobody has it yet, and she is left to whoever comes.
  await say(she, question, room)
  await road.simulator.say('lin', '接')
  await road.told(she, '林悦')
  await say(she, '现在更痒了', room)
  expect(await road.told('lin', '更痒')).toContain(`（在群「${topic}」里说）：`)
  await say(she, '大家晚上好', room, { toUs: false })
  await road.told('lin', '大家晚上好')
  await road.simulator.say('lin', '先停用')
  await road.told(she, '先停用')

  const read = await readIn(here)
  expect(read.filter(({ to }) => to === she)).toHaveLength(1)
  expect(read.map(({ text }) => text).filter((text) => hers.test(text))).toEqual([])

  await resolve(number)
  await road.told(she, '林悦')
  await say(she, `${question}呀`, room)
  const answered = async (): Promise<boolean> =>
    (await road.simulator.sends({ to: room })).some(
      ({ text, mentionIds }) => mentionIds?.includes(she) && text?.includes(answer),
    )
  await until(answered, { within, what: 'she is answered in the group again' })
})

test('what she says in a group reaches her adviser once, and only what is said to us wants an answer in time', async () => {
  const { room, she } = await scene({ friend: true })
  await say(she, '全脸红肿', room)
  const number = numberIn(await road.told('lin', she))
  await road.simulator.say('lin', '接')
  await road.told(she, '林悦')
  await road.simulator.say('lin', '在的')
  await road.told(she, '在的')
  const waits = (): Promise<Record<string, unknown>[]> =>
    road.rows(`SELECT unanswered_since IS NOT NULL AS waits FROM handoff_case WHERE number = ${number.slice(1)}`)
  await say(she, '我们去吃火锅', room, { toUs: false })
  await road.told('lin', '火锅')
  expect(await waits()).toEqual([{ waits: false }])
  await say(she, '小屿在吗', room)
  await road.told('lin', '小屿在吗')
  expect(await waits()).toEqual([{ waits: true }])
  expect((await road.all('lin')).filter((text) => text.includes('小屿在吗'))).toHaveLength(1)
  await resolve(number)
})

test('who is no friend is asked to become one, the same whatever it is about, and then hears what to expect', async () => {
  const here = await scene({ friend: false })
  const { room, she } = here
  await say(she, '找真人', room)
  await until(async () => (await road.simulator.sends({ to: room })).length > 0, { within })
  const number = numberIn(await road.told('lin', she))
  const read = (await readIn(here)).filter(({ to }) => to === she)
  expect(read).toHaveLength(1)
  expect(read[0]?.text).toContain('加一下好友')
  expect(read[0]?.text).not.toMatch(hers)
  expect(await road.all(she)).toEqual([])

  await befriend(she)
  expect(await road.told(she, '分钟内')).toContain('顾问')
  await road.simulator.say('lin', '接')
  expect(await road.told('lin', `接好了，${number}`)).toContain('直接打字')
  await road.simulator.say('lin', '你好，我来了')
  await road.told(she, '你好，我来了')
  expect((await readIn(here)).filter(({ to }) => to === she)).toHaveLength(1)
  await resolve(number)
})

test('an adviser who has the case of a stranger can speak as soon as she is a friend, and is told so', async () => {
  const here = await scene({ friend: false })
  const { room, she } = here
  await say(she, '全脸红肿', room)
  const number = numberIn(await road.told('lin', she))
  await road.simulator.say('lin', '接')
  expect(await road.told('lin', `接好了，${number}`)).toContain('还不是好友')
  await road.simulator.say('lin', '先停用')
  await road.told('lin', '没发出去')
  await befriend(she)
  await road.told('lin', `${number} ${she} 加上好友了`)
  await road.told(she, '林悦')
  await road.simulator.say(she, question)
  await road.told('lin', `${number} ${she}：${question}`)
  await road.simulator.say('lin', '来了来了')
  await road.told(she, '来了来了')
  // The bot has not answered what is the adviser's, here or there.
  expect((await road.all(she)).join()).not.toContain(answer)
  expect((await readIn(here)).filter(({ to }) => to === she)).toHaveLength(1)
  await resolve(number)
})

test('while her case waits, what is urgent is one more reason for it, though nothing is said in the group', async () => {
  const here = await scene({ friend: true })
  const { room, she } = here
  await say(she, '找真人', room)
  const number = numberIn(await road.told('lin', she))
  await say(she, '我全脸红肿了', room, { toUs: false })
  await road.told('lin', `${number} 她又有一件事：皮肤过敏`)
  expect(await road.rows(`SELECT urgency FROM handoff_case WHERE number = ${number.slice(1)}`)).toEqual([
    { urgency: 90 },
  ])
  expect((await readIn(here)).filter(({ to }) => to === she)).toHaveLength(1)
  await road.simulator.say('lin', '接')
  await road.told(she, '林悦')
  await resolve(number)
})
