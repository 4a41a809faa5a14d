import { expect, test } from 'vitest'
import { startSimulator } from '../support/simulator.ts'
import { gatewayOn } from '../support/wechaty.ts'

const simulator = await startSimulator()
const bot = await gatewayOn(simulator)
const tag = (name: string, on: boolean) => bot.gateway.tagContact?.('customer-lin', name, on, 5_000)

test('a tag is put on a contact, and taken off again', async () => {
  expect(await tag('vip', true)).toBe('done')
  expect((await simulator.journal()).at(-1)).toMatchObject({
    type: 'addTag',
    to: 'customer-lin',
    details: { tag: 'vip' },
  })
  expect(await tag('vip', false)).toBe('done')
  expect((await simulator.journal()).at(-1)).toMatchObject({ type: 'removeTag', to: 'customer-lin' })
})

test('a contact that the platform does not know is refused, once and for all', async () => {
  expect(await bot.gateway.tagContact?.('nobody', 'vip', true, 5_000)).toBe('refused')
})
