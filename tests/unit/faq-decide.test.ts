import { describe, expect, test } from 'vitest'
import { approvedWords } from '../../src/domains/faq/answers/decide.ts'
import { readQuestion } from '../../src/domains/faq/answers/reading.ts'
import { endBurst, hear, type State, type Step } from '../../src/domains/faq/decide.ts'
import type { Moment } from '../../src/domains/faq/saying.ts'
import { faqKind, faqSettings, Offer, type Talk } from '../../src/domains/faq/schema.ts'
import type { EffectOf, Recipient } from '../../src/kernel/effect.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Message } from '../../src/kernel/event.ts'
import { contentWith } from './faq-content.ts'
import { shopEntries } from './faq-shop.ts'

const settings = { ignore: ['好的', '谢谢'], greetings: ['你好', '在吗', 'Hi', '早上好'] }
const content = contentWith({ entries: shopEntries, settings })
const noon = new Date('2026-03-02T12:00:00+08:00')

const direct: Recipient = {
  kind: 'direct',
  account: 'main',
  contactId: 'anna',
  threadId: 'thread',
  customerId: 'customer',
}
const group: Recipient = { kind: 'group', account: 'main', roomId: 'room', threadId: 'thread' }
const talkIn = (recipient: Recipient): Talk => ({
  threadId: 'thread',
  customerId: 'customer',
  contactId: 'anna',
  rule: recipient.kind === 'group' ? 'fans' : null,
  recipient,
})

const nothing: State = { burst: undefined, offer: undefined }
const moment = (ms = 0): Moment => ({
  now: new Date(noon.getTime() + ms),
  inboxId: 7n,
  account: 'main',
  pick: 0,
})
const message = (text: string, other: Partial<Message> = {}): Message => ({
  id: `m-${text}`,
  type: 'text',
  text,
  sentAt: noon.toISOString(),
  mentions: [],
  mentionsSelf: false,
  ...other,
})

type Saying = { state?: State; to?: Recipient; ms?: number; other?: Partial<Message> }

function say(text: string, { state = nothing, to = direct, ms = 0, other = {} }: Saying = {}): Step | undefined {
  return answered(hear(state, message(text, other), talkIn(to), content, moment(ms)), to, content, ms)
}

function end(step: Step | undefined, { to = direct, ms = 60_000 }: Saying = {}): Step {
  if (!step?.burst) throw new Error('there is no burst to end')
  return answered(endBurst(step.burst, talkIn(to), content, moment(ms)), to, content, ms)!
}

/** With what is said where there is no model: the approved words. */
function answered(step: Step | undefined, to: Recipient, content: Content, ms = 0): Step | undefined {
  if (!step?.question) return step
  const { question, effects, ...rest } = step
  const at = moment(ms)
  const talk = talkIn(to)
  const { considered } = readQuestion(question, [], talk, content, at.now)
  const words = approvedWords(considered, { talk, content, at, read: question.messages })
  return { ...rest, effects: [...effects, ...words.effects] }
}

function said(step: Step | undefined): EffectOf<'SendMessage'>['body'] {
  return step?.effects.flatMap((effect) => (effect.kind === 'SendMessage' ? effect.body : [])) ?? []
}

const answerTo = (entry: string) => ({ type: 'text', text: `答案：${entry}` })
const kinds = (step: Step | undefined) => step?.effects.map(({ kind }) => kind)
const offered: State = {
  burst: undefined,
  offer: {
    options: [
      { entry: 'mask-frequency', question: '面膜多久敷一次' },
      { entry: 'mask-duration', question: '面膜敷多长时间' },
      { entry: 'mask-rinse', question: '敷完面膜要洗脸吗' },
    ],
  },
}

