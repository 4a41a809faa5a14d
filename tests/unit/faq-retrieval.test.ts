import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ask } from '../../src/domains/faq/index.ts'
import { buildIndex } from '../../src/domains/faq/retrieval/index.ts'
import { withoutPleasantries } from '../../src/domains/faq/pleasantries.ts'
import { orderAtMost, orderWith } from '../../src/domains/faq/retrieval/likeness.ts'
import { attemptsOf, spoken } from '../../src/domains/faq/retrieval/reading.ts'
import { normalise, read } from '../../src/domains/faq/retrieval/tokenise.ts'
import { faqSettings } from '../../src/domains/faq/schema.ts'
import { contentWith } from './faq-content.ts'
import { paraphrases, shopEntries, strangers } from './faq-shop.ts'

const now = new Date('2026-03-02T10:00:00+08:00')
const shop = contentWith({ entries: shopEntries })
const index = buildIndex(shopEntries)
const search = (text: string, among = index) => among.search(read(normalise(text)), { limit: 10, allow: () => true })
const wordings = shopEntries.flatMap(({ id, questions }) => questions.map((question) => ({ id, question })))

describe('normalising', () => {
  test('a text that is normalised stays as it is', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...wordings.map(({ question }) => question)))
    fc.assert(fc.property(text, (given) => normalise(normalise(given)) === normalise(given)))
  })

  test('width, case, script, punctuation and emoji make no difference', () => {
    expect(normalise('請問，ＶＣ精華　多少錢？？😀')).toBe(normalise('请问vc精华多少钱'))
    expect(normalise('❤️ 2️⃣ !')).toBe('2')
    expect(normalise('🙏🏻👍')).toBe('')
  })

  test('words in Latin letters keep the space between them', () => {
    expect(normalise('  Vitamin  C 精华 ')).toBe('vitamin c精华')
  })
})

describe('searching', () => {
  test('an exact question always finds its entry first, with a score of 1', () => {
    for (const { id, question } of wordings) {
      expect(search(question)[0]).toMatchObject({ entry: { id }, score: 1 })
    }
  })

  test('full and half width score alike', () => {
    const wide = (text: string) => text.replace(/[!-~]/g, (char) => String.fromCodePoint(char.codePointAt(0)! + 0xfee0))
    fc.assert(
      fc.property(fc.constantFrom(...wordings), fc.string({ maxLength: 6 }), ({ question }, noise) => {
        expect(search(wide(question + noise))).toEqual(search(question + noise))
      }),
    )
  })

  test('traditional and simplified score alike', () => {
    expect(search('開封後能用多久')).toEqual(search('开封后能用多久'))
    expect(search('優惠券怎麼領')).toEqual(search('优惠券怎么领'))
  })

  test('scores lie between 0 and 1 whatever is asked, and only the same text scores 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        for (const { score } of search(text)) expect(score).toBeGreaterThanOrEqual(0)
        for (const { score, entry } of search(text)) {
          if (score >= 1) expect(entry.questions.map(normalise)).toContain(normalise(text))
        }
      }),
    )
  })

  test('an entry is found once, by the wording that came nearest', () => {
    const found = search('面膜可以天天敷么')
    expect(found[0]).toMatchObject({ entry: { id: 'mask-frequency' }, question: '面膜可以天天敷吗' })
    expect(new Set(found.map(({ entry }) => entry.id)).size).toBe(found.length)
  })

  test('a wrong character does not hide an entry', () => {
    expect(search('优惠卷怎么用')[0]?.entry.id).toBe('coupon')
    expect(search('怎么查物硫')[0]?.entry.id).toBe('where-is-my-parcel')
  })

  test('a tag or a word of the answer finds an entry whose questions do not have it', () => {
    const entries = [
      {
        id: 'courier',
        questions: ['发什么快递'],
        answer: '默认发顺丰。',
        tags: ['物流公司'],
        groups: [],
        draft: false,
      },
      { id: 'gift', questions: ['送什么礼物好'], answer: '礼盒。', tags: [], groups: [], draft: false },
    ]
    const small = buildIndex(entries)
    const first = (text: string) => search(text, small)[0]?.entry.id
    expect(first('顺丰能到吗')).toBe('courier')
    expect(first('物流公司')).toBe('courier')
  })

  test('nothing is found where nothing is written, and an empty index answers too', () => {
    expect(search('？！')).toEqual([])
    expect(search('多久发货', buildIndex([]))).toEqual([])
  })
})

