/** Names that two people share, and words that break programs: each customer gets her own answer, as it was written. */
import { beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { until } from '../support/until.ts'
import { answerOf, openStage, questionOf, type Stage } from './stage.ts'

const limit = 2_048
const long = Array.from({ length: 130 }, (_, i) => `第${i + 1}步，取适量轻轻拍匀，等它吸收以后再做下一步就好。`).join(
  '',
)
/** No sentence ends, so that it is cut between graphemes: 25 bytes each, and 2,048 is no multiple of 25. */
const family = '👨‍👩‍👧‍👦'
const families = family.repeat(200)
const rightToLeft = 'يُشحن طلبك خلال يومين، شكرًا لك! \u200fרק רגע'
const entries = [
  { id: 'long', questions: ['全部步骤给我看看'], answer: long },
  { id: 'emoji', questions: ['给我看看全家福'], answer: families },
  { id: 'arabic', questions: ['متى يصل طلبي'], answer: rightToLeft },
]

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ files: { 'faq/words.yaml': stringify(entries) } })
  await stage.start()
})

const textsTo = async (to: string): Promise<string[]> =>
  (await stage.simulator.sends({ to })).map(({ text = '' }) => text)

it('two customers with one name get their own answers to 100 interleaved questions', async () => {
  const { simulator } = stage
  for (let n = 1; n <= 100; n += 1) await simulator.say(n % 2 ? 'customer-wang-1' : 'customer-wang-2', questionOf(n))
  await until(
    async () => (await textsTo('customer-wang-1')).length + (await textsTo('customer-wang-2')).length >= 100,
    { within: 60_000 },
  )
  await stage.settled()
  const numbers = (odd: boolean) => Array.from({ length: 50 }, (_, i) => answerOf(2 * i + (odd ? 1 : 2)))
  expect(await textsTo('customer-wang-1')).toEqual(numbers(true))
  expect(await textsTo('customer-wang-2')).toEqual(numbers(false))

  for (const from of ['customer-wang-1', 'customer-wang-2']) {
    await simulator.say(from, questionOf(101), { room: 'room-care-1', mention: ['main'] })
  }
  await until(async () => (await simulator.sends({ to: 'room-care-1' })).length === 2)
  const named = (await simulator.sends({ to: 'room-care-1' })).map(({ mentionIds }) => mentionIds)
  expect(named).toEqual([['customer-wang-1'], ['customer-wang-2']])
})

it('an answer of 10 KB arrives whole, in order, in parts that the platform takes', async () => {
  expect(Buffer.byteLength(long)).toBeGreaterThan(10_000)
  await stage.simulator.say('customer-lin', '全部步骤给我看看')
  await until(async () => (await textsTo('customer-lin')).join('') === long)
  const parts = await textsTo('customer-lin')
  for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(limit)
  // Cut at the ends of sentences.
  for (const part of parts) expect(part.endsWith('。')).toBe(true)
})

it('an emoji at the split point stays whole', async () => {
  await stage.simulator.say('customer-chen', '给我看看全家福')
  await until(async () => (await textsTo('customer-chen')).join('') === families)
  const parts = await textsTo('customer-chen')
  expect(parts.length).toBeGreaterThan(2)
  for (const part of parts) {
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(limit)
    expect(part.replaceAll(family, '')).toBe('')
  }
})

it('right-to-left text is understood and answered as it was written', async () => {
  await stage.simulator.say('customer-sun', '\u200fمتى يصل طلبي؟')
  await until(async () => (await textsTo('customer-sun')).includes(rightToLeft))
})

it('NUL and half a character in a text, a name and a topic break nothing', async () => {
  const { simulator } = stage
  const lone = '\ud83d'
  await simulator.act('putContact', { id: 'customer-nul', name: `空\0${lone}` })
  await simulator.act('rename', { room: 'room-care-1', topic: `青屿 \0${lone}群` })
  await simulator.act('join', { room: 'room-care-1', contacts: ['customer-nul'] })
  await simulator.say('customer-nul', `${questionOf(111)}\0`)
  await stage.answered(111)
  await simulator.say('customer-nul', `${questionOf(112)}${lone}`)
  await stage.answered(112)
  await simulator.say('customer-nul', `\0${questionOf(113)}${lone}`, { room: 'room-care-1', mention: ['main'] })
  await stage.answered(113)
  await stage.settled()
  expect(await stage.rows(`SELECT kind, error FROM inbox WHERE outcome = 'failed'`)).toEqual([])
  for (const n of [111, 112, 113]) expect(await stage.answersTo(n)).toHaveLength(1)
})

it('what looks like a template in a text, a name or a topic is never executed', async () => {
  const { simulator } = stage
  const code = '{{ 7 | times: 191 }}{% raw %}{{ brand }}'
  await simulator.act('putContact', { id: 'customer-liquid', name: code })
  await simulator.act('addRoom', { id: 'room-liquid', topic: `青屿 ${code}`, members: ['main', 'staff-he'] })
  await simulator.act('rename', { room: 'room-vip-1', topic: `青屿VIP ${code}` })
  await simulator.act('join', { room: 'room-vip-1', contacts: ['customer-liquid'] })
  // Its greeting names her, its refusal the room.
  await simulator.act('requestFriendship', { from: 'customer-liquid', hello: code })
  await simulator.say('customer-liquid', code)
  await simulator.say('customer-liquid', questionOf(115), { room: 'room-vip-1', mention: ['main'] })
  await stage.answered(115)
  await until(async () => (await textsTo('room-vip-1')).length >= 2, { within: 30_000, what: 'she is welcomed' })
  await until(async () => (await textsTo('customer-liquid')).length >= 2, { what: 'she is greeted and answered' })
  await stage.settled()
  const said = [...(await textsTo('customer-liquid')), ...(await textsTo('room-vip-1'))]
  expect(said.some((text) => text.includes(code))).toBe(true)
  for (const text of said) expect(text).not.toContain('1337')
  expect((await stage.answersTo(115))[0]?.text).toContain(`@${code}`)
  expect(await stage.rows(`SELECT kind, error FROM inbox WHERE outcome = 'failed'`)).toEqual([])
})
