/** What limits the model: budgets, rates, memory; and how the persona bends. The slice on a virtual clock and a real database. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Asker,
  answersSettings,
  askers,
  type Exchange,
  faqSlice,
  lentBy,
  respond,
} from '../../src/domains/faq/index.ts'
import { personaKind } from '../../src/domains/faq/persona/index.ts'
import { Persona } from '../../src/domains/faq/persona/schema.ts'
import type { MessageSeen } from '../../src/domains/members/index.ts'
import type { Content, ContentKind, SettingsSection } from '../../src/kernel/content.ts'
import type { Effect } from '../../src/kernel/effect.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import type { ModelOutcome } from '../../src/kernel/ports.ts'
import type { Slice } from '../../src/kernel/slice.ts'
import { Transaction, type Work } from '../../src/kernel/work.ts'
import { virtualClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { contentWith } from '../unit/faq-content.ts'

const day = 86_400_000
const question = '红色瓶子怎么打开'
const approved = '红色的逆时针拧。'
const voiced = '红色的逆时针拧哦～'
const grounded = { answer: voiced, cites: ['red'], mood: 'calm', intent: 'faq', human: 'none', proposes: {} }

/** The brand, whose tone for 高消费 differs, and who offers a human to the angry. */
const page = {
  id: 'xiaoyu',
  name: '小屿',
  emoji: { allowed: ['～', '🌿'], atMost: 2 },
  moods: { angry: { emoji: false, offersHuman: '要不要我请顾问来？' } },
  levels: { 高消费: { tone: '更周到' } },
  character: '小屿，护肤品牌的客服。',
}
const before = { settings: {} as Record<string, unknown>, answer: approved, character: page.character }
/** What content says now; a test changes what it is about. */
let now = { ...before }

const level = new Map<string, string>()
const tags: Slice = {
  name: 'tags',
  rights: 'none',
  facts: {
    'tags.held': {
      title: 'Tags',
      placeholders: [],
      ask: (_, customerId) =>
        Promise.resolve({ kind: 'known', values: { consumption: level.get(customerId) ?? null } }),
    },
  },
  proposable: () => ({ interest: ['抗老', '美白'] }),
}
const slice = faqSlice([tags])
const lent = lentBy([tags])
const clock = virtualClock()
const ids = systemIds(clock)
const { db } = await testDatabase()
let inboxId = 0n

/** What the model is asked for, oldest first. */
const asked: Exchange[] = []
const asker: Asker = { serves: () => true, ask: (exchange) => void asked.push(exchange), draft: () => {} }
askers.add(asker)
afterAll(() => askers.delete(asker))
beforeEach(async () => {
  now = { ...before }
  asked.length = 0
  await db.pool.query('TRUNCATE exchange, answer_cache, model_spend, burst')
})

function content(): Content {
  const base = contentWith({ entries: [{ id: 'red', questions: [question], answer: now.answer }] })
  const persona = { data: Persona.parse({ ...page, character: now.character }), file: 'persona.md', at: [] }
  return {
    ...base,
    items: <T>(kind: ContentKind<T>) => (kind.name === personaKind.name ? ([persona] as never) : base.items(kind)),
    settings: <T>(section: SettingsSection<T>) =>
      section.name === answersSettings.name ? section.schema.parse(now.settings) : base.settings(section),
  }
}

async function handled<T>(run: (work: Work) => Promise<T>): Promise<T> {
  const { result, work } = await db.transaction(async (connection) => {
    const work = new Transaction(connection, clock.now())
    const result = await run(work)
    await work.flush()
    return { result, work }
  })
  work.committed()
  return result
}

const envelope = () => ({ id: (inboxId += 1n), account: 'main', key: '', at: clock.now(), receivedAt: clock.now() })

