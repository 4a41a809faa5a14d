import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIntake, type Reading, type Source } from '../../src/gateways/wechaty/intake.ts'
import { ZhangguiError } from '../../src/kernel/errors.ts'
import type { NewEvent } from '../../src/kernel/event.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { virtualClock } from '../support/clock.ts'

const clock = virtualClock()
const source = {} as Source
const what: NewEvent['what'] = { kind: 'GroupListRead', roomIds: [] }
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
const reading = (key: string, lane: string, load = 0, complete = 0): Reading => ({
  what: key,
  async stage() {
    await turns(load)
    return {
      lane,
      async complete() {
        await turns(complete)
        return { key, at: clock.now(), what }
      },
    }
  },
})
const intakeWith = (accept: (event: NewEvent) => Promise<unknown>, concurrency = 4) =>
  createIntake({ account: 'main', accept, clock, log: silentLog, concurrency })

test('however long each load takes, a lane keeps its order, and no more are under way than allowed', async () => {
  const step = fc.record({
    lane: fc.constantFrom('a', 'b', 'c'),
    load: fc.nat(4),
    complete: fc.nat(4),
    accept: fc.nat(4),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const accepted: string[] = []
      let underway = 0
      let most = 0
      const intake = intakeWith(async ({ key }) => {
        most = Math.max(most, ++underway)
        await turns(steps[Number(key)]?.accept ?? 0)
        accepted.push(key)
        underway -= 1
      })
      for (const [n, { lane, load, complete }] of steps.entries()) intake.push(reading(String(n), lane, load, complete))
      intake.resume(source)
      await intake.drained()
      expect(most).toBeLessThanOrEqual(4)
      for (const lane of ['a', 'b', 'c']) {
        const of = (key: string) => steps[Number(key)]?.lane === lane
        expect(accepted.filter(of)).toEqual([...steps.keys()].map(String).filter(of))
      }
      expect(accepted).toHaveLength(steps.length)
    }),
    { numRuns: 50 },
  )
})

test('what a broken line could not read is read on the next one', async () => {
  const accepted: string[] = []
  const intake = intakeWith(async ({ key }) => accepted.push(key))
  const next = {} as Source
  intake.resume(source)
  intake.push({
    what: 'm1',
    async stage(from) {
      if (from === source) throw Object.assign(new Error('14 UNAVAILABLE'), { code: 14 })
      return { lane: 'a', complete: async () => ({ key: 'm1', at: clock.now(), what }) }
    },
  })
  await turns(5)
  intake.pause()
  await clock.advance(60_000)
  expect(accepted).toEqual([])
  intake.resume(next)
  await clock.advance(1_000)
  expect(accepted).toEqual(['m1'])
})

test('what the platform cannot show is given up after three tries, and what follows goes on', async () => {
  const accepted: string[] = []
  const intake = intakeWith(async ({ key }) => accepted.push(key))
  let tries = 0
  intake.push({
    what: 'm1',
    async stage() {
      tries += 1
      throw Object.assign(new Error('2 UNKNOWN: no message m1'), { code: 2 })
    },
  })
  intake.push(reading('m2', 'a'))
  intake.resume(source)
  await clock.advance(5_000)
  expect(tries).toBe(3)
  expect(accepted).toEqual(['m2'])
})

test('what is not accepted is offered again, unless it never can be', async () => {
  const offered: string[] = []
  const intake = intakeWith(async ({ key }) => {
    offered.push(key)
    if (key === 'bad') throw new ZhangguiError({ code: 'bad-event', message: 'never' })
    if (offered.filter((each) => each === key).length < 3) throw new Error('the database is away')
  })
  intake.push(reading('bad', 'a'))
  intake.push(reading('good', 'a'))
  intake.resume(source)
  await clock.advance(10_000)
  expect(offered).toEqual(['bad', 'good', 'good', 'good'])
  expect(intake.depth()).toBe(0)
})
