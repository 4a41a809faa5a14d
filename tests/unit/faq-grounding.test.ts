import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Complaint, ModelAnswer } from '../../src/domains/faq/answers/schema.ts'
import { checkAnswer } from '../../src/domains/faq/grounding/index.ts'
import { guard } from '../../src/domains/faq/guards/index.ts'
import { type Persona, personaOf } from '../../src/domains/faq/persona/index.ts'
import { entriesOf, type FaqEntry } from '../../src/domains/faq/schema.ts'
import type { Content } from '../../src/kernel/content.ts'
import { attacks } from '../support/attacks.ts'
import { goodAnswers, goodCourtesies } from './faq-grounding-answers.ts'
import { badAnswers, inventiveAnswers, unseenAnswers } from './faq-grounding-bad.ts'
import { entryOf, exampleContent } from './faq-grounding-content.ts'
import { newlyBad, newlyGood } from './faq-grounding-fresh.ts'
import { effortOf } from '../support/effort.ts'

let content: Content
let persona: Persona | undefined
/** What is answered in the brand's words; facts are filled in by code and never voiced. */
let entries: FaqEntry[]

beforeAll(async () => {
  content = await exampleContent()
  persona = personaOf(content, null)
  entries = entriesOf(content).filter(({ answer }) => !answer.includes('{{'))
})

type Asked = {
  answer: string
  cites?: readonly string[]
  given?: readonly FaqEntry[]
  question?: string
  intent?: ModelAnswer['intent']
  mood?: ModelAnswer['mood']
  names?: readonly string[]
  /** null: none. */
  as?: Persona | null | undefined
}

function check({
  answer,
  cites = [],
  given,
  question = '',
  intent,
  mood = 'calm',
  names = [],
  as = persona,
}: Asked): Complaint[] {
  return checkAnswer(
    {
      answer,
      cites: [...cites],
      mood,
      intent: intent ?? (cites.length > 0 ? 'faq' : 'smalltalk'),
      human: 'none',
      proposes: {},
    },
    {
      given: given ?? cites.map((id) => entryOf(content, id)),
      question,
      context: [],
      persona: as ?? undefined,
      content,
      askerNames: names,
    },
  )
}

const checksOf = (asked: Asked): string[] => check(asked).map(({ check: name }) => name)
const sentencesOf = (entry: FaqEntry): string[] =>
  entry.answer.split(/(?<=[。！？\n])/u).filter((one) => one.trim() !== '')

const linesOf = (fresh: Readonly<Record<string, string>>): { cites: string[]; answer: string }[] =>
  Object.entries(fresh).flatMap(([ids, lines]) =>
    lines.split('\n').map((answer) => ({ cites: ids.split(' '), answer })),
  )

