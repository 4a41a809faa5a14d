/** Twenty kills at random moments, starting up included, while five customers ask without a pause. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { answerOf, openStage, questionOf, type Stage } from './stage.ts'

const kills = 20
const questions = 1_500
/** Between two rounds of questions, in milliseconds. */
const pauseMs = 60
/** Who asks, and where: some in direct messages, some in a group by naming the bot. */
const askers = [
  { from: 'customer-lin' },
  { from: 'customer-chen' },
  { from: 'customer-wang-1' },
  { from: 'customer-zhao', room: 'room-care-1', mention: ['main'] },
  { from: 'customer-sun', room: 'room-care-1', mention: ['main'] },
]

/** While the bot is up, all of them ask their next question at once, again and again. */
class Askers {
  isUp = false
  asked = 0
  /** No more than this are asked for now: each life of the bot has its share, however slow the machine is. */
  atMost = 0
  readonly #stage: Stage
  readonly #asking: Promise<void>
  #stopped = false

  constructor(stage: Stage) {
    this.#stage = stage
    this.#asking = this.#askOn()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#asking
  }

  async #askOn(): Promise<void> {
    while (!this.#stopped) {
      if (this.isUp && this.asked + askers.length <= this.atMost)
        await Promise.all(askers.map((asker) => this.#ask(asker)))
      await delay(pauseMs)
    }
  }

  async #ask({ from, ...where }: (typeof askers)[number]): Promise<void> {
    this.asked += 1
    await this.#stage.simulator.say(from, questionOf(this.asked), where)
  }
}

/** Waits until the bot has heard some questions more, however slow the machine is just now. */
async function heardMore(stage: Stage, before: bigint): Promise<void> {
  await until(async () => (await heardBy(stage)) >= before + 5n, { what: 'some questions are heard' })
}

async function heardBy({ rows }: Stage): Promise<bigint> {
  const [row] = await rows<{ count: bigint }>(`SELECT count(*) FROM inbox WHERE kind = 'MessageReceived'`)
  return BigInt(row?.count ?? 0)
}

it('20 kills under load lose nothing that was accepted and send nothing twice', { timeout: 240_000 }, async () => {
  const stage = await openStage({ questions })
  await (await stage.start()).stop()
  const crowd = new Askers(stage)
  for (let kill = 1; kill <= kills; kill += 1) {
    const bot = stage.spawn()
    // Every fourth time at any point of its start, else while it works.
    const early = kill % 4 === 0
    if (!early) await bot.untilReady(60_000)
    const before = await heardBy(stage)
    crowd.atMost = Math.floor((questions * kill) / kills)
    crowd.isUp = true
    if (!early) await heardMore(stage, before)
    await delay(Math.random() * (early ? 3_000 : 800))
    await bot.kill9()
    crowd.isUp = false
  }
  await crowd.stop()
  await stage.start()
  await stage.settled(60_000)

  const inbox = await stage.rows<{ text: string; outcome: string | null }>(
    `SELECT what -> 'message' ->> 'text' AS text, outcome FROM inbox WHERE kind = 'MessageReceived'`,
  )
  expect(inbox.filter(({ outcome }) => outcome !== 'routed')).toEqual([])
  const answers = await stage.rows<{ id: string; state: string; text: string }>(
    `SELECT id::text, state, body ->> 'text' AS text FROM outbox`,
  )
  const sends = (await stage.simulator.sends()).map(({ text = '' }) => text)
  const wrong: string[] = []
  let accepted = 0
  for (let n = 1; n <= crowd.asked; n += 1) {
    const heard = inbox.filter(({ text }) => text.includes(questionOf(n))).length
    const sent = sends.filter((text) => text.includes(answerOf(n))).length
    const [row] = answers.filter(({ text }) => text === answerOf(n))
    accepted += heard
    if (sent > 1) wrong.push(`question ${n} was answered ${sent} times`)
    if (heard === 0 && sent > 0) wrong.push(`question ${n} was answered and not stored`)
    if (heard > 0 && sent !== 1 && row?.state !== 'unknown')
      wrong.push(`question ${n}: ${row?.state ?? 'no row'}, sent ${sent}`)
  }
  expect(wrong).toEqual([])
  // A run in which the bot heard nearly nothing proves nothing.
  expect(accepted).toBeGreaterThan(kills * 5)
  const unknown = answers.filter(({ state }) => state === 'unknown').map(({ id }) => id)
  expect((await stage.listUnknown()).toSorted()).toEqual(unknown.toSorted())
})
