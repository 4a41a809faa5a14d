/** Twenty kills at random moments of a run: nobody gets it twice, nobody is lost, and the rest goes out. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { dropStage, wrongs } from './campaigns-stage.ts'

const kills = 20
/** Ten thousand, and the starts between the kills, take longer than all other files together. */
const customers = Number(process.env['FAULT_RECIPIENTS'] ?? 3_000)

test('20 kills at random moments of a run: everybody gets it once, or it is said that nobody knows', {
  timeout: 300_000,
}, async () => {
  const stage = await dropStage({ customers })
  for (let kill = 1; kill <= kills; kill += 1) {
    const bot = stage.spawn()
    // Every fourth time at any point of its start, while the audience is written, or when the first of it leave.
    if (kill % 4 === 0) await delay(Math.random() * 3_500)
    else {
      await bot.untilReady(60_000)
      const enough = Math.floor((customers * (kill - Math.random())) / kills)
      await until(async () => (await stage.left()) >= enough, { within: 60_000, what: `${enough} have left` })
      await delay(Math.random() * 100)
    }
    await bot.kill9()
  }
  expect(await stage.left(), 'the last kill left something to do').toBeLessThan(customers)
  await stage.start()
  await stage.over(120_000)

  expect(await wrongs(stage, customers)).toEqual([])
  expect(await stage.runs()).toMatchObject([{ state: 'done' }])
  // Whose call was under way, or was just being recorded: twice sixteen of a kill.
  const open = (await stage.fates()).filter(({ state }) => state === 'unknown')
  expect(open.length).toBeLessThanOrEqual(32 * kills)
  expect(await stage.listUnknown()).toHaveLength(open.length)
})
