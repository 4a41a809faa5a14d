/** What the log of a busy and unlucky day must not hold: words, names, phones, tokens (law 11). */
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf } from './stage.ts'

test('at level info no log line holds a message’s words, a person’s or group’s name, a phone or a token', async () => {
  const token = 'insecure_tokenthatnobodymayread'
  const stage = await stageOfTest({
    questions: 3,
    simulator: { token },
    files: { 'faq/secret.yaml': '- id: secret\n  questions: [月亮上的秘密]\n  answer: 月亮背面有一座花园。\n' },
    settings: { 'members.welcomeBatch': '1s' },
  })
  const { simulator, rows } = stage
  const bot = await stage.start()
  const person = { name: '名字很长的欧阳', phone: ['13911112222'], city: '敦煌' }
  await simulator.act('putContact', { id: 'customer-ouyang', ...person })
  await simulator.act('join', { room: 'room-care-1', contacts: ['customer-ouyang'], inviter: 'staff-he' })
  await simulator.say('customer-ouyang', '月亮上的秘密')
  await simulator.say('customer-ouyang', '月亮上的秘密', { room: 'room-care-1', mention: ['main'] })
  await until(async () => (await simulator.sends({ to: 'customer-ouyang' })).length === 1)

  // What goes wrong quotes what it fails on: the platform…
  await simulator.plan('refuse', { times: 1, reason: '名字很长的欧阳 refused 月亮背面有一座花园' })
  await simulator.say('customer-ouyang', '月亮上的秘密')
  await until(async () => (await rows(`SELECT 1 FROM outbox WHERE state = 'refused'`)).length === 1)
  // … and the database.
  await rows(`ALTER TABLE message ADD CONSTRAINT no_moon CHECK (text NOT LIKE '%月亮下%')`)
  await simulator.say('customer-ouyang', '月亮下的秘密')
  await until(() => bot.said('event failed'))
  await rows('ALTER TABLE message DROP CONSTRAINT no_moon')
  await rows(`ALTER TABLE inbox ADD CONSTRAINT no_sun CHECK (what::text NOT LIKE '%太阳下%')`)
  await simulator.say('customer-lin', '太阳下的秘密')
  await until(() => bot.said('event refused by the database'))
  await rows('ALTER TABLE inbox DROP CONSTRAINT no_sun')
  await simulator.act('rename', { room: 'room-care-1', topic: '青屿秘密花园' })
  await simulator.act('login', { as: 'staff-zhou' })
  await until(() => bot.log.some(({ code }) => code === 'account-swapped'))
  await simulator.act('login', { as: 'account-xiaoyu' })
  await simulator.say('customer-chen', questionOf(1))
  await stage.answered(1)
  await bot.stop()

  const log = [...bot.log.map((line) => JSON.stringify(line)), ...bot.printed].join('\n')
  expect(bot.log.length).toBeGreaterThan(10)
  const secrets = [
    '月亮',
    '太阳',
    '花园',
    '欧阳',
    '13911112222',
    '敦煌',
    '小屿',
    '周敏',
    '林小雨',
    '护肤交流',
    '口诀',
    token,
  ]
  for (const secret of secrets) expect(linesWith(log, secret), secret).toEqual([])
  expect(log).not.toContain(new URL(stage.databaseUrl).password)
})

function linesWith(log: string, words: string): string[] {
  return log.split('\n').filter((line) => line.includes(words))
}
