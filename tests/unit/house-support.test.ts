import { expect, test } from 'vitest'
import { virtualClock } from '../support/clock.ts'
import { until } from '../support/until.ts'

test('until returns what the condition gives at last', async () => {
  let looks = 0
  expect(await until(() => (++looks === 3 ? 'there' : undefined), { every: 1 })).toBe('there')
})

test('until says what it waited for and what it saw last', async () => {
  const waiting = until(() => [].length, { within: 20, every: 1, what: 'the outbox has rows' })
  await expect(waiting).rejects.toThrow(/20 ms in vain until: the outbox has rows\nit was last 0/)
})

test('until takes an expectation that fails for not yet', async () => {
  let rows = 0
  await until(
    () => {
      expect(++rows).toBe(2)
      return true
    },
    { every: 1 },
  )
  const waiting = until(() => expect(rows).toBe(9), { within: 20, every: 1 })
  await expect(waiting).rejects.toThrow(/expected 2 to be 9/)
})

test('the virtual clock runs timers in the order in which they are due, each at its own instant', async () => {
  const clock = virtualClock('2026-03-02T00:00:00Z')
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} ${clock.now().toISOString().slice(17, 23)}`)
  clock.after(2_000, note('second'))
  clock.after(1_000, note('first'))
  const cancel = clock.after(1_500, note('cancelled'))
  cancel()
  await clock.advance(1_999)
  expect(ran).toEqual(['first 01.000'])
  await clock.advance(1)
  expect(ran).toEqual(['first 01.000', 'second 02.000'])
  expect(clock.pending()).toBe(0)
})

test('a timer set by a promise of an earlier timer runs within the same advance', async () => {
  const clock = virtualClock()
  let done = false
  clock.after(10, () => {
    void Promise.resolve().then(() => clock.after(10, () => (done = true)))
  })
  await clock.advance(20)
  expect(done).toBe(true)
})