describe('a question', () => {
  test('that is sure alone is answered at once, word for word, in time and for that message', () => {
    expect(say('面膜多久敷一次？')).toEqual({
      effects: [
        {
          kind: 'SendMessage',
          to: direct,
          purpose: 'reply',
          key: 'reply:7',
          body: [answerTo('mask-frequency')],
          notAfter: new Date(noon.getTime() + 300_000),
          answers: ['m-面膜多久敷一次？'],
        },
      ],
    })
  })

  test('in pieces is read as one, when the window closes', () => {
    const first = say('面膜')
    expect(kinds(first)).toEqual(['ScheduleEvent'])
    const second = say('多久要敷', { state: { ...nothing, burst: first?.burst ?? undefined }, ms: 1_000 })
    expect(second?.effects[0]).toMatchObject({
      name: 'faq.burst-ended',
      key: 'burst:thread:customer',
      lock: ['contact:anna'],
      at: new Date(noon.getTime() + 2_500),
    })
    expect(said(end(second))).toEqual([answerTo('mask-frequency')])
    expect(end(second).effects[0]).toMatchObject({ answers: ['m-面膜', 'm-多久要敷'] })
  })

  test('that becomes sure while pieces wait takes them along and ends the burst', () => {
    const first = say('在吗')
    const second = say('面膜多久敷一次', { state: { ...nothing, burst: first?.burst ?? undefined } })
    expect(second).toMatchObject({ burst: null, effects: [{ answers: ['m-在吗', 'm-面膜多久敷一次'] }] })
    expect(said(second)).toEqual([answerTo('mask-frequency')])
  })

  test('is not guessed at from a single word, which may be the beginning of one', () => {
    for (const word of ['积分', '优惠券', '退货', '多久']) expect(kinds(say(word))).toEqual(['ScheduleEvent'])
  })

  test('in endless pieces is read at the latest when the limit is reached', () => {
    let step = say('还有')
    for (let ms = 1_000; ms <= 7_000; ms += 1_000)
      step = say('还有', { state: { ...nothing, burst: step?.burst ?? undefined }, ms })
    expect(step?.effects[0]).toMatchObject({ at: new Date(noon.getTime() + 8_000) })
  })

  test('whose timer comes before its last piece waits on', () => {
    const first = say('面膜')
    expect(end(first, { ms: 1_499 })).toMatchObject({ effects: [{ at: new Date(noon.getTime() + 1_500) }] })
    expect(end(first, { ms: 1_499 }).burst).toBeUndefined()
    expect(end(first, { ms: 1_500 }).burst).toBeNull()
  })

  test('that no entry answers gets the words of content for that', () => {
    expect(said(end(say('明天天气怎么样')))).toEqual([{ type: 'text', text: 'faq.unknown {}' }])
  })

  test('beside another in one message is answered in one reply', () => {
    const step = say('多久发货？面膜多久敷一次？')
    expect(kinds(step)).toEqual(['SendMessage'])
    expect(said(step)).toEqual([{ type: 'text', text: '答案：shipping-time\n\n答案：mask-frequency' }])
  })

  test('with a picture in its answer sends text, picture and file in their order', () => {
    const answer = '看图：\n![](media/a.png)\n再看文件：\n[价目表](media/b.pdf)'
    const withMedia = contentWith({
      entries: [{ id: 'price', questions: ['价目表'], answer }],
      media: { 'media/a.png': 'hash-a', 'media/b.pdf': 'hash-b' },
    })
    expect(said(hear(nothing, message('价目表'), talkIn(group), withMedia, moment()))).toEqual([])
    const step = hear(nothing, message('价目表', { mentionsSelf: true }), talkIn(group), withMedia, moment())
    expect(said(answered(step, group, withMedia))).toEqual([
      { type: 'text', text: '看图：', mentions: ['anna'] },
      { type: 'image', mediaId: 'hash-a', filename: 'a.png' },
      { type: 'text', text: '再看文件：' },
      { type: 'file', mediaId: 'hash-b', filename: 'b.pdf' },
    ])
  })
})

