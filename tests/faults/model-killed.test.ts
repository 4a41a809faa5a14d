/** The bot ends while the model thinks. Whoever asked is answered once, and never twice. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hang, type ModelStub, slow, startModelStub } from '../support/model-stub.ts'
import { until } from '../support/until.ts'
import { answerOf, openStage, questionOf, type Stage } from './stage.ts'

/** The entries do not answer it, says the model: the approved answer goes out. */
const declined = { answer: '', cites: [], mood: 'calm', intent: 'other', human: 'unsure', proposes: [] }
const persona = '---\nid: xiaoyu\nname: 小屿\n---\n\n小屿，护肤品牌的客服。\n'

let stub: ModelStub

beforeAll(async () => {
  stub = await startModelStub()
})
afterAll(() => stub.close())

function openThinkingStage(): Promise<Stage> {
  return openStage({
    files: { 'persona.md': persona },
    settings: { 'answers.deadline': '3s' },
    env: { OPENAI_API_KEY: stub.apiKey, OPENAI_BASE_URL: stub.baseUrl, OPENAI_MODEL: 'stub' },
  })
}

const outcomes = (stage: Stage) => stage.rows('SELECT outcome, attempt FROM exchange ORDER BY asked_at')

it('killed while the model thinks, it sends the approved answer after the restart, once', async () => {
  stub.reply(hang())
  const stage = await openThinkingStage()
  const bot = await stage.start()
  await stage.simulator.say('customer-lin', questionOf(1))
  await until(() => stub.inFlight > 0, { within: 30_000, what: 'the model thinks' })
  await bot.kill9()
  expect(await outcomes(stage)).toEqual([{ outcome: null, attempt: 1 }])

  await stage.start()
  await stage.answered(1)
  await stage.settled()
  expect((await stage.answersTo(1)).map(({ text }) => text)).toEqual([answerOf(1)])
  expect(await outcomes(stage)).toEqual([{ outcome: 'verbatim', attempt: 1 }])
  await stage.close()
})

it('killed while the model thinks and started without one, it sends the approved answer all the same', async () => {
  stub.reply(hang())
  const stage = await openThinkingStage()
  const bot = await stage.start()
  const before = stub.inFlight
  await stage.simulator.say('customer-lin', questionOf(3))
  await until(() => stub.inFlight > before, { within: 30_000, what: 'the model thinks' })
  await bot.kill9()

  await stage.start({ OPENAI_API_KEY: '' })
  await stage.answered(3)
  await stage.settled()
  expect((await stage.answersTo(3)).map(({ text }) => text)).toEqual([answerOf(3)])
  expect(await outcomes(stage)).toEqual([{ outcome: 'verbatim', attempt: 1 }])
  await stage.close()
})

it('told to stop while the model thinks, it ends in time, and the next process answers', async () => {
  stub.reply(hang())
  const stage = await openThinkingStage()
  const bot = await stage.start()
  const before = stub.inFlight
  await stage.simulator.say('customer-lin', questionOf(2))
  await until(() => stub.inFlight > before, { within: 30_000, what: 'the model thinks' })
  expect(await bot.stop()).toBe(0)

  await stage.start()
  await stage.answered(2)
  await stage.settled()
  expect(await stage.answersTo(2)).toHaveLength(1)
  await stage.close()
})

it('killed again and again under a slow model, it answers each question once, or knows that nobody knows', async () => {
  stub.reply(slow(400, declined))
  const stage = await openThinkingStage()
  const people = ['customer-lin', 'customer-chen', 'customer-zhao', 'customer-sun', 'customer-wu', 'customer-he']
  let n = 10
  for (let round = 0; round < 3; round++) {
    const bot = await stage.start()
    for (const from of people) await stage.simulator.say(from, questionOf(n++))
    // What is stored is acknowledged; of that some has been answered by then, and some is with the model.
    const stored = `SELECT 1 FROM message WHERE direction = 'in'`
    await until(async () => (await stage.rows(stored)).length >= n - 10, { within: 30_000, what: 'all are stored' })
    const closed = `SELECT 1 FROM exchange WHERE state = 'closed'`
    const answered = round * (people.length + 1)
    await until(async () => (await stage.rows(closed)).length >= answered, {
      within: 30_000,
      what: 'some are answered',
    })
    await bot.kill9()
  }
  await stage.start()
  const open = `SELECT 1 FROM exchange WHERE state <> 'closed'`
  await until(async () => (await stage.rows(open)).length === 0, { within: 60_000, what: 'every exchange has ended' })
  await stage.settled()
  const unknown = await stage.rows<{ text: string }>(
    `SELECT body ->> 'text' AS text FROM outbox WHERE state = 'unknown'`,
  )
  for (let asked = 10; asked < n; asked++) {
    const sent = (await stage.answersTo(asked)).length
    // A kill in the middle of a send leaves it unknown, for a person to settle: it is never sent again by itself.
    const doubtful = unknown.some(({ text }) => text === answerOf(asked))
    expect(doubtful ? sent <= 1 : sent === 1, `question ${asked} was answered ${sent} times`).toBe(true)
  }
  await stage.close()
})
