import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import { complianceBrandKind, complianceKind } from '../../src/domains/campaigns/compliance/index.ts'
import { createGate, type Gate, reviewCopies, type Setting } from '../../src/domains/campaigns/compliance/decide.ts'

let gate: Gate
beforeAll(async () => {
  const { content } = await loadFolder('content', registry)
  const rules = content!.items(complianceKind).map(({ data }) => data)
  gate = createGate(rules, content!.one(complianceBrandKind))
})

const marketing: Setting = { purpose: 'marketing', direct: true, group: false }
const group: Setting = { purpose: 'marketing', direct: false, group: true }

function rulesOf(text: string, setting: Setting = marketing, complete = false): string[] {
  return reviewCopies(gate, [{ text, offset: 0 }], { ...setting, complete }).map(({ rule }) => rule)
}

/** Marketing as it is written every day, with nothing wrong in it. */
const harmless = [
  '最近天气干，洗完脸别等，趁脸上还潮把乳霜涂上。',
  '券的有效期到 12 月 31 日，最晚当天 24:00 前用掉。',
  '第一次用酸，一周两次就够，慢慢来。',
  '第一步洗脸，第二步水，第三步乳。',
  '这不是最好的办法，但很省事。',
  '我们没有最低消费的要求。',
  '按《广告法》第九条，不得使用「国家级」「最高级」「最佳」等用语。',
  '护肤品不能治疗皮炎，红痒几天不退请去看看皮肤科。',
  '它不具有治疗作用，只是保湿。',
  '每人最多领两张，最少满 99 元可用。',
  '最后三天，想试的朋友看过来。',
  '屿暖修护霜到货啦，10 g 旅行装也有。',
  '有湿疹的朋友先别用，等好了再说。',
  '入会满 30 天送生日券，在小程序「我的」里。',
  '最好先在耳后试一试，没有不舒服再上脸。',
  '今天气温最低零下五度，出门记得涂防冻的霜。',
  '多数人连用四周，觉得脸没那么干了。',
  '孕期用什么，建议先问问医生，遵医嘱最稳妥。',
  '退货要带好订单号，顾问会帮你处理。',
  '唯一码在瓶底，扫一下就能查真伪。',
  '晚上八点，小屿在群里陪大家聊聊冬天怎么洗脸。',
  '一套 299 元，比单买省 60 元，活动到周日晚上。',
  '积分永久有效，不用着急。',
  '岛主专享价，转发给别人打不开。',
  '有想法直接回我，好的坏的都收。',
]

const bad: [rule: string, text: string][] = [
  ['absolute', '全网最低，闭眼入'],
  ['absolute', '史上最强面霜来了'],
  ['absolute', '行业第一的精华'],
  ['absolute', '顶级成分，尊享体验'],
  ['absolute', '国家级实验室出品'],
  ['absolute', '独一无二的配方'],
  ['absolute', '绝对适合你'],
  ['absolute', '100%有效'],
  ['absolute', '最 佳 选 择'],
  ['absolute', '最·好的一款'],
  ['absolute', '销量ＮＯ.１的面膜'],
  ['absolute', '完美肌肤从今天开始'],
  ['absolute', '最受歡迎的面膜'],
  ['medical-claims', '七天治疗痘痘'],
  ['medical-claims', '抗炎消炎，红脸救星'],
  ['medical-claims', '医学护肤品，皮肤科推荐'],
  ['medical-claims', '深层排毒，活血化瘀'],
  ['medical-claims', '祛疤淡斑一瓶搞定'],
  ['medical-claims', '細胞再生，細胞活化'],
  ['medical-claims', '药妆级别，一个疗程见效'],
  ['guarantee', '三天变白，不白退款'],
  ['guarantee', '无副作用，人人适用'],
  ['guarantee', '立竿见影'],
  ['guarantee', '绝不过敏，放心用'],
  ['exaggerated-effect', '逆龄冻龄，年轻十岁'],
  ['exaggerated-effect', '纯天然，无添加'],
  ['exaggerated-effect', '毛孔消失术'],
  ['rewarded-sharing', '转发到朋友圈领小样'],
  ['rewarded-sharing', '集赞 38 个送面膜'],
  ['rewarded-sharing', '邀请好友得 20 元'],
  ['rewarded-sharing', '好评返现 5 元'],
  ['rewarded-sharing', '帮我砍一刀'],
  ['coerced-sharing', '不转不是中国人'],
  ['coerced-sharing', '马上被删，赶紧看'],
  ['outside-money', '加我微信，私下转账便宜'],
  ['state-organs', '人民大会堂特供'],
  ['false-urgency', '跳楼价，仅此一天'],
  ['medical-comparison', '吊打大牌'],
  ['superstition', '开光面霜，转运'],
]