/** A customer with a thread of her own. */
async function customer() {
  const threadId = randomUUID()
  const customerId = randomUUID()
  const contactId = `contact-${customerId}`
  const values = [customerId, clock.now()]
  await db.pool.query(
    'INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $2)',
    values,
  )
  await db.pool.query(`INSERT INTO thread (id, kind, created_at) VALUES ($1, 'direct', $2)`, [threadId, clock.now()])
  const recipient = { kind: 'direct' as const, account: 'main', contactId, threadId, customerId }

  /** What is said at once: nothing while the model is asked. */
  const ask = async (text = question): Promise<Effect[]> => {
    const sender = { id: contactId, name: 'Anna', kind: 'person' as const }
    const id = `m-${randomUUID()}`
    await db.pool.query(
      `INSERT INTO message (id, thread_id, account, platform_id, direction, type, text, sent_at)
       VALUES ($1, $2, 'main', $3, 'in', 'text', $4, $5)`,
      [ids.fresh(), threadId, id, text, clock.now()],
    )
    const message = {
      id,
      type: 'text' as const,
      text,
      sentAt: clock.now().toISOString(),
      mentions: [],
      mentionsSelf: false,
    }
    const seen: Omit<MessageSeen, 'work'> = {
      event: {
        ...envelope(),
        what: { kind: 'MessageReceived', place: { kind: 'direct', contactId }, sender, message },
      },
      content: content(),
      ids,
      thread: { id: threadId, kind: 'direct', groupId: null, rule: null, topic: null, silentUntil: null, recipient },
      person: { identityId: randomUUID(), customerId, contactId, role: 'customer', name: 'Anna' },
      question: null,
    }
    return (await handled((work) => respond({ ...seen, work }, lent))) ?? []
  }
  /** The model answers what it was asked last, or another of what it was asked. */
  const answered = (
    says: object = grounded,
    usage = { input: 700, output: 300 },
    { id, attempt } = asked.at(-1)!,
  ): Promise<Effect[]> => {
    const outcome: ModelOutcome = { kind: 'said', text: JSON.stringify(says), model: 'fake', usage, ms: 10 }
    const payload = { exchange: id, attempt, outcome, promptHash: 'hash' }
    const event = {
      ...envelope(),
      what: { kind: 'SliceEvent' as const, name: 'faq.model-answered', lock: [], payload },
    }
    return handled((work) => slice.events!['faq.model-answered']!({ event, work, content: content(), ids }))
  }
  /** Asks, has the model answer if it is asked, and gives what is said. */
  const hear = async (text?: string): Promise<string> => {
    const count = asked.length
    const effects = await ask(text)
    return said(asked.length > count ? await answered() : effects)
  }
  const exchanges = async () =>
    (
      await db.pool.query<Record<string, unknown>>('SELECT * FROM exchange WHERE customer_id = $1 ORDER BY inbox_id', [
        customerId,
      ])
    ).rows
  return { customerId, ask, answered, hear, exchanges }
}

function said(effects: readonly Effect[]): string {
  const sent = effects.filter((effect) => effect.kind === 'SendMessage')
  return sent.flatMap(({ body }) => body.map((part) => (part.type === 'text' ? part.text : part.type))).join('|')
}

let signs = 0
/** The question with signs behind it that it has not had: nothing is remembered of it. */
const anew = (): string => question + [...(signs += 1).toString(4)].map((digit) => '。！？～'[Number(digit)]).join('')

describe('a budget that is used up', () => {
  test.each([
    ['of tokens', { dailyTokens: 1_000 }],
    ['of money', { dailyMoney: 0.5 }],
  ])('%s for all makes answers go out word for word, until the next day of the brand', async (_, budget) => {
    now.settings = { budget, price: { input: 500, output: 500 } }
    const [anna, berta] = [await customer(), await customer()]
    expect(await anna.hear(anew())).toBe(voiced)
    expect(await anna.hear(anew())).toBe(approved)
    expect(await berta.hear(anew())).toBe(approved)
    expect(await anna.exchanges()).toMatchObject([{ outcome: 'voiced' }, { outcome: 'verbatim' }])
    await clock.advance(day)
    expect(await berta.hear(anew())).toBe(voiced)
  })

  test.each([
    ['of tokens', { customerDailyTokens: 1_000 }],
    ['of money', { customerDailyMoney: 0.5 }],
  ])('%s for one customer leaves the others theirs', async (_, budget) => {
    now.settings = { budget, price: { input: 500, output: 500 } }
    const [anna, berta] = [await customer(), await customer()]
    expect(await anna.hear(anew())).toBe(voiced)
    expect(await anna.hear(anew())).toBe(approved)
    expect(await berta.hear(anew())).toBe(voiced)
    await clock.advance(day)
    expect(await anna.hear(anew())).toBe(voiced)
  })

  test('does not keep her from what is remembered', async () => {
    now.settings = { budget: { dailyTokens: 1_000 } }
    const [anna, berta] = [await customer(), await customer()]
    await anna.hear()
    expect(await berta.hear()).toBe(voiced)
    expect(await berta.exchanges()).toMatchObject([{ outcome: 'cached', tokens_in: 0 }])
  })

  test('of nothing lets the model never be asked', async () => {
    now.settings = { budget: { dailyTokens: 0 } }
    expect(await (await customer()).hear()).toBe(approved)
    expect(asked).toEqual([])
  })
})

test('the repair counts too: an answer costs what both attempts cost', async () => {
  now.settings = { price: { input: 2, output: 8 } }
  const anna = await customer()
  await anna.ask()
  expect(await anna.answered({ ...grounded, answer: '红色的卖 59 元' }, { input: 1_000, output: 100 })).toEqual([])
  expect(asked).toHaveLength(2)
  expect(said(await anna.answered(grounded, { input: 1_500, output: 100 }))).toBe(voiced)
  expect(await anna.exchanges()).toMatchObject([{ tokens_in: 2_500, tokens_out: 200, cost: '0.006600' }])
  const { rows } = await db.pool.query(`SELECT tokens, cost FROM model_spend ORDER BY customer_id`)
  expect(rows).toEqual([
    { tokens: 2_700n, cost: '0.006600' },
    { tokens: 2_700n, cost: '0.006600' },
  ])
})

