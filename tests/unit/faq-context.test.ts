/** Questions that lean on what was said before, over the content of the example brand. */
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import type { Turn } from '../../src/domains/faq/answers/schema.ts'
import { readings } from '../../src/domains/faq/context/index.ts'
import { consider, type Considered } from '../../src/domains/faq/retrieval/ask.ts'
import { entriesOf } from '../../src/domains/faq/schema.ts'
import { effortOf } from '../support/effort.ts'

const folder = fileURLToPath(new URL('../../content', import.meta.url))
const { content } = await loadFolder(folder, registry, { tolerates: () => true })
if (!content) throw new Error('the example brand cannot be read')
const now = new Date('2026-11-22T10:00:00+08:00')

/** As the dialogue does it: the first reading that finds a sure answer. */
function look(text: string, quoted: string | null, recent: readonly Turn[]): Considered {
  const considered = readings(text, { quoted, recent, content: content! }).map((reading) =>
    consider(content!, reading.text, { now, group: null }),
  )
  return considered.find(({ decision }) => decision.kind === 'answer') ?? considered[0]!
}

/** Asks one after the other; the entries of the last. */
function entriesAfter(questions: readonly string[], quoted: string | null = null): string[] {
  const recent: Turn[] = []
  for (const [i, question] of questions.entries()) {
    const { decision } = look(question, i === questions.length - 1 ? quoted : null, recent)
    const entries = decision.kind === 'answer' ? decision.entries : []
    recent.push({ question, answer: entries[0]?.answer ?? '', entries: entries.map(({ id }) => id) })
  }
  return recent.at(-1)!.entries
}

const turn = (question: string, ...entries: string[]): Turn => ({ question, answer: '', entries })
const readAs = (text: string, recent: readonly Turn[], quoted: string | null = null) =>
  readings(text, { quoted, recent, content: content })
const first = (text: string, recent: readonly Turn[], quoted: string | null = null) => readAs(text, recent, quoted)[0]

describe('dialogues reach the entry that is meant', () => {
  test.each([
    // The last question, of something else.
    ['product-cleanser', '面膜多少钱', '洗面奶呢'],
    ['product-cleanser', '面膜多少钱一盒', '那洗面奶呢？'],
    ['product-cleanser', '面膜多少錢', '洗面奶咧？'],
    ['product-repair-cream', '面膜多少钱', '洗面奶呢', '那面霜呢'],
    ['product-vc-serum', '晚屿A醇精华多少钱', '初光呢'],
    ['product-light-lotion', '面霜多少钱', '清爽乳呢'],
    ['product-sunscreen', '面膜多少钱', '防晒也一样吗'],
    ['skin-children', '孕妇能用吗', '小孩呢'],
    ['skin-pregnant', '小孩可以用吗', '那孕妇呢'],
    ['member-levels', '屿友有什么权益', '岛主呢'],
    ['points-use', '2000积分可以抵多少', '1000积分呢'],
    ['skin-age', '20岁用什么护肤品', '那40岁呢'],
    ['pay-methods', '可以用支付宝吗', '花呗呢'],
    ['official-channels', '京东有店吗', '拼多多呢'],
    ['service-stores', '上海哪里可以试', '成都呢'],
    ['ship-overseas', '可以寄到国外吗', '那香港呢'],
    ['return-opened', '没拆封能退吗', '拆封了呢'],
    // What the last turn was about, by a pronoun.
    ['product-mask', '静海面膜一盒几片', '这个多少钱'],
    ['product-mask', '面膜一周敷几次', '那个多少钱'],
    ['product-cleanser', '面膜一周敷几次', '那个多少钱', '洗面奶呢'],
    ['retinol-start', 'A醇多少钱', '它怎么用'],
    ['points-expire', '积分怎么攒', '这个会过期吗'],
    ['product-soothing-serum', '海茴香精华是干嘛的', '刚才那个多少钱'],
    ['product-sunscreen', '晴岛防晒怎么样', '这个多少钱'],
    ['product-cleansing-balm', '净屿卸妆膏怎么样', '这个敏感肌能用吗'],
    ['return-opened', '面霜多少钱', '它拆封了还能退吗'],
    ['use-eye-area', '修护霜多少克', '它能涂眼睛周围吗'],
    ['product-travel-set', '有旅行装吗', '这个能带上飞机不'],
    // A question that names nothing.
    ['use-cleansing-balm', '卸妆膏多少钱', '怎么用'],
    ['points-use', '积分怎么算', '怎么用'],
    ['coupon-join', '优惠券能叠加吗', '在哪领'],
    ['product-mask', '面膜怎么卖', '一周几次'],
    // A question of its own in the middle of a talk.
    ['community-what', '面膜多少钱', '这个群是干嘛的'],
    ['brand-story', '面膜多少钱', '这牌子靠谱吗'],
    ['product-acid-pads', '面膜多少钱', '水杨酸的那个敏感皮能用不'],
    ['product-repair-cream', '面膜多少钱', '这款面霜多少钱'],
    ['my-refund', '面膜多少钱', '我的退款呢'],
    ['service-human', '面膜多少钱', '转人工'],
  ])('%s: %s / %s', (entry, ...questions) => {
    expect(entriesAfter(questions)).toEqual([entry])
  })

  test.each([
    ['product-mask', '这个多少钱', '静海舒缓面膜 5 片一盒，99 元，每片 25 ml 精华液'],
    ['product-mask', '这个敷完要洗吗', '静海舒缓面膜 5 片一盒'],
    ['invoice-get', '这个有人知道吗', '怎么开发票'],
    ['ship-sf', '请问', '可以发顺丰吗'],
    ['use-spf-meaning', '这个是什么意思', 'SPF50'],
  ])('%s: %s, quoting «%s»', (entry, text, quoted) => {
    expect(entriesAfter([text], quoted)).toEqual([entry])
  })

  test('a quoted message goes before what was said last', () => {
    expect(entriesAfter(['洗面奶多少钱', '这个多少钱'], '静海舒缓面膜 5 片一盒')).toEqual(['product-mask'])
  })
})