describe('words', () => {
  test.each(harmless)('«%s» is harmless', (text) => {
    expect(rulesOf(text)).toEqual([])
  })

  test.each(bad)('%s is seen in «%s»', (rule, text) => {
    expect(rulesOf(text)).toContain(rule)
  })

  test('a finding names the rule with its law, the place and a way out', () => {
    const [found] = reviewCopies(gate, [{ text: '大家好，这是最 佳选择。', offset: 100 }], {
      ...marketing,
      complete: false,
    })
    expect(found).toMatchObject({ severity: 'error', index: 106, length: 3 })
    expect(found?.message).toBe('«最 佳»: 绝对化用语 (《广告法》第九条第三项)')
    expect(found?.expected).not.toBe('')
  })

  test('names of products are no claims, and service messages may speak of what marketing may not', () => {
    expect(rulesOf('舒缓修护面膜补货了')).toEqual([])
    expect(rulesOf('这是最好的安排', { ...marketing, purpose: 'service' })).toEqual([])
    expect(rulesOf('转发朋友圈领券', { ...marketing, purpose: 'service' })).toContain('rewarded-sharing')
  })

  test('never throws, and points into the text', () => {
    const pieces = fc.constantFrom('最', '佳', ' ', '。', '《', '》', '不是', '療', '💧', '\n', 'NO.1', '治疗', '1')
    fc.assert(
      fc.property(
        fc.array(pieces).map((all) => all.join('')),
        fc.string({ unit: 'binary' }),
        (text, noise) => {
          for (const copy of [text, noise, text + noise]) {
            for (const { index, length } of reviewCopies(gate, [{ text: copy, offset: 0 }], {
              ...marketing,
              complete: false,
            })) {
              expect(index).toBeGreaterThanOrEqual(0)
              expect(index + length).toBeLessThanOrEqual(copy.length)
            }
          }
        },
      ),
    )
  })

  test('a harmless sentence behind changes nothing in front', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bad), fc.constantFrom(...harmless), ([, text], after) => {
        expect(rulesOf(`${text}。\n${after}`)).toEqual(rulesOf(text))
      }),
    )
  })
})

describe('what must be said, and what may not stand before a group', () => {
  test('direct marketing says who writes and how to have no more of it', () => {
    expect(rulesOf('今晚八点开始。', marketing, true)).toEqual(['sender', 'opt-out'])
    expect(rulesOf('{{ brand }}：今晚八点开始。\n回复「退订」不再收到', marketing, true)).toEqual([])
    expect(rulesOf('青屿的小屿：不想收可回复TD', marketing, true)).toEqual([])
    expect(rulesOf('今晚八点开始。', group, true)).toEqual([])
    expect(rulesOf('今晚八点开始。', { ...marketing, purpose: 'service' }, true)).toEqual([])
  })

  test.each([
    ['phone', '有事打 13812345678'],
    ['id-number', '身份证 11010519491231002X'],
    ['order-number', '订单 2026112300012345 已发'],
    ['personal-placeholder', '{{ name }}，今晚见'],
    ['personal-placeholder', '你的标签是{{tags.interest.first}}'],
  ])('%s has no place in a group', (rule, text) => {
    expect(rulesOf(text, group)).toEqual([rule])
    expect(rulesOf(text)).toEqual([])
  })

  test('the brand’s hotline and name may stand there', () => {
    expect(rulesOf('{{ brand }}客服电话 400-820-8820', group)).toEqual([])
  })

  test.each([
    ['dead-link', '看这里 https://localhost:3000/a'],
    ['dead-link', '看这里 http://192.168.1.2/a'],
    ['dead-link', '看这里 https://example.com/x'],
    ['plain-link', '看这里 http://qingyu.cn/x'],
  ])('%s is found in «%s»', (rule, text) => {
    expect(rulesOf(text)).toEqual([rule])
  })

  test('a message that nobody reads to its end is warned of', () => {
    expect(rulesOf('好'.repeat(601))).toEqual(['long'])
  })
})