test('an outcome of the first attempt that comes again while the second is on its way is nothing any more', async () => {
  const anna = await customer()
  await anna.ask()
  await anna.answered({ ...grounded, answer: '红色的卖 59 元' })
  expect(await anna.answered(grounded, undefined, asked[0])).toEqual([])
  expect(await anna.exchanges()).toMatchObject([{ state: 'asked', attempt: 2 }])
  expect(said(await anna.answered())).toBe(voiced)
})

test('who asks too often is answered word for word, and in the model’s again when time has passed', async () => {
  now.settings = { customerRate: { questions: 2, within: '10m' } }
  const [anna, berta] = [await customer(), await customer()]
  expect(await anna.hear(anew())).toBe(voiced)
  expect(await anna.hear(anew())).toBe(voiced)
  expect(await anna.hear(anew())).toBe(approved)
  expect(await berta.hear(anew())).toBe(voiced)
  await clock.advance(11 * 60_000)
  expect(await anna.hear(anew())).toBe(voiced)
})

describe('an answer is remembered', () => {
  test('and checked again: what may not be said any more is asked anew', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.hear()
    await db.pool.query(`UPDATE answer_cache SET answer = jsonb_set(answer, '{answer}', '"红色的卖 59 元"')`)
    expect(await berta.hear()).toBe(voiced)
    expect(asked).toHaveLength(2)
  })

  test('until the entry is edited', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.hear()
    now.answer = '红色的逆时针拧，蓝色的也是。'
    await berta.ask()
    expect(asked).toHaveLength(2)
  })

  test('until the persona is edited', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.hear()
    now.character = '小屿，现在说话更短。'
    await berta.ask()
    expect(asked).toHaveLength(2)
  })

  test('for as long as the settings say', async () => {
    now.settings = { cacheFor: '1h' }
    const [anna, berta, clara] = [await customer(), await customer(), await customer()]
    await anna.hear()
    await clock.advance(59 * 60_000)
    await berta.hear()
    expect(asked).toHaveLength(1)
    await clock.advance(2 * 60_000)
    await clara.ask()
    expect(asked).toHaveLength(2)
  })

  test('for those of one tone only', async () => {
    const [anna, berta] = [await customer(), await customer()]
    level.set(berta.customerId, '高消费')
    await anna.hear()
    await berta.ask()
    expect(asked.map((exchange) => exchange.level)).toEqual([null, '高消费'])
  })

  test('until she who asked first is forgotten', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.hear()
    const { rights } = slice
    if (rights === 'none') throw new Error('the slice keeps data')
    await handled((work) => rights.forget(work.db, anna.customerId, work.now))
    await berta.ask()
    expect(asked).toHaveLength(2)
    expect(await anna.exchanges()).toEqual([])
  })

  test('never where a human is needed', async () => {
    const [anna, berta] = [await customer(), await customer()]
    await anna.ask()
    await anna.answered({ ...grounded, human: 'complaint' })
    await berta.ask()
    expect(asked).toHaveLength(2)
  })
})

describe('the tone', () => {
  test('bends to a tag that the persona knows, and to no other', async () => {
    const [anna, berta] = [await customer(), await customer()]
    level.set(anna.customerId, '高消费')
    level.set(berta.customerId, '未消费')
    await anna.ask()
    await berta.ask(anew())
    expect(asked.map((exchange) => exchange.level)).toEqual(['高消费', null])
  })

  test('for somebody angry is without emoji, and offers a human', async () => {
    const anna = await customer()
    await anna.ask()
    const effects = await anna.answered({ ...grounded, answer: '红色的逆时针拧🌿', mood: 'angry' })
    expect(said(effects)).toBe('红色的逆时针拧\n要不要我请顾问来？')
    expect(await anna.exchanges()).toMatchObject([{ mood: 'angry', outcome: 'voiced' }])
  })
})

test('what the model proposes of her becomes a tag only where that may be proposed', async () => {
  const anna = await customer()
  await anna.ask()
  const proposes = { interest: ['抗老', '跑步'], consumption: ['高消费'] }
  const effects = await anna.answered({ ...grounded, proposes })
  const proposed = effects.filter((effect) => effect.kind === 'ProposeTag')
  expect(proposed).toMatchObject([{ customerId: anna.customerId, dimension: 'interest', value: '抗老' }])
  expect(proposed[0]?.messages).toHaveLength(1)
})

test('an answer of the model bears the label of the settings, remembered or not; an approved one does not', async () => {
  now.settings = { label: '（内容由 AI 生成）', customerRate: { questions: 2 } }
  const [anna, berta] = [await customer(), await customer()]
  expect(await anna.hear()).toBe(`${voiced}\n（内容由 AI 生成）`)
  expect(await berta.hear()).toBe(`${voiced}\n（内容由 AI 生成）`)
  await anna.hear(anew())
  expect(await anna.hear(anew())).toBe(approved)
})

test('a brand that wants its approved words asks no model', async () => {
  now.settings = { voice: 'approved' }
  expect(await (await customer()).hear()).toBe(approved)
  expect(asked).toEqual([])
})