describe('in a group', () => {
  const to = group

  test('nobody is answered who does not mention the bot', () => {
    expect(say('面膜多久敷一次', { to })).toBeUndefined()
  })

  test('the answer mentions who asked', () => {
    const step = say('@青屿\u2005面膜多久敷一次', { to, other: { mentionsSelf: true } })
    expect(said(step)).toEqual([{ ...answerTo('mask-frequency'), mentions: ['anna'] }])
  })

  test('a bare mention begins a burst that goes on without one, and ends in silence when nothing follows', () => {
    const first = say('@青屿', { to, other: { mentionsSelf: true } })
    expect(end(first, { to })).toEqual({ burst: null, effects: [] })
    const second = say('面膜多久敷一次', { to, state: { ...nothing, burst: first?.burst ?? undefined } })
    expect(said(second)).toEqual([{ ...answerTo('mask-frequency'), mentions: ['anna'] }])
  })

  test('a picture is not remarked on', () => {
    expect(say('', { to, other: { type: 'image', mentionsSelf: true } })).toBeUndefined()
  })
})

describe('what cannot be read', () => {
  const pictures = (count: number): Step | undefined => {
    let step: Step | undefined
    for (let i = 0; i < count; i++)
      step = say('', { state: { ...nothing, burst: step?.burst ?? undefined }, other: { type: 'image', id: `p${i}` } })
    return step
  }

  test('gets one polite line, however many come in a row', () => {
    expect(said(end(pictures(9)))).toEqual([{ type: 'text', text: 'faq.unreadable {"type":"image"}' }])
  })

  test('gets no line when the words beside it have an answer', () => {
    const step = say('面膜可以天天敷么', { state: { ...nothing, burst: pictures(1)?.burst ?? undefined } })
    expect(said(step)).toEqual([answerTo('mask-frequency')])
  })

  test('is left alone when it is a notice of the platform', () => {
    expect(say('', { other: { type: 'unknown' } })).toBeUndefined()
  })
})

describe('what needs no answer', () => {
  test.each(['好的', '好的！', '谢谢～', '[强][玫瑰]', '👍', '？？'])('«%s» is met with silence', (text) => {
    expect(say(text)?.effects).toEqual([])
    expect(say(text)?.burst).toBeUndefined()
  })

  test('leaves the open question open', () => {
    expect(say('好的', { state: offered })?.effects).toEqual([])
  })
})

describe('a greeting', () => {
  const greeted = [{ type: 'text', text: 'faq.greeting {}' }]

  test.each(['你好', '在吗？', 'HI～', '早上好[微笑]', '你好，在吗', '你好你好 hi hi', '谢谢，你好'])(
    '«%s» is greeted back when nothing follows within the window',
    (text) => {
      const step = say(text)
      expect(kinds(step)).toEqual(['ScheduleEvent'])
      expect(said(end(step))).toEqual(greeted)
    },
  )

  test('is greeted back once, in however many messages it comes', () => {
    const first = say('你好')
    const second = say('在吗', { state: { ...nothing, burst: first?.burst ?? undefined }, ms: 1_000 })
    expect(said(end(second))).toEqual(greeted)
  })

  test('with a question behind it is the question', () => {
    const first = say('你好')
    const second = say('面膜', { state: { ...nothing, burst: first?.burst ?? undefined }, ms: 1_000 })
    expect(said(end(second))[0]).toMatchObject({ text: expect.stringMatching(/^faq.did-you-mean/) as string })
    const third = say('面膜多久敷一次', { state: { ...nothing, burst: second?.burst ?? undefined }, ms: 2_000 })
    expect(said(third)).toEqual([answerTo('mask-frequency')])
  })

  test('with something unheard of behind it is owned up to', () => {
    expect(said(end(say('你好，明天天气怎么样')))).toEqual([{ type: 'text', text: 'faq.unknown {}' }])
  })

  test('in a group is returned only to who mentions the bot', () => {
    expect(say('你好', { to: group })).toBeUndefined()
    const step = say('@青屿\u2005你好', { to: group, other: { mentionsSelf: true } })
    expect(said(end(step, { to: group }))).toEqual([{ ...greeted[0], mentions: ['anna'] }])
  })

  test('that is a wording of an entry is answered from there', () => {
    const entries = [{ id: 'hello', questions: ['在吗'], answer: '在' }]
    const hello = contentWith({ entries, settings })
    const step = hear(nothing, message('在吗'), talkIn(direct), hello, moment())
    // A single word, and yet the very wording.
    expect(said(answered(step, direct, hello))).toEqual([{ type: 'text', text: '在' }])
  })
})

