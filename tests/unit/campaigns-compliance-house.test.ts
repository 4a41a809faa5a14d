import { beforeAll, describe, expect, test } from 'vitest'
import {
  complianceKind,
  type Complaint,
  type Context,
  type Gate,
  gateOf,
  reviewCopies,
} from '../../src/domains/campaigns/compliance/index.ts'
import { ComplianceRule } from '../../src/domains/campaigns/compliance/schema.ts'
import type { Content } from '../../src/kernel/content.ts'
import { complianceContent, group, marketing, service, text, wordsOf } from './campaigns-compliance-content.ts'

let content: Content
let gate: Gate
beforeAll(async () => {
  content = await complianceContent()
  gate = gateOf(content.items)
})

const rulesOf = (complaints: readonly Complaint[]): string[] => complaints.map(({ rule }) => rule)
const signed = '小屿：今晚上新，回复「退订」不再接收'

describe('marketing to one customer', () => {
  test('says who writes and how to refuse it', () => {
    expect(gate([text(signed)], marketing)).toEqual([])
    expect(rulesOf(gate([text('今晚上新')], marketing))).toEqual(['sender', 'opt-out'])
    expect(gate([text('今晚上新')], marketing)[0]).toMatchObject({
      severity: 'error',
      law: '《广告法》第四十三条第二款',
      index: 0,
      length: 0,
    })
  })

  test.each(['青屿上新', '{{ brand }}上新', '{{- brand }}上新', '{{ persona }}：上新', '青 屿 上新', '阿岛：上新'])(
    'is signed by %s',
    (words) => {
      const context: Context = { ...marketing, personas: ['阿岛'], hasOptOut: true }
      expect(gate([text(words)], context)).toEqual([])
    },
  )

  test.each([
    '回复「退订」不再接收',
    '不想收了，回“退订”就好',
    '回 TD 退订',
    '回复TD',
    '发送「取消订阅」',
    '不想收推荐就说一声「退订」',
    '点这里取消订阅',
  ])('can be refused with «%s»', (words) => {
    expect(gate([text(`青屿上新。${words}`)], marketing)).toEqual([])
  })

  test('may say both in any of its texts, or leave the refusal to the door', () => {
    expect(gate([text('上新'), { text: '青屿', at: [], kind: 'title' }], { ...marketing, hasOptOut: true })).toEqual([])
    expect(gate([text('青屿上新'), text('回复退订不再接收')], marketing)).toEqual([])
  })

  test('service messages and groups need neither', () => {
    expect(gate([text('包裹到了')], service)).toEqual([])
    expect(gate([text('今晚上新')], group)).toEqual([])
    expect(gate([], marketing)).toEqual([])
  })
})

describe('what a whole group reads', () => {
  test.each([
    ['{{ name }}，你的券到了', 'name'],
    ['{% if points > 10 %}快来换{% endif %}', 'points'],
    ["{{ name | default: '亲' }}你好", 'name'],
    ['手机 13812345678', '13812345678'],
    ['手机 138 1234 5678', '138 1234 5678'],
    ['身份证 330106199001011234', '330106199001011234'],
    ['卡号 6222021234567890123', '6222021234567890123'],
    ['订单号：DD20261201123456', 'DD20261201123456'],
    ['家住文一西路 969 号', '家住文一西路 969 号'],
    ['寄到 3 号楼 2 单元 501 室', '3 号楼 2 单元 501 室'],
  ])('tells of nobody: %s', (words, at) => {
    const complaints = gate([text(words)], group)
    expect(complaints.map((one) => [one.rule, one.severity, wordsOf(words, one)])).toEqual([
      ['personal-data', 'error', at],
    ])
    expect(rulesOf(gate([text(words)], { ...group, to: 'both', hasOptOut: true }))).toContain('personal-data')
    expect(gate([text(words)], service)).toEqual([])
  })

  test.each([
    '客服热线 400-820-8820',
    '{{ brand }} 今晚上新',
    "{{ group | default: 'name' }}",
    '{% assign first = group %}{{ first }}',
    '门店在龙井路 12 号，欢迎来坐坐',
    '12 月 12 日 20:00 开始，一共 300 套',
    '备案号 浙G妆网备字2024123456',
  ])('may be told: %s', (words) => {
    expect(gate([text(words)], group)).toEqual([])
  })

  test('a number of ours is no customer’s', () => {
    expect(gate([text('热线 13812345678')], { ...group, exceptions: ['13812345678'] })).toEqual([])
  })
})

