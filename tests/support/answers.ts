/** A road whose bot has a model: an endpoint that misbehaves as told, a persona, guards and a few entries. */
import { WorldContact } from '../../src/gateways/simulator/world.ts'
import { type ModelStub, startModelStub } from './model-stub.ts'
import { openRoad, type Road, type RoadOptions } from './runtime.ts'
import { until } from './until.ts'

/** Entries whose every question is known word for word. */
const entries = `
- { id: ship, questions: [第一个暗号], answer: 普通地区满 99 元包邮，不满收 8 元运费。 }
- { id: gift, questions: [第二个暗号], answer: 礼盒要提前 15 天定制，100 份起。 }
- { id: red, questions: [红色瓶子怎么打开], answer: 红色的逆时针拧。 }
- { id: blue, questions: [蓝色瓶子怎么打开], answer: 蓝色的往上拔。 }
- { id: rash, questions: [第三个暗号], answer: 先停用，再去看医生。 }
`
const persona = `---
id: xiaoyu
name: 小屿
emoji: { allowed: ['～'], atMost: 1 }
moods:
  angry: { emoji: false, offersHuman: 要不要我请顾问来？ }
courtesies:
  - { kind: thanks, words: [谢谢, 谢谢啦], says: [不客气] }
  - { kind: chat, says: [小屿在听呢] }
---

# 身份
小屿，护肤品牌的客服。
`
const guards = `
refusals:
  - { id: injection, title: 改指令, words: ['忽略|无视…指令|规则'], says: [这个小屿帮不上忙] }
topics:
  - { id: allergy, title: 过敏, words: [全脸红肿], urgent: true, says: [顾问马上来看], entry: rash }
`
const small = { 'faq/road.yaml': entries, 'persona.md': persona, 'guards.yaml': guards }
export const approved = { ship: '普通地区满 99 元包邮，不满收 8 元运费。', gift: '礼盒要提前 15 天定制，100 份起。' }
export const label = '（内容由 AI 生成）'
const rest = { mood: 'calm', intent: 'faq', human: 'none', proposes: [] }
/** What a model says that keeps to the entry. */
export const grounded = { answer: '普通地区满 99 元包邮，不满收 8 元运费哦', cites: ['ship'], ...rest }
export const voicedShip = `${grounded.answer}\n${label}`
export const saying = (answer: string, other: Record<string, unknown> = {}): object => ({
  ...grounded,
  answer,
  ...other,
})

export type AnswersRoad = Road & {
  stub: ModelStub
  /** Somebody whom the bot has not met: her contact id. */
  somebody(): string
  /** What our account has said there, once there are `count`, and everything heard is handled. */
  saidTo(to: string, count?: number): Promise<string[]>
  /** Nothing is on its way any more. */
  quiet(): Promise<void>
  /** The exchanges of a contact, oldest first. */
  exchangesOf(contactId: string): Promise<Record<string, unknown>[]>
  rows(text: string): Promise<Record<string, unknown>[]>
}

let people = 0

/** `brand`: whose persona, guards and entries there are; default: small ones, made for tests. */
export type AnswersRoadOptions = RoadOptions & { brand?: 'small' | 'example' }

export async function openAnswersRoad({
  settings = {},
  contentFiles = {},
  env = {},
  brand = 'small',
  ...options
}: AnswersRoadOptions = {}): Promise<AnswersRoad> {
  const stub = await startModelStub()
  stub.reply(grounded)
  const road = await openRoad({
    contentFiles: { ...(brand === 'small' && small), ...contentFiles },
    settings: { ...settings, answers: { label, deadline: '3s', ...settings['answers'] } },
    env: { OPENAI_API_KEY: stub.apiKey, OPENAI_BASE_URL: stub.baseUrl, OPENAI_MODEL: 'stub', ...env },
    ...options,
  })
  const { simulator, database } = road
  const rows = async (text: string) => (await database.db.pool.query<Record<string, unknown>>(text)).rows
  const quiet = async (): Promise<void> => {
    const open = `SELECT 1 FROM inbox WHERE handled_at IS NULL UNION ALL SELECT 1 FROM burst
      UNION ALL SELECT 1 FROM exchange WHERE state = 'asked'
      UNION ALL SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')`
    await until(async () => (await rows(open)).length === 0, { within: 30_000, what: 'nothing is on its way' })
  }
  return {
    ...road,
    stub,
    rows,
    quiet,
    somebody() {
      people += 1
      const id = `asker-${people}`
      simulator.simulator.world.putContact(WorldContact.parse({ id, name: `客${people}` }))
      return id
    },
    async saidTo(to, count = 1) {
      const all = async () => (await simulator.sends({ to })).map(({ text }) => text ?? '')
      await until(async () => (await all()).length >= count, { within: 30_000, what: `${count} messages to ${to}` })
      await quiet()
      return all()
    },
    exchangesOf: (contactId) =>
      database.db.pool
        .query<Record<string, unknown>>(`SELECT * FROM exchange WHERE talk ->> 'contactId' = $1 ORDER BY asked_at`, [
          contactId,
        ])
        .then(({ rows: found }) => found),
    async stop() {
      await road.stop()
      await stub.close()
    },
  }
}