describe('the order of characters', () => {
  const alphabet = 6
  const texts = (maxLength: number) => fc.array(fc.integer({ min: 0, max: alphabet - 1 }), { maxLength })

  test('is compared by bits as by the table, whatever the length', () => {
    const asked = fc.array(fc.integer({ min: -1, max: alphabet - 1 }), { minLength: 1, maxLength: 160 })
    fc.assert(
      fc.property(asked, fc.array(texts(200), { minLength: 1, maxLength: 3 }), (text, others) => {
        const inOrder = orderWith(text, alphabet)
        for (const other of others) {
          const common = longestCommon(text, other)
          expect(inOrder(Uint32Array.from(other))).toBe((2 * common) / (text.length + other.length))
          expect(inOrder(Uint32Array.from(other))).toBeLessThanOrEqual(orderAtMost(text.length, other.length))
        }
      }),
    )
  })

  test('is 1 for the same text at the edges of a word of bits', () => {
    for (const length of [1, 31, 32, 33, 63, 64, 65, 160]) {
      const text = Array.from({ length }, (_, i) => i % alphabet)
      expect(orderWith(text, alphabet)(Uint32Array.from(text))).toBe(1)
    }
  })
})

/** The length of the longest common subsequence, by the table. */
function longestCommon(a: readonly number[], b: readonly number[]): number {
  let row = b.map(() => 0)
  for (const char of a) {
    const next: number[] = []
    for (const [j, other] of b.entries()) {
      next.push(char === other ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

describe('deciding', () => {
  test.each(paraphrases)('«%s» leads to %s', (question, entry) => {
    const { decision, top } = ask(shop, question, { now })
    if (decision === 'answer') expect(top[0]?.entry).toBe(entry)
    else expect(top.slice(0, 3).map((found) => found.entry)).toContain(entry)
  })

  test('half of the paraphrases are answered at once, and hardly one is not understood', () => {
    const answered = paraphrases.filter(([question]) => ask(shop, question, { now }).decision === 'answer')
    expect(answered.length / paraphrases.length).toBeGreaterThanOrEqual(0.5)
    const lost = paraphrases.filter(([question]) => ask(shop, question, { now }).decision === 'none')
    expect(lost.length / paraphrases.length).toBeLessThan(0.1)
  })

  test.each(strangers)('«%s» is never answered', (text) => {
    expect(ask(shop, text, { now }).decision).not.toBe('answer')
  })

  test('greetings, thanks and questions about something else find nothing', () => {
    const silly = strangers.filter((text) => ask(shop, text, { now }).decision !== 'none')
    expect(silly.length / strangers.length).toBeLessThan(0.05)
    for (const text of ['在吗', '你好', '谢谢', '哈哈', '明天天气怎么样', '帮我写首诗']) {
      expect(ask(shop, text, { now })).toMatchObject({ decision: 'none', text: 'faq.unknown {}' })
    }
  })

  test('two entries that come equally near are offered, not guessed at', () => {
    const entries = [
      { id: 'toner-price', questions: ['爽肤水多少钱'], answer: '99' },
      { id: 'cream-price', questions: ['面霜多少钱'], answer: '199' },
    ]
    const { decision, text } = ask(contentWith({ entries }), '请问多少钱', { now })
    expect(decision).not.toBe('answer')
    expect(decision === 'none' || text.includes('"number":2')).toBe(true)
  })

  test('a tag of several entries is a topic, offered and not answered, unless it is a wording itself', () => {
    const entries = [
      { id: 'retinol-start', questions: ['A醇怎么用', '新手用A醇', '用A醇脱皮正常吗'], answer: 'a', tags: ['A醇'] },
      { id: 'retinol-serum', questions: ['晚屿精华多少钱'], answer: 'b', tags: ['a醇', '视黄醇'] },
    ]
    const decisionOn = (text: string, questions: string[] = []) => {
      const more = questions.map((question) => ({ id: 'more', questions: [question], answer: 'c' }))
      return ask(contentWith({ entries: [...entries, ...more] }), text, { now }).decision
    }
    for (const text of ['A醇', 'a 醇', 'Ａ醇！']) expect(decisionOn(text)).toBe('suggest')
    expect(decisionOn('A醇怎么用呀')).toBe('answer')
    expect(decisionOn('A醇', ['A醇'])).toBe('answer')
  })

  test.each(['多久发货？包邮吗？', '多久发货，包邮吗', '你好\n多久发货呀\n包邮吗～'])(
    'two questions in one message get both answers, in their order: «%s»',
    (text) => {
      expect(ask(shop, text, { now })).toMatchObject({
        decision: 'answer',
        text: '答案：shipping-time\n\n答案：free-shipping',
      })
    },
  )

  test('one question is answered once, however many clauses say it, and at most three are answered', () => {
    expect(ask(shop, '面膜多久敷一次，面膜可以天天敷吗', { now }).text).toBe('答案：mask-frequency')
    expect(ask(shop, '怎么查物流？能开发票吗？包邮吗？怎么退货？', { now }).text.split('\n\n')).toHaveLength(3)
  })

  test('a wording of two clauses stays one question', () => {
    const entries = [
      { id: 'hurry', questions: ['多久发货，包邮吗'], answer: 'both' },
      { id: 'time', questions: ['多久发货'], answer: 'time' },
      { id: 'free', questions: ['包邮吗'], answer: 'free' },
    ]
    expect(ask(contentWith({ entries }), '多久发货，包邮吗', { now }).text).toBe('both')
  })

  test('a greeting around the question does not hide it', () => {
    expect(ask(shop, '在吗？我想问一下，面膜多久敷一次，谢谢', { now })).toMatchObject({
      decision: 'answer',
      text: '答案：mask-frequency',
    })
  })

  test('a question in pieces is read as one behind a greeting, and never without what it is about', () => {
    const entries = [
      { id: 'balm-price', questions: ['卸妆膏多少钱'], answer: '168' },
      { id: 'balm-use', questions: ['卸妆膏怎么用'], answer: '干手干脸' },
      { id: 'cream-price', questions: ['面霜多少钱'], answer: '238' },
      { id: 'invoice-wrong', questions: ['发票填错了怎么办'], answer: '重开' },
      { id: 'address-wrong', questions: ['地址填错了怎么改'], answer: '改地址' },
    ]
    const content = contentWith({ entries })
    expect(ask(content, '你好～\n卸妆膏\n多少钱', { now })).toMatchObject({ decision: 'answer', text: '168' })
    expect(ask(content, '地址\n填错了\n怎么办', { now }).top[0]?.entry).toBe('address-wrong')
  })

  test('at most ten entries are told, the likeliest first', () => {
    const { top } = ask(shop, '怎么用多久可以', { now })
    expect(top.length).toBeLessThanOrEqual(10)
    expect(top.map(({ score }) => score)).toEqual(top.map(({ score }) => score).sort((a, b) => b - a))
  })

  test('a draft is answered when it is one no longer', () => {
    const entry = { id: 'opening', questions: ['几点开门'], answer: '九点' }
    expect(ask(contentWith({ entries: [{ ...entry, draft: true }] }), '几点开门', { now }).top).toEqual([])
    expect(ask(contentWith({ entries: [entry] }), '几点开门', { now })).toMatchObject({ decision: 'answer' })
  })

  test('an entry of certain groups is found there and nowhere else, and before the one for everybody', () => {
    const entries = [
      { id: 'everybody', questions: ['有什么活动'], answer: 'all' },
      { id: 'vip', questions: ['有什么活动'], answer: 'vip', groups: ['vip'] },
    ]
    const content = contentWith({ entries })
    expect(ask(content, '有什么活动', { now, group: 'vip' })).toMatchObject({ decision: 'answer', text: 'vip' })
    expect(ask(content, '有什么活动', { now, group: 'other' }).top).toEqual([{ entry: 'everybody', score: 1 }])
    expect(ask(content, '有什么活动', { now }).top).toEqual([{ entry: 'everybody', score: 1 }])
  })

  test('an entry is found on its last day and never after, by the calendar of the brand', () => {
    const content = contentWith({
      entries: [{ id: 'sale', questions: ['有什么活动'], answer: 'sale', validUntil: '2026-03-02' }],
    })
    const at = (now: string) => ask(content, '有什么活动', { now: new Date(now) }).decision
    expect(at('2026-03-02T23:59:59+08:00')).toBe('answer')
    expect(at('2026-03-03T00:00:00+08:00')).toBe('none')
  })
})

describe('reading', () => {
  test('mentions and emoticons are no part of a question', () => {
    expect(spoken('@青屿 小助手\u2005面膜多久敷一次[微笑]')).toBe('面膜多久敷一次')
    expect(spoken('@bot 面膜多久敷一次')).toBe('面膜多久敷一次')
    expect(spoken('面膜多久敷一次 @bot')).toBe('面膜多久敷一次')
    expect(spoken('@bot')).toBe('')
    expect(spoken('邮箱是 a@b.cn 吗')).toBe('邮箱是 a@b.cn 吗')
  })

  test('a text is read as a whole, by lines and by clauses, and never in more than six ways', () => {
    const ways = (text: string) => [...attemptsOf(text, new Set(), () => true)].map(({ asked }) => asked.text)
    expect(ways('面膜\n多久敷一次')).toEqual(['面膜多久敷一次', '多久敷一次'])
    expect(ways(Array.from({ length: 40 }, (_, i) => `这里有第${i}句`).join('，'))).toHaveLength(6)
  })

  test('greetings and thanks around it are left out, unless there is nothing else or one may be a word of it', () => {
    const settings = faqSettings.schema.parse({ greetings: ['你好', '在吗', '早'], ignore: ['谢谢'] })
    const left = (text: string) => withoutPleasantries(text, settings)
    expect(left('你好，在吗？\n面膜多久敷一次，\n可以天天敷吗？谢谢～')).toBe('面膜多久敷一次，\n可以天天敷吗')
    expect(left('面膜多久敷一次')).toBe('面膜多久敷一次')
    expect(left('早、晚都能用吗')).toBe('早、晚都能用吗')
    expect(normalise(left('你好，谢谢'))).not.toBe('')
  })

  test('what is not worth while is not read', () => {
    const ways = [...attemptsOf('防晒霜，多久补一次', new Set(), (worth) => worth > 0.7)]
    expect(ways.map(({ asked }) => asked.text)).toEqual(['防晒霜多久补一次'])
  })
})
