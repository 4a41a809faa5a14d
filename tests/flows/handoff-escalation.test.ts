/** Managers: they take cases and are given some, and whoever looks after the bot is called when nobody takes one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../support/command.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'
import { openWebhook } from '../support/webhook.ts'

const always = '[{ days: daily, time: 0:00-24:00 }]'
const lin = `- { id: lin, name: 林悦, skills: [过敏], shifts: ${always}, capacity: 50 }\n`
const su = `- { id: su, name: 苏苏, shifts: ${always} }\n`
const boss = `- { id: boss, name: 周宁, role: manager, shifts: ${always} }\n`

let road: HandoffRoad
let hook: Awaited<ReturnType<typeof openWebhook>>
beforeAll(async () => {
  hook = await openWebhook()
  road = await openHandoffRoad({
    contentFiles: { 'advisers.yaml': lin + su + boss },
    env: { ALARM_WEBHOOK_URL: hook.url },
  })
}, 60_000)
afterAll(() => road.stop())

const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)
const numberIn = (card: string): string => /#\d+/u.exec(card)?.[0] ?? ''
const hears = (code: string, state: string, words: string): Promise<unknown> =>
  until(() => hook.calls.find((call) => call.code === code && call.state === state && call.message.includes(words)), {
    within: 30_000,
    what: `the webhook hears ${code} ${state} with «${words}»`,
  })

async function accepted(): Promise<{ she: string; number: string }> {
  const she = road.customer()
  await say(she, '全脸红肿')
  const number = numberIn(await road.told('lin', she))
  await say('lin', `接 ${number}`)
  await road.told('lin', `接好了，${number}`)
  await road.told(she, '林悦')
  return { she, number }
}

test('a case for which nobody can be reached is an alarm at once, and it ends when somebody can', async () => {
  const she = road.customer()
  await say(she, '全脸红肿')
  await hears('cases', 'raised', 'bound a WeChat')
  for (const who of ['lin', 'su', 'boss']) await road.bind(who)
  const number = numberIn(await road.told('lin', she))
  await hears('cases', 'cleared', 'bound a WeChat')
  await say('lin', `接 ${number}`)
  await say('lin', `${number} 结`)
  await road.told('lin', `${number} ${she} 结单了`)
}, 60_000)

test('a manager takes a case from its adviser, who hears of it; an adviser may not', async () => {
  const { she, number } = await accepted()
  await say('su', `接管 ${number}`)
  await road.told('su', `${number} 不是你手上的单子，在林悦那里`)
  await say('boss', `接管 ${number}`)
  await road.told('boss', `接管好了，${number}`)
  await road.told('lin', `${number} ${she} 被周宁接管了`)
  await road.told(she, '周宁')
  await say(she, '还在吗')
  await road.told('boss', '还在吗')
  // And gives it to somebody else.
  await say('boss', `${number} 转 苏苏 她懂`)
  expect(await road.told('su', she)).toContain('周宁转来：她懂')
  await say('lin', `${number} 结`)
  await road.told('lin', `${number} 不是你手上的单子，在苏苏那里`)
}, 60_000)

test('what a manager gives away whoever had it is told', async () => {
  const { she, number } = await accepted()
  await say('boss', `${number} 转 苏苏`)
  await road.told('lin', `${number} ${she} 被周宁转给苏苏了`)
  await road.told('su', she)
}, 60_000)

test('an adviser asks for a manager, who has the case with the note; whoever looks after the bot is called', async () => {
  const { she, number } = await accepted()
  await say('lin', `${number} 升级 她要投诉`)
  await road.told('lin', `${number} ${she} 已经交给主管了`)
  expect(await road.told('boss', she)).toContain('林悦转来：她要投诉')
  await hears('case-escalated', 'raised', `${number} was given to boss: lin asks`)
  await say('boss', `${number} 我来处理`)
  await road.told(she, '我来处理')
  await hears('case-escalated', 'cleared', number)
}, 60_000)

test('question and answer of a case are kept for the FAQ, without her number, and written as a draft', async () => {
  const { she, number } = await accepted()
  await say('lin', `${number} 存问答`)
  await road.told('lin', `${number} 还没有一问一答可以存`)
  await say(she, '敷完面膜要洗脸吗，我电话 13812345678')
  await road.told('lin', '敷完面膜')
  await say('lin', `${number} 用清水冲一下就好\n洗面奶不用`)
  await road.told(she, '用清水冲')
  await say('lin', `${number} 存问答`)
  await road.told('lin', `存好了，${number}`)
  const env = { DATABASE_URL: road.database.url, CONTENT_DIR: road.content.dir }
  const listed = await command(['faq', 'drafts', '--json'], env)
  expect(JSON.parse(listed.out)).toMatchObject([
    {
      number: 1,
      question: '敷完面膜要洗脸吗,我电话 ***',
      answer: '用清水冲一下就好\n洗面奶不用',
      by: 'lin',
      writtenAs: null,
    },
  ])
  const written = await command(['faq', 'drafts', '--write', '1'], env)
  expect(written.code).toBe(0)
  const file = written.out.trim()
  expect(file.startsWith(join(road.content.dir, 'faq', 'gap-'))).toBe(true)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('draft: true')
  expect(text).toContain('敷完面膜要洗脸吗')
  expect(text).toContain('用清水冲一下就好')
  expect((await command(['faq', 'drafts'], env)).out).toContain('There is none')
}, 120_000)
