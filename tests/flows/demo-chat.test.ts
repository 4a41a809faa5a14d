import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { chat } from '../../src/app/demo/chat.ts'
import type { Office } from '../../src/app/demo/office.ts'
import { startSimulator } from '../support/simulator.ts'
import { until } from '../support/until.ts'

/** Types these lines into the demo's terminal, then ends it; returns what stood on it. */
async function typed(...lines: string[]): Promise<{ shown: string; said: unknown[]; ran: string[] }> {
  const { simulator } = await startSimulator()
  const said: unknown[] = []
  simulator.world.events.on('message', ({ talkerId, roomId, mentionIds, content }) => {
    said.push({ talkerId, roomId, mentionIds, text: content.type === 'text' ? content.text : content.type })
  })
  const ran: string[] = []
  const office: Office = {
    run(words) {
      ran.push(words.join(' '))
      return Promise.resolve({ code: 0, lines: [] })
    },
    customerOf: (contactId) => Promise.resolve(`id-of-${contactId}`),
    tagged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  const [input, output] = [new PassThrough(), new PassThrough()]
  const ended = chat(simulator, { office, input, output: output as unknown as WriteStream })
  input.end([...lines, '/quit', ''].join('\n'))
  await ended
  return { shown: String(output.read() ?? ''), said, ran }
}

test('a command is obeyed, and only an unknown one is said to be unknown', async () => {
  const { shown } = await typed('/help', '/who', '/group', '/dm', '/as 陈晨')
  expect(shown).toContain('陈晨 @ DM >')
  expect(shown).not.toContain('There is no')
  expect((await typed('/nothing')).shown).toContain('There is no /nothing')
})

test('of two people with one name it asks which is meant', async () => {
  const { shown } = await typed('/as 王芳', '/as customer-wang-2')
  expect(shown).toContain('customer-wang-1, customer-wang-2')
  expect(shown).toContain('王芳 @ DM >')
})

test('a person speaks in a group, mentions the bot, takes a message back, and the bot’s own phone speaks too', async () => {
  const { said } = await typed('/as 陈晨', '/group 1', '大家好', '@小屿 在吗', '/recall', '/phone 我来')
  await until(() => said.length === 4)
  expect(said).toMatchObject([
    { talkerId: 'customer-chen', roomId: 'room-care-1', text: '大家好', mentionIds: [] },
    { talkerId: 'customer-chen', roomId: 'room-care-1', text: '@小屿\u2005在吗' },
    { text: 'recalled' },
    { roomId: 'room-care-1', text: '我来' },
  ])
})

test('tags and segments are looked at with the commands that the manager has', async () => {
  const { ran } = await typed(
    '/as 陈晨',
    '/tags',
    '/tags 林小雨',
    '/tags 王芳',
    '/segment',
    '/segment vip-to-invite',
    '/segment vip-to-invite 林小雨',
    '/zhanggui customers find customer-lin',
  )
  expect(ran).toEqual([
    'tags explain id-of-customer-chen',
    'tags explain id-of-customer-lin',
    'segment',
    'segment vip-to-invite --names',
    'segment vip-to-invite --explain id-of-customer-lin',
    'customers find customer-lin',
  ])
})
