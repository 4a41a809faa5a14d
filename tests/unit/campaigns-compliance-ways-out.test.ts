import { beforeAll, describe, expect, test } from 'vitest'
import { type Context, type Gate, gateOf } from '../../src/domains/campaigns/compliance/index.ts'
import { ComplianceBrand } from '../../src/domains/campaigns/compliance/schema.ts'
import type { Content, Item } from '../../src/kernel/content.ts'
import { complianceContent, group, text, wordsOf } from './campaigns-compliance-content.ts'

let content: Content
let gate: Gate
beforeAll(async () => {
  content = await complianceContent()
  gate = gateOf(content.items)
})

const errorsIn = (words: string, context: Context = group): string[] =>
  gate([text(words)], context)
    .filter(({ severity }) => severity === 'error')
    .map((one) => wordsOf(words, one))

describe('ways out', () => {
  test.each([
    '我们不是最好的',
    '没有最好，只有适合',
    '绝不是什么顶级成分',
    '谈不上顶级',
    '护肤品不能治疗湿疹',
    '本品不具有任何治疗作用',
    '不用于预防、诊断、治疗疾病',
    '它没有消炎、抗菌和治疗的作用',
    '请不要轻信根治的说法',
    '无需转发即可领取',
  ])('what is denied: %s', (words) => {
    expect(errorsIn(words)).toEqual([])
  })

  test.each([
    ['不仅治疗粉刺，还美白', '治疗'],
    ['不愧是顶级面霜', '顶级'],
    ['不得不说是最好的面霜', '最好'],
    ['不用去医院，在家就能治疗', '治疗'],
    ['特别消炎', '消炎'],
    ['不油腻，最好用', '最好'],
    ['没有酒精。顶级配方', '顶级'],
    ['不转不是中国人', '不转不是'],
  ])('what only looks denied: %s', (words, at) => {
    expect(errorsIn(words)).toContain(at)
  })

  test.each([
    '按《最佳护肤指南》的顺序来',
    '广告法规定不得使用最高级、最佳等词',
    '「顶级」「极致」这样的词禁止使用',
    '「最佳」是违禁词',
  ])('what is quoted: %s', (words) => {
    expect(errorsIn(words)).toEqual([])
  })

  test('a law that is named elsewhere excuses nothing', () => {
    expect(errorsIn('《广告法》我们都懂。这瓶就是最佳')).toEqual(['最佳'])
    expect(errorsIn('这瓶最佳，不得使用于伤口')).toEqual(['最佳'])
  })

  test('names of the house and of the caller hold what they hold', () => {
    expect(errorsIn('极致修护霜到货')).toEqual(['极致'])
    expect(errorsIn('极致修护霜到货', { ...group, exceptions: ['极致修护霜'] })).toEqual([])
    expect(errorsIn('极致修护霜，极致体验', { ...group, exceptions: ['极致修护霜'] })).toEqual(['极致'])
    expect(errorsIn('顶级家的面霜', { ...group, brand: '顶级家' })).toEqual([])
    const house: Item<ComplianceBrand> = {
      data: ComplianceBrand.parse({ exceptions: ['第一品牌之夜'] }),
      file: 'compliance/brand.yaml',
      at: [],
    }
    const named = gateOf((kind) => (kind.name === 'compliance-brand' ? ([house] as never) : content.items(kind)))
    expect(named([text('来第一品牌之夜坐坐')], group)).toEqual([])
    expect(gate([text('来第一品牌之夜坐坐')], group)).not.toEqual([])
  })
})

describe('disguises', () => {
  test.each([
    ['最*佳', '最*佳'],
    ['最-佳', '最-佳'],
    ['最\u200b佳', '最\u200b佳'],
    ['治.疗', '治.疗'],
    ['治【疗】', '治【疗'],
    ['顶 级', ''],
    ['全 网 最 低', '全 网 最 低'],
    ['全，网，最，低', '全，网，最，低'],
    ['立✨竿✨见✨影', '立✨竿✨见✨影'],
    ['１００％有效', '１００％有效'],
    ['國家級', '國家級'],
    ['ＮＯ．１', 'ＮＯ．１'],
    ['T O P 1', 'T O P 1'],
  ])('%s', (words, at) => {
    expect(errorsIn(words)).toEqual(at === '' ? [] : [at])
  })

  test('two letters with a blank between are worth a look, no more', () => {
    expect(gate([text('顶 级')], group)).toMatchObject([{ severity: 'warning', rule: 'absolute-top' }])
  })

  test.each([
    '做到顶。级别不限',
    '买一送一 流程简单',
    '先到先得，第二杯半价',
    'no1234',
    '屿暖 2.0添加了泛醇',
    'topless',
  ])('what only meets by chance: %s', (words) => {
    expect(errorsIn(words)).toEqual([])
  })

  test('the message says how a disguised word is read', () => {
    const [complaint] = gate([text('最*佳')], group)
    expect(complaint?.message).toContain('"最*佳" (read as "最佳") may not be said')
  })
})