describe('what is looked up', () => {
  test('a place takes the place of a place, a number that of a number', () => {
    expect(first('上海呢', [turn('寄到北京要几天')])).toEqual({ text: '寄到上海要几天', leans: true })
    expect(first('满21天呢', [turn('打卡满7天送什么')])).toEqual({ text: '打卡满21天送什么', leans: true })
    expect(first('新疆呢', [turn('多少钱包邮')])).toEqual({ text: '新疆多少钱包邮', leans: true })
  })

  test('without anything said before, the text stands alone', () => {
    for (const text of ['这个多少钱', '洗面奶呢', '为什么', '怎么弄']) {
      expect(readAs(text, [])).toEqual([{ text, leans: false }])
    }
  })

  test('«this one?» alone asks the last question again', () => {
    expect(first('这个呢', [turn('面膜多少钱', 'product-mask')])?.text).toBe('面膜多少钱')
  })

  test('a question of an entry, word for word, leans on nothing', () => {
    const before = [turn('面膜多少钱', 'product-mask')]
    for (const question of entriesOf(content).flatMap(({ questions }) => questions)) {
      expect(readAs(question, before, '静海舒缓面膜')).toEqual([{ text: question, leans: false }])
    }
  })

  test('a long text leans on nothing', () => {
    const text = `这个${'真的很好用我一直在用'.repeat(5)}多少钱`
    expect(readAs(text, [turn('面膜多少钱', 'product-mask')])).toEqual([{ text, leans: false }])
  })

  test('whatever is said, the text itself is among at most three readings, and it does not take long', () => {
    const bits = fc.constantFrom(
      '这个',
      '那',
      '呢',
      '多少钱',
      '面膜',
      '怎么',
      '的',
      '了',
      '？',
      '上海',
      '7天',
      '它',
      'a醇',
    )
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(bits).map((all) => all.join('')),
    )
    const turns = fc.array(fc.record({ question: text, answer: text, entries: fc.subarray(['product-mask', 'gone']) }))
    fc.assert(
      fc.property(text, turns, fc.option(text), (said, recent, quoted) => {
        const found = readAs(said, recent, quoted)
        expect(found.length).toBeLessThanOrEqual(3)
        expect(found.at(-1)).toEqual({ text: said, leans: false })
        expect(found.slice(0, -1).every(({ leans, text }) => leans && text.trim() !== '')).toBe(true)
      }),
    )
  })

  test('where there were no words before, nothing is made of them', () => {
    expect(readAs('这个', [turn('')], null)).toEqual([{ text: '这个', leans: false }])
  })

  test('endless repetitions of what points back are read in no time', () => {
    const effort = effortOf(() => {
      for (const piece of ['这个', '怎么用', '请问', '刚才说的', '那', '的话', '0']) {
        readAs(piece.repeat(20_000), [turn(piece.repeat(20_000), 'product-mask')], piece.repeat(20_000))
      }
      // Short enough to be read, and with many ways to cut them.
      for (const piece of ['吗', '问一下', '好用', '查看', '嗯', '我想问', '这个问题', '那么', '也是', '一次']) {
        const text = `${piece.repeat(39).slice(0, 38)}x`
        readAs(text, [turn(text, 'product-mask')], text)
      }
    })
    expect(effort).toBeLessThan(5_000)
  })
})