describe('links', () => {
  const holds = (path: string): boolean => path === 'media/batch-code.png'
  const linksIn = (words: string): string[] =>
    gate([text(words)], { ...service, holds }).map((one) => `${one.severity} ${one.rule} ${wordsOf(words, one)}`)

  test.each([
    ['看 http://localhost:3000/x。', 'error dead-link http://localhost:3000/x'],
    ['看 localhost:3000/x', 'error dead-link localhost:3000/x'],
    ['看 https://127.0.0.1/x', 'error dead-link https://127.0.0.1/x'],
    ['看 https://192.168.1.4/x', 'error dead-link https://192.168.1.4/x'],
    ['看 https://www.example.com/a', 'error dead-link https://www.example.com/a'],
    ['看 https://desk.internal，', 'error dead-link https://desk.internal'],
    ['看 https://，', 'error dead-link https://'],
    ['看 http://qingyu.cn/a', 'warning unsafe-link http://qingyu.cn/a'],
    ['看 [这里](faq/none.md)', 'error dead-link faq/none.md'],
    ['看 media/batch-code.png', 'error dead-link media/batch-code.png'],
  ])('%s', (words, expected) => {
    expect(linksIn(words)).toEqual([expected])
  })

  test.each([
    'https://qingyu.cn/a?b=1，快看',
    'https://{{ host }}/x',
    '{{ link }}',
    '![图](media/none.png)',
    '[官网](https://qingyu.cn)',
    '早/晚各一次',
  ])('leads somewhere: %s', (words) => {
    expect(linksIn(words)).toEqual([])
  })

  test('a file that is there cannot be opened by who reads the message', () => {
    const [there] = gate([text('media/batch-code.png')], { ...service, holds })
    expect(there?.message).toContain('cannot open it')
    const [missing] = gate([text('media/none.png')], { ...service, holds })
    expect(missing?.message).toBe('the file media/none.png is not in the content folder')
  })
})

describe('lengths', () => {
  test('a long message is warned of, with the parts that it goes out in', () => {
    expect(gate([text('好'.repeat(600))], service)).toEqual([])
    expect(gate([text('好'.repeat(601))], service)).toMatchObject([{ rule: 'too-long', severity: 'warning' }])
    expect(gate([text('好'.repeat(2_000))], service)[0]?.message).toBe(
      'the message has 2000 characters and goes out in 3 parts or more',
    )
    expect(gate([text('好'.repeat(300))], { ...service, partBytes: 600 })[0]?.message).toContain('2 parts')
  })

  test('what steers a template does not count', () => {
    expect(
      gate([text(`${'好'.repeat(590)}{% if points > 10 %}{% endif %}{{ name | default: "亲爱的朋友" }}`)], service),
    ).toEqual([])
  })

  test('titles and descriptions of cards are shorter', () => {
    const titled = gate([{ text: '好'.repeat(43), at: [], kind: 'title' }], service)
    expect(titled).toMatchObject([{ rule: 'too-long', message: 'the title of the card has 129 bytes: WeChat cuts it' }])
    expect(gate([{ text: '好'.repeat(170), at: [], kind: 'description' }], service)).toEqual([])
    expect(gate([{ text: '好'.repeat(171), at: [], kind: 'description' }], service)).toHaveLength(1)
  })
})

describe('the lists', () => {
  test('hold what the laws name, each rule with its law and a way out', () => {
    const rules = content.items(complianceKind).map(({ data }) => data)
    expect(rules.every(({ law }) => law.startsWith('《'))).toBe(true)
    const words = rules.flatMap((rule) => rule.words).flatMap((phrase) => phrase.split('|'))
    expect(words.length).toBeGreaterThan(900)
  })

  test('are compiled once for a version', () => {
    expect(gateOf(content.items)).toBe(gate)
    const items = [...content.items(complianceKind)]
    expect(gateOf((kind) => (kind === (complianceKind as never) ? (items as never) : content.items(kind)))).toBe(gate)
    const fewer = items.slice(0, -1)
    expect(gateOf((kind) => (kind === (complianceKind as never) ? (fewer as never) : content.items(kind)))).not.toBe(
      gate,
    )
  })

  test('may be missing: what needs no list is looked at still', () => {
    const bare = gateOf(() => [])
    expect(rulesOf(bare([text('最佳')], marketing))).toEqual(['sender'])
    expect(bare([text('上新')], { purpose: 'marketing', to: 'direct' })).toEqual([])
    expect(rulesOf(bare([text('{{ name }}')], group))).toEqual(['personal-data'])
  })

  test('copies keep the offsets that they came with', () => {
    const setting = { purpose: 'marketing', direct: true, group: false, complete: true } as const
    const copies = [{ text: '顶级面霜', offset: 100 }]
    const told = reviewCopies(gate, copies, setting).map(({ rule, index }) => [rule, index])
    expect(told).toEqual([
      ['sender', 100],
      ['opt-out', 100],
      ['absolute-top', 100],
    ])
    expect(reviewCopies(gate, copies, { ...setting, complete: false })).toHaveLength(1)
  })

  test('a phrase is words of letters and digits', () => {
    const rule = { id: 'a', title: 'a', law: 'a', words: ['最'], suggestion: 'a' }
    const isFit = (words: string[]): boolean => ComplianceRule.safeParse({ ...rule, words }).success
    expect(isFit(['邀请#人|拉#人…得|领', '#天见效', '好评率…#'])).toBe(true)
    for (const word of ['', '|', '最|', '…领', '#', '！', 'a…b…c…d…e']) expect(isFit([word]), word).toBe(false)
  })
})