describe('«did you mean»', () => {
  test('is asked when several entries come near, as an open question that expires', () => {
    const step = end(say('面膜'))
    expect(kinds(step)).toEqual(['SendMessage', 'AskQuestion'])
    const { questionExpires } = content.settings(faqSettings)
    const { options } = Offer.parse((step.effects[1] as EffectOf<'AskQuestion'>).payload)
    expect(options.map(({ entry }) => entry).sort()).toEqual(['mask-duration', 'mask-frequency', 'mask-rinse'])
    expect(step.effects[1]).toMatchObject({
      question: 'faq.did-you-mean',
      threadId: 'thread',
      customerId: 'customer',
      expiresAt: new Date(noon.getTime() + 60_000 + questionExpires),
    })
  })

  test.each(['2', '２', '二', '第二个', '选2', '我选第二个吧', '2️⃣', ' 2。', '面膜敷多长时间？'])(
    '«%s» chooses the second',
    (text) => {
      const step = say(text, { state: offered })
      expect(kinds(step)).toEqual(['CloseQuestion', 'SendMessage'])
      expect(said(step)).toEqual([answerTo('mask-duration')])
    },
  )

  test('is answered in a group without a second mention', () => {
    expect(said(say('3', { state: offered, to: group }))).toEqual([{ ...answerTo('mask-rinse'), mentions: ['anna'] }])
    expect(say('面膜多久敷一次呀', { state: offered, to: group })).toBeUndefined()
  })

  test('is closed by anything else, which is read as a new question', () => {
    const step = say('包邮吗', { state: offered })
    expect(kinds(step)).toEqual(['CloseQuestion', 'SendMessage'])
    expect(said(step)).toEqual([answerTo('free-shipping')])
    expect(kinds(say('9', { state: offered }))).toEqual(['CloseQuestion', 'ScheduleEvent'])
  })

  test('does not offer again what content has lost in the meantime', () => {
    const less = contentWith({ entries: shopEntries.filter(({ id }) => id !== 'mask-duration') })
    const step = hear(offered, message('2'), talkIn(direct), less, moment())
    expect(kinds(step)).toEqual(['CloseQuestion', 'ScheduleEvent'])
  })
})

describe('the content of the FAQ', () => {
  const entry = { id: 'a', questions: ['q'], answer: 'x' }

  test('takes Chinese and kebab-case ids, and no others', () => {
    for (const id of ['shipping-time', '发货时间', '发货-2026'])
      expect(faqKind.schema.safeParse({ ...entry, id }).success).toBe(true)
    for (const id of ['', 'a b', '-a', 'a--b', 'a/b', '../a'])
      expect(faqKind.schema.safeParse({ ...entry, id }).success).toBe(false)
  })

  test('warns of one question in two entries, but not where their groups never meet', () => {
    const review = (...entries: object[]) => {
      const warnings: string[] = []
      const items = entries.map((given) => ({ data: faqKind.schema.parse(given), file: 'faq/a.yaml', at: [] }))
      faqKind.review?.(items, (_item, _at, { message }) => warnings.push(message))
      return warnings
    }
    const a = { ...entry, questions: ['多久發貨？'] }
    const b = { ...entry, id: 'b', questions: ['多久发货'] }
    expect(review(a, b)).toEqual(['the question «多久发货» stands in «a» and in «b»'])
    expect(review(a, { ...b, groups: ['vip'] })).toEqual([])
    expect(review({ ...a, groups: ['fans'] }, { ...b, groups: ['vip'] })).toEqual([])
  })

  test('names the media of answers, but not links', () => {
    const answer = '![](media/a.png)\n文字 ![](media/b.png) 文字\n[官网](https://example.com)'
    expect(faqKind.media?.({ ...entry, answer, tags: [], groups: [], draft: false })).toEqual([
      { at: ['answer'], path: 'media/a.png' },
    ])
  })

  test('its skeleton is a draft: it is answered when its author says so', () => {
    const skeleton = faqKind.skeleton?.('new-entry')
    expect(skeleton?.path).toBe('faq/new-entry.md')
    expect(skeleton?.text).toContain('\ndraft: true\n')
  })
})
