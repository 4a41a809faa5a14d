/**
 * What reading costs for every message on the hot road, and for every message of a person who is tagged. Processor time,
 * not time on the clock: other work on the machine does not count.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { resolvePlace } from '../../src/domains/members/index.ts'
import { interactionsOf } from '../../src/domains/members/interactions/decide.ts'
import { interactionRules } from '../../src/domains/members/interactions/schema.ts'
import { TagsContent } from '../../src/domains/tags/content.ts'
import { interestsSaid } from '../../src/domains/tags/interest/said.ts'
import { placesSaid } from '../../src/domains/tags/region/said.ts'
import type { Row } from './row.ts'

const rounds = 100_000
const bar = 20

const messages = [
  '老师我想问一下你们那个晚屿精华敏感肌可以用吗？我在杭州，最近皮肤特别干，换季就泛红',
  '好的谢谢',
  '我之前买过你们家的防晒乳，真的很好用，已经推荐给闺蜜了',
  '等了三天了还没发货，你们到底什么时候发啊',
  '收到',
  '地址江苏省苏州市工业园区星湖街 328 号',
  '哈哈哈哈哈哈',
  '給我媽買的，她不喜歡香水，我自己倒是想要一瓶',
]
const addresses = ['江苏省苏州市工业园区星湖街 328 号', '朝阳区', '浙江 杭州', '广东省深圳市南山区科技园 1 栋 1203']

export function measure(): Promise<Row[]> {
  const { interactions } = interactionRules.schema.parse(read('content/interactions.yaml'))
  const interests = TagsContent.parse(read('content/tags.yaml')).dimensions.filter((one) => one.kind === 'interest')
  return Promise.resolve([
    timed('interactions of a message', messages, (text) => interactionsOf(text, interactions)),
    timed('interests in a message', messages, (text) => interests.map((dimension) => interestsSaid(text, dimension))),
    timed('places in a message', messages, placesSaid),
    timed('place of an address', addresses, resolvePlace),
  ])
}

function read(path: string): unknown {
  return parse(readFileSync(path, 'utf8'))
}

function timed(name: string, texts: readonly string[], run: (text: string) => unknown): Row {
  const once = (times: number) => {
    for (let i = 0; i < times; i++) run(texts[i % texts.length] ?? '')
  }
  once(rounds / 10)
  const before = process.cpuUsage()
  once(rounds)
  const { user, system } = process.cpuUsage(before)
  const value = (user + system) / rounds
  return { name, value, unit: 'µs', bar: `<= ${bar} µs`, ok: value <= bar }
}