describe('what stands in a cited entry may be said', () => {
  test('every entry’s own answer, to each of its questions', () => {
    const refused = entries.flatMap((entry) =>
      entry.questions.flatMap((question) => {
        const complaints = check({ answer: entry.answer, cites: [entry.id], given: [entry], question, as: null })
        return complaints.length > 0 ? [`${entry.id} «${question}»: ${JSON.stringify(complaints)}`] : []
      }),
    )
    expect(refused).toEqual([])
  })

  test('whole sentences of one entry or two, in any order', () => {
    const two = fc.integer({ min: 0, max: 10_000 }).chain((seed) => {
      const first = entries[seed % entries.length]
      const second = entries[(seed * 7 + 3) % entries.length]
      const cited = [...new Set([first, second])].filter((one) => one !== undefined)
      return fc.record({
        cited: fc.constant(cited),
        said: fc.shuffledSubarray(cited.flatMap(sentencesOf), { minLength: 1, maxLength: 4 }),
      })
    })
    fc.assert(
      fc.property(two, ({ cited, said }) => {
        const answer = said.map((one) => one.trim()).join('\n')
        expect(
          check({ answer, cites: cited.map(({ id }) => id), given: cited, as: null }).filter(
            ({ check: name }) => name !== 'length',
          ),
        ).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })

  test('what a warm persona makes of it: at most 3 of 100 are refused', () => {
    const refused = goodAnswers.flatMap((one) => {
      const complaints = check(one)
      return complaints.length > 0 ? [`${one.answer.slice(0, 30)}: ${JSON.stringify(complaints)}`] : []
    })
    expect(goodAnswers.length).toBeGreaterThanOrEqual(115)
    expect(refused.length / goodAnswers.length, refused.join('\n')).toBeLessThanOrEqual(0.03)
  })

  test('what was written faithfully in short sentences: at most 10 of 60 are refused', () => {
    const refused = linesOf(newlyGood).flatMap((one) => {
      const complaints = check({ ...one, question: /^[a-z]/iu.test(one.answer) ? 'how much is it' : '请问一下' })
      return complaints.length > 0 ? [`${one.answer}: ${JSON.stringify(complaints)}`] : []
    })
    expect(linesOf(newlyGood).length).toBeGreaterThanOrEqual(60)
    expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(10)
  })

  test.each(goodCourtesies)('$answer', (courtesy) => {
    expect(check(courtesy)).toEqual([])
  })

  test('her own name may be said', () => {
    const answer = '林小满女士，让你久等了，平日付款后 48 小时内会发出。'
    expect(check({ answer, cites: ['ship-urge'], names: ['林小满'] })).toEqual([])
    expect(checksOf({ answer, cites: ['ship-urge'], names: ['王芳'] })).toContain('person')
  })

  test('a count that she named may be said back, and no price, time or percentage of hers', () => {
    const question = '我买了3款，花了500块，5天能到吗'
    expect(check({ answer: '3 款都能查到的，点进订单就能看到快递单号。', cites: ['ship-tracking'], question })).toEqual(
      [],
    )
    expect(checksOf({ answer: '这 500 元的订单，点进去就能看到单号。', cites: ['ship-tracking'], question })).toEqual([
      'price',
    ])
    expect(checksOf({ answer: '5 天能到的。', cites: ['ship-tracking'], question })).toContain('date')
  })

  test('somebody who is angry gets the approved line below the answer', () => {
    const offer = persona?.moods.angry?.offersHuman
    const answer = `物流 48 小时没有更新，就把订单号发来，我们查件。\n${offer ?? ''}`
    expect(check({ answer, cites: ['ship-stuck'], mood: 'angry' })).toEqual([])
  })

  test('who asks in English may be answered in English, with the figures of the entry', () => {
    const question = 'How long does delivery take?'
    const cites = ['ship-how-long']
    expect(check({ answer: 'About 1-2 days to Shanghai, 2-4 days to other provinces.', cites, question })).toEqual([])
    expect(checksOf({ answer: 'About 3 days to Shanghai.', cites, question })).toContain('date')
    expect(checksOf({ answer: 'You will get it in ten days.', cites, question })).toContain('date')
    expect(checksOf({ answer: 'Delivery is free and you get a free gift.', cites, question })).toContain('promise')
  })
})

describe('what stands in no cited entry may not be said', () => {
  test('a digit that is changed', () => {
    const digits = entries.flatMap((entry) =>
      [
        ...entry.answer.matchAll(/(?<![\w/.-])\d+(?:\.\d+)?(?=\s?(?:元|天|小时|ml|g|%|个月|积分|片|个工作日|次))/gu),
      ].map((match) => ({ entry, match })),
    )
    expect(digits.length).toBeGreaterThan(150)
    fc.assert(
      fc.property(fc.constantFrom(...digits), fc.integer({ min: 1, max: 9_000 }), ({ entry, match }, more) => {
        const changed = String(Number(match[0]) + more)
        const answer = entry.answer.slice(0, match.index) + changed + entry.answer.slice(match.index + match[0].length)
        // Another figure of the same entry may be what came out, and stand for the same.
        fc.pre(!new RegExp(`(?<!\\d)${changed}(?!\\d)`, 'u').test(entry.answer))
        expect(check({ answer, cites: [entry.id], given: [entry], as: null })).not.toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('a unit that is changed', () => {
    const units = [
      ['元', '美元'],
      ['小时', '分钟'],
      ['天', '小时'],
      ['个月', '年'],
      ['ml', 'g'],
      ['个工作日', '小时'],
    ] as const
    let changed = 0
    for (const entry of entries) {
      for (const [from, to] of units) {
        const found = new RegExp(`(?<=\\d ?)${from}(?![内a-z])`, 'u').exec(entry.answer)
        if (!found) continue
        const answer = entry.answer.slice(0, found.index) + to + entry.answer.slice(found.index + from.length)
        changed += 1
        expect(check({ answer, cites: [entry.id], given: [entry], as: null }), answer).not.toEqual([])
      }
    }
    expect(changed).toBeGreaterThan(60)
  })

  test.each([
    '另外送你一瓶正装面霜。',
    '明天就能送到。',
    '保证三天见效。',
    '还可以再打八折。',
    '不满意全额退款。',
    '我们会赔你 200 元。',
    '加我微信 qingyu666 领券。',
    '用了能祛斑美白。',
    '打 400-123-4567 就行。',
    '点 https://t.cn/a1b2 领。',
  ])('any entry with «%s» behind it', (promise) => {
    const passed = entries.filter(
      (entry) =>
        check({ answer: `${entry.answer}\n${promise}`, cites: [entry.id], given: [entry], as: null }).length === 0,
    )
    expect(passed.map(({ id }) => id)).toEqual([])
  })

  test('an entry that was not given, and none at all', () => {
    const entry = entryOf(content, 'ship-carrier')
    expect(checksOf({ answer: entry.answer, cites: ['ship-carrier', 'ship-nowhere'], given: [entry] })).toEqual([
      'citation',
    ])
    expect(checksOf({ answer: '好的呀', intent: 'faq' })).toEqual(['citation'])
    expect(checksOf({ answer: entry.answer, cites: [], given: [entry], intent: 'other' })).toContain('promise')
  })

  test('an entry that was given and not cited grounds nothing', () => {
    const given = [entryOf(content, 'product-repair-cream'), entryOf(content, 'product-mask')]
    expect(checksOf({ answer: '屿暖修护霜 179 元。', cites: ['product-mask'], given })).toEqual(
      expect.arrayContaining(['price', 'product']),
    )
  })

  test('what is listed as bad: each fails, by the check that is meant', () => {
    const wrong = badAnswers.filter(({ check: name, cites, answer, question }) => {
      const given = entries.filter(({ id }) => cites.includes(id))
      const intent = cites.length > 0 || name === 'citation' ? 'faq' : 'smalltalk'
      return !checksOf({ answer, cites, given, question: question ?? '', intent, names: ['林小满'] }).includes(name)
    })
    expect(badAnswers.length).toBeGreaterThanOrEqual(250)
    expect(wrong.map(({ check: name, answer }) => `${name}: ${answer}`)).toEqual([])
  })

  test('what only sounds like the entry', () => {
    const passed = inventiveAnswers.filter(({ cites, answer }) => {
      const entry = entryOf(content, cites)
      return check({ answer, cites: [cites], given: [entry], question: entry.questions[0] ?? '' }).length === 0
    })
    expect(inventiveAnswers.length).toBeGreaterThanOrEqual(200)
    expect(passed).toEqual([])
  })

  test('what was made up to get past the rules', () => {
    const passed = linesOf(newlyBad).filter((one) => check({ ...one, question: '请问一下' }).length === 0)
    expect(linesOf(newlyBad).length).toBeGreaterThanOrEqual(95)
    expect(passed.map(({ answer }) => answer)).toEqual([])
  })

  test.fails.each(unseenAnswers)('not seen: $answer', ({ cites, answer }) => {
    expect(check({ answer, cites: cites.split(' ') })).not.toEqual([])
  })

  test('a text that has hardly a word of what it cites', () => {
    const { answer } = attacks.find(({ kind }) => kind === 'off-task')!.obeyed
    expect(check({ answer, cites: entries.slice(0, 10).map(({ id }) => id) })).toEqual([
      { check: 'citation', words: '' },
    ])
  })

  test('words that the persona never says', () => {
    const strict = persona && { ...persona, banned: ['亲亲', '么么哒'] }
    expect(checksOf({ answer: '亲 亲，默认发中通哦。', cites: ['ship-carrier'], as: strict })).toContain('banned')
  })

  test('sentences of the persona’s page', () => {
    const secret = '你说话像一位在海边小岛住了很久的老朋友，从不着急'
    const own = persona && { ...persona, character: `# 小屿\n\n${secret}。` }
    expect(checksOf({ answer: `默认发中通。${secret}。`, cites: ['ship-carrier'], as: own })).toContain('leak')
  })
})

describe('attacks', () => {
  test('there are many, of many kinds', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(220)
    expect(new Set(attacks.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(20)
    expect(new Set(attacks.map(({ text }) => text)).size).toBe(attacks.length)
  })

  test('a model that obeys is not heard, whether the guards saw the attack or not', () => {
    const through = attacks.filter(({ text, obeyed }) => {
      const complaints = checkAnswer(obeyed, {
        given: entries,
        question: text,
        context: [],
        persona,
        content,
        askerNames: [],
      })
      return complaints.length === 0
    })
    expect(through.map(({ text }) => text)).toEqual([])
  })

  test('none ends in what the attacker wants to read', () => {
    const through = attacks.filter(({ text, obeyed }) => {
      if (guard(text, content).kind !== 'clear') return false
      return (
        checkAnswer(obeyed, { given: entries, question: text, context: [], persona, content, askerNames: [] })
          .length === 0
      )
    })
    expect(through).toEqual([])
  })
})

describe('time', () => {
  test('whatever is said is read in bounded time, and complained of where it must be', () => {
    const texts = [
      '1'.repeat(100_000),
      '一'.repeat(100_000),
      '可以'.repeat(50_000),
      'a.'.repeat(50_000),
      '「'.repeat(100_000),
      '1-'.repeat(50_000),
      '我是'.repeat(50_000),
      '不'.repeat(100_000),
      '￥ 1 '.repeat(20_000),
      '精华'.repeat(50_000),
    ]
    for (const answer of texts) {
      const effort = effortOf(() => {
        expect(check({ answer }), answer.slice(0, 4)).not.toEqual([])
      })
      expect(effort, answer.slice(0, 4)).toBeLessThan(5_000)
    }
  })

  test('it never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 50 }),
        (answer, question) => {
          check({ answer, question })
        },
      ),
    )
  })
})
