/** Who wants a human, or is so angry that one ought to come: in the words of the example brand, without a model. */
import { beforeAll, describe, expect, test } from 'vitest'
import { guard, isAngry } from '../../src/domains/faq/guards/index.ts'
import { entriesOf } from '../../src/domains/faq/schema.ts'
import type { Content } from '../../src/kernel/content.ts'
import { exampleContent } from './faq-grounding-content.ts'
import { ordinarySentences } from './faq-guards-ordinary.ts'

let content: Content
beforeAll(async () => {
  content = await exampleContent()
})

/** Texts that are taken for what they are not, or are not taken for what they are. */
const humansIn = (texts: readonly string[]): string[] =>
  texts.filter((text) => {
    const guarded = guard(text, content)
    return guarded.kind === 'human' && guarded.topic.startsWith('human')
  })
const angryIn = (texts: readonly string[]): string[] => texts.filter((text) => isAngry(text, content))

describe('who asks for a human', () => {
  const asking = [
    ...[
      '人工',
      '转人工',
      '轉人工',
      '换个人',
      '叫你们经理',
      '别跟我扯',
      '人 工',
      '人-工',
      'rengong',
      '真人',
      '找个活人',
    ],
    ...[
      '人工！！！',
      '人工人工人工',
      '人工呢',
      '人工在吗',
      '有没有人工',
      '我要人工',
      '我要求转人工',
      '客服呢',
      '在线客服',
    ],
    // As thumbs write it.
    ...['转人功', '转仁工', '转ren工', '转 人 工', '人公', '找人公客服', 'zrg', 'zhuan ren gong', '转rengong'],
    // With other things around it.
    ...['等了多久了 转人工', '都几点了还没人 转人工', '别推荐了转人工', '智障机器人 转人工', '听不懂人话吗 换人'],
    ...[
      '能不能换个人跟我说',
      '我不想跟机器人说话',
      '别让机器人回我',
      '不要自动回复',
      '我想跟人聊',
      '让你们主管给我打电话',
    ],
    ...['人工，补发的还是没收到', '补发的还没收到，人工', '真人 我不想打字了', '退款还没到！人工客服'],
    ...['给我来个活人', '别扯了 叫人', '叫店长出来', 'get me a human', 'let me talk to your manager'],
  ]
  test('is understood in any words, with typos and without a model', () => {
    expect(asking.filter((text) => !humansIn([text]).length)).toEqual([])
  })

  const others = [
    ...[
      '人工智能是什么',
      '人工费多少',
      '人工香精加了吗',
      '有没有人工香精',
      '含人工色素吗',
      '纯人工手作吗',
      '人工皮能用吗',
    ],
    ...['人工客服几点上班', '你们人工几点下班', '是人工在回我吗', '你是真人吗', '现在有人在吗', '半夜有人吗'],
    ...['想换个颜色', '换个人用会过敏吗', '收货人换个人行吗', '要人来取件吗', '给我换个人气高的', '来个人气款'],
    ...['色素是天然的还是人工的', '香精，人工的吗', '是机器人，真人？', '人工 客服几点上班'],
    ...['这款真人试色有吗', '经理推荐的那款多少钱', '你们老板是谁', '适合什么人', '找人代付可以吗', '客服电话是多少'],
  ]
  test('is not whoever uses the same characters for something else', () => {
    expect(humansIn(others)).toEqual([])
  })
})

describe('who complains or is very angry', () => {
  test('is understood without a model', () => {
    const angry = [
      ...[
        '我要投诉',
        '你们客服态度太差了',
        '服务差劲',
        '气死我了',
        '我真的很生气',
        '骗子！',
        '你们就是骗子公司',
        '垃圾',
      ],
      ...[
        '太过分了',
        '忍无可忍',
        '再也不会买你们家了',
        '店大欺客',
        '敷衍我',
        '什么破包装',
        '没人管吗',
        '还我钱',
        '他妈的',
      ],
      ...['叫你们老板来', '你们就这么对顾客的', '必须差评', 'this is a scam', 'i want to complain', '氣死我了'],
    ]
    expect(angry.filter((text) => !isAngry(text, content))).toEqual([])
  })

  test('is not whoever asks about it, or uses the same characters for something else', () => {
    const calm = [
      ...[
        '怎么投诉快递',
        '投诉电话是多少',
        '不要生气',
        '老公生气了送什么',
        '垃圾袋要自己准备吗',
        '会不会踩雷',
        '能退钱吗',
      ],
      ...[
        '退钱要多久',
        '遇到骗子了怎么办',
        '滚珠眼霜',
        '怎么操作',
        '妈妈用哪款',
        '你妈的生日',
        '孕吐恶心能用吗',
        '去死皮用什么',
      ],
      ...['火大长痘怎么办', '生气长斑吗', '懒人护肤', '找你们老板谈合作'],
    ]
    expect(angryIn(calm)).toEqual([])
    // It is a complaint, though not about us.
    expect(angryIn(ordinarySentences)).toEqual(['我要投诉快递'])
  })

  test('questions of entries are calm, but for those about complaints', () => {
    const angry = entriesOf(content).filter(({ questions }) => angryIn(questions).length > 0)
    expect(angry.map(({ id }) => id)).toEqual(['service-complaint'])
  })
})
