/** FAQ lookup among 10,000 entries of three questions each, made up with a fixed seed. */
import { ask, prepare } from '../../src/domains/faq/index.ts'
import { contentWith } from '../unit/faq-content.ts'
import type { Row } from './row.ts'

const things =
  '面膜 精华 乳液 面霜 防晒 眼霜 洁面 爽肤水 卸妆膏 身体乳 护手霜 唇膏 香水 粉底 气垫 眉笔 口红 洗发水 发膜 套装 礼盒 小样 赠品 优惠券 积分 会员 订单 快递 包裹 发票 退款 运费 地址 活动 直播 门店 专柜 顾问 生日礼 拼单'
const kinds =
  '保湿 美白 控油 舒缓 修护 清爽 滋润 抗皱 夏季 冬季 旅行 经典 限量 新款 旧款 敏感肌 油皮 干皮 混合皮 孕期 学生 男士 儿童 早上 晚上 双十一 双十二 周年庆 春节 海外 偏远 同城 预售 秒杀 团购 补发 换货 定制 企业 空瓶'
const asked =
  '多少钱 怎么用 什么时候发货 可以退吗 能用多久 保质期多久 适合什么肤质 要不要洗掉 可以叠加吗 怎么领 在哪里买 有没有货 能不能换 过期了怎么办 坏了怎么处理 少了一个怎么办 可以开专票吗 一天用几次 会不会过敏 先用还是后用 怎么保存 支持货到付款吗 能寄到国外吗 怎么查 为什么没有到 怎么取消 可以送人吗 有实体店吗 是正品吗 有什么区别'
const politeness = '请问 你好， 亲， 我想问一下 想问问 那个 麻烦问下 急急急'

const warmUp = 300

export async function bench(): Promise<Row[]> {
  const random = seeded(20_260_302)
  const one = (list: string): string => {
    const words = list.split(' ')
    return words[Math.floor(random() * words.length)]!
  }
  const entries = Array.from({ length: 10_000 }, (_, i) => {
    const about = `${one(kinds)}${one(kinds)}${one(things)}`
    const questions = Array.from({ length: 3 }, () => `${about}${one(asked)}`)
    const answer = Array.from({ length: 12 }, () => `${one(kinds)}${one(things)}${one(asked)}`).join('，')
    return { id: `entry-${i}`, questions, answer }
  })
  const questions = Array.from({ length: 3_000 + warmUp }, () => {
    const { questions } = entries[Math.floor(random() * entries.length)]!
    return `${one(politeness)}${one(kinds)}${questions[0]!.slice(1)}`
  })
  const content = contentWith({ entries })
  const started = performance.now()
  prepare(content)
  const built = performance.now() - started
  const now = new Date('2026-03-02T10:00:00+08:00')
  for (const question of questions.slice(0, warmUp)) ask(content, question, { now })
  // None of those asked before: what was asked lately is remembered.
  const times = questions.slice(warmUp).map((question) => {
    const from = performance.now()
    ask(content, question, { now })
    return performance.now() - from
  })
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(share * times.length)]!
  return Promise.resolve([
    { name: 'FAQ lookup, 10,000 entries, median', value: at(0.5), unit: 'ms', ok: true },
    { name: 'FAQ lookup, 10,000 entries, p99', value: at(0.99), unit: 'ms', bar: '< 5', ok: at(0.99) < 5 },
    { name: 'FAQ index, 10,000 entries, build', value: built, unit: 'ms', ok: true },
  ])
}

/** mulberry32: the same figures on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
