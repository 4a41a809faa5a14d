/** Machines whose clocks are an hour wrong, or are put right: one run of each slot, and everybody once of each run. */
import { expect, test } from 'vitest'
import { createCampaigns } from '../../src/app/campaigns.ts'
import { lent } from '../../src/app/slices.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { campaignStage, type CampaignStage, day, dropFile, hour, minute } from '../support/campaigns.ts'

const begin = '2026-12-01T18:00:00+08:00'
const customers = 12

/** A stage with a drop every evening at eight, of which three days are to be run. */
async function dailyStage(): Promise<CampaignStage> {
  const daily = dropFile('hello', { when: "{ cron: '0 20 * * *' }" })
  const stage = await campaignStage({ at: begin, customers, files: { 'campaigns/hello.md': daily } })
  await stage.approve('hello')
  await stage.tick()
  return stage
}

/** The engine of another machine, whose clock is wrong by so much. */
function engineBy(stage: CampaignStage, wrongMs: () => number): ReturnType<typeof createCampaigns> {
  const { db, house, clock } = stage
  return createCampaigns({
    ...{ db, ids: house.ids, log: silentLog, content: stage.content, lent },
    clock: { now: () => new Date(clock.now().getTime() + wrongMs()), after: (ms, then) => clock.after(ms, then) },
    alarms: { raise: () => undefined, clear: () => undefined, current: () => [] },
    accept: (event) => house.accept(event),
  })
}

async function live(
  stage: CampaignStage,
  days: number,
  engines: readonly ReturnType<typeof createCampaigns>[],
): Promise<void> {
  for (let passed = 0; passed < days * day; passed += 15 * minute) {
    await stage.house.pass(15 * minute)
    await Promise.all([stage.engine, ...engines].map((engine) => engine.tick()))
    await stage.tick()
    await stage.sendAll()
  }
  for (const engine of engines) await engine.stop()
}

async function expectOncePerDay(stage: CampaignStage, days: number): Promise<void> {
  const runs = await stage.runs()
  expect(runs.map(({ slot, state }) => `${slot.toISOString()} ${state}`)).toEqual(
    Array.from(
      { length: days },
      (_, n) => `${new Date(Date.parse('2026-12-01T12:00:00Z') + n * day).toISOString()} done`,
    ),
  )
  const sent = await stage.sent()
  expect(sent.filter(({ state }) => state === 'sent')).toHaveLength(days * customers)
  expect(new Set(sent.map(({ key }) => key)).size).toBe(days * customers)
}

test('a second machine whose clock is an hour ahead begins each run, and the first one does not begin it again', async () => {
  const stage = await dailyStage()
  await live(stage, 2, [engineBy(stage, () => hour)])
  await expectOncePerDay(stage, 2)
})

test('a second machine whose clock is an hour behind finds nothing to begin', async () => {
  const stage = await dailyStage()
  await live(stage, 2, [engineBy(stage, () => -hour)])
  await expectOncePerDay(stage, 2)
})

test('clocks that jump an hour forward and back, all the time, lose no slot and run none twice', async () => {
  const stage = await dailyStage()
  let turn = 0
  const jumping = engineBy(stage, () => [0, hour, -hour, hour, 0, -hour][(turn += 1) % 6]!)
  await live(stage, 2, [jumping])
  await expectOncePerDay(stage, 2)
})
