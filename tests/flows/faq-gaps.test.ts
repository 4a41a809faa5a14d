/** What the FAQ does not know, from the exchanges of a real database, and drafts of entries for it. */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import { draftEntry, findGaps, type Gap, hidden, masked } from '../../src/domains/faq/gaps/index.ts'
import { entriesOf, FaqEntry } from '../../src/domains/faq/schema.ts'
import { command } from '../support/command.ts'
import { contentFolder } from '../support/content.ts'
import { testDatabase } from '../support/database.ts'
import { hang, startModelStub } from '../support/model-stub.ts'
import { effortOf } from '../support/effort.ts'

const { db, url } = await testDatabase()
const folder = contentFolder()
const stub = await startModelStub()
afterAll(async () => {
  folder.dispose()
  await stub.close()
})
const { content } = await loadFolder(folder.dir, registry, { tolerates: () => true })
if (!content) throw new Error('the example brand cannot be read')

const now = new Date()
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)
const her = { threadId: randomUUID(), customerId: randomUUID() }

type Given = {
  question: string
  outcome: string | null
  at?: Date
  who?: { threadId: string; customerId: string }
  intent?: string
  entries?: string[]
  complaints?: { check: string; words: string }[]
  reading?: string
}

async function exchange({ question, outcome, at = minutesAgo(60), who, ...more }: Given): Promise<void> {
  const { threadId, customerId } = who ?? { threadId: randomUUID(), customerId: randomUUID() }
  const context = { turns: [], quoted: null, reading: more.reading ?? '', overheard: false }
  await db.pool.query(
    `INSERT INTO exchange (id, thread_id, customer_id, account, inbox_id, talk, question, messages, context, state,
       content_version, asked_at, deadline_at, closed_at, outcome, entries, intent, complaints)
     VALUES ($1, $2, $3, 'main', 1, '{}', $4, '{}', $5, $6, 'v', $7, $7, $8, $9, $10, $11, $12)`,
    [
      ...[randomUUID(), threadId, customerId, question, context, outcome ? 'closed' : 'asked', at],
      ...[outcome && at, outcome, more.entries ?? [], more.intent ?? null, JSON.stringify(more.complaints ?? [])],
    ],
  )
}

const unknown = async (...questions: string[]): Promise<void> => {
  for (const question of questions) await exchange({ question, outcome: 'unknown' })
}
const gaps = async (least = 1): Promise<Gap[]> => (await findGaps(db.pool, content, { now, days: 30, least })).gaps
const examples = async (): Promise<string[]> => (await gaps()).flatMap((gap) => gap.examples).sort()

beforeEach(() => db.pool.query('TRUNCATE exchange'))

describe('a question got no good answer', () => {
  test('when we owned up to it, in the time that is looked at', async () => {
    await unknown('有眉笔吗')
    await exchange({ question: '有口红吗', outcome: 'unknown', at: minutesAgo(31 * 24 * 60) })
    for (const outcome of ['voiced', 'cached', 'verbatim', 'fact', 'courtesy', 'refused']) {
      await exchange({ question: '面膜多少钱', outcome })
    }
    await exchange({ question: '还在问', outcome: null })
    await exchange({ question: '', outcome: 'unknown' })
    expect(await examples()).toEqual(['有眉笔吗'])
  })

  test('when something was offered, and she got no answer in that thread soon after', async () => {
    await exchange({ question: '有眉笔吗', outcome: 'offered', who: her, at: minutesAgo(50) })
    await exchange({ question: '卖不卖眉笔', outcome: 'verbatim', who: her, at: minutesAgo(45) })
    await exchange({ question: '能刻字吗', outcome: 'offered', who: her, at: minutesAgo(30) })
    await exchange({ question: '那算了', outcome: 'verbatim', who: her, at: minutesAgo(15) })
    const elsewhere = { ...her, threadId: randomUUID() }
    await exchange({ question: '面膜多少钱', outcome: 'verbatim', who: elsewhere, at: minutesAgo(29) })
    expect(await examples()).toEqual(['能刻字吗'])
  })

  test('when it was handed on for want of an answer, or what was said did not pass', async () => {
    await exchange({ question: '有口红吗', outcome: 'handed' })
    await exchange({ question: '能刻字吗', outcome: 'handed', intent: 'faq' })
    await exchange({ question: '我要投诉', outcome: 'handed', intent: 'complaint' })
    await exchange({ question: '叫个真人来', outcome: 'handed', intent: 'human' })
    await exchange({ question: '我的快递呢', outcome: 'handed', entries: ['my-parcel'] })
    const complaints = [{ check: 'price', words: '9.9' }]
    await exchange({ question: '香皂有卖的没', outcome: 'handed', intent: 'order', entries: ['x'], complaints })
    await exchange({ question: '直播几点', outcome: 'dropped', complaints })
    await exchange({ question: '她撤回了', outcome: 'dropped' })
    expect(await examples()).toEqual(['有口红吗', '能刻字吗', '直播几点', '香皂有卖的没'].sort())
  })

  test('and it is read with what it leaned on', async () => {
    await exchange({ question: '这个呢', reading: '眉笔多少钱', outcome: 'unknown' })
    expect(await examples()).toEqual(['眉笔多少钱'])
  })
})

describe('what means the same stands together', () => {
  const told = [
    '有没有眉笔',
    '你好，有没有眉笔？',
    '有眉笔卖吗',
    '眉笔有吗',
    '快递能放丰巢吗',
    '放丰巢可以吗',
    '能不能放丰巢',
  ]

  test('counted, with the people who asked, the last time and what comes nearest', async () => {
    await unknown(...told)
    await exchange({ question: '有没有眉笔', outcome: 'unknown', who: her, at: minutesAgo(5) })
    await exchange({ question: '有没有眉笔', outcome: 'unknown', who: her, at: minutesAgo(6) })
    const [brow, locker, ...more] = await gaps(2)
    expect(more).toEqual([])
    expect(brow).toMatchObject({ asked: 6, people: 5, lastAsked: minutesAgo(5), draft: null })
    expect(brow?.examples[0]).toBe('有没有眉笔')
    expect(brow?.examples).toHaveLength(3)
    expect(locker).toMatchObject({ asked: 3, people: 3 })
    expect(entriesOf(content).map(({ id }) => id)).toContain(locker?.nearest[0]?.entry)
    expect(locker?.nearest[0]?.chance).toBeGreaterThan(0)
  })

  test('paraphrases of one entry of the example brand fall into few groups, and hardly with those of another', async () => {
    const chosen = ['ship-sf', 'invoice-get', 'points-expire', 'use-pilling', 'skin-pregnant', 'member-birthday']
    const owner = new Map<string, string>()
    for (const { id, questions } of entriesOf(content)) {
      if (chosen.includes(id)) for (const question of questions) owner.set(question.normalize('NFKC'), id)
    }
    await unknown(...owner.keys())
    const found = await gaps()
    const pure = found.map(({ examples }) => {
      const counts = Object.values(Object.groupBy(examples, (example) => owner.get(example) ?? ''))
      return Math.max(...counts.map((same) => same?.length ?? 0))
    })
    const inMajority = pure.reduce((sum, count) => sum + count, 0)
    expect(inMajority / owner.size).toBeGreaterThan(0.9)
    expect(found.length).toBeLessThan(owner.size * 0.9)
  })

  test('the same list whatever the order of the rows', async () => {
    const asked = told.map((question, i) => ({
      question,
      at: minutesAgo(i),
      who: { ...her, customerId: randomUUID() },
    }))
    const lists = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(asked, { minLength: asked.length }), async (order) => {
        await db.pool.query('TRUNCATE exchange')
        for (const one of order) await exchange({ ...one, outcome: 'unknown' })
        lists.add(JSON.stringify(await gaps()))
      }),
      { numRuns: 10 },
    )
    expect(lists.size).toBe(1)
  })
})

describe('nothing that leads to a person is shown', () => {
  test.each([
    ['我手机13812345678能查吗', '我手机***能查吗'],
    ['电话 138-1234-5678 打不通', '电话 *** 打不通'],
    ['１３８ １２３４ ５６７８', hidden],
    ['一三八一二三四五六七八是我', '***是我'],
    ['订单号QY2026112233445 到哪了', '订单号QY*** 到哪了'],
    ['发到 li.si@example.com 行吗', '发到 *** 行吗'],
    ['@王小美 帮我问问', '*** 帮我问问'],
    ['看这个 https://x.example/u?id=77 是真的吗', '看这个 *** 是真的吗'],
    ['收件人：王小美，能改吗', '收件人:***,能改吗'],
    ['加我微信 xiaomei_99', '加我微信 ***'],
    ['我叫王小美 能查吗', '我叫*** 能查吗'],
    ['地址：城东那片湖边的院子', '地址:***'],
    ['寄到武康路 376 号 2 栋可以吗', `${hidden}可以吗`],
    ['身份证310101199001011234X要填吗', '身份证***要填吗'],
  ])('%s', (text, shown) => {
    expect(masked(text)).toBe(shown)
  })

  test('questions of the example brand stay as they are', () => {
    for (const question of entriesOf(content).flatMap(({ questions }) => questions)) {
      expect(masked(question)).toBe(question.normalize('NFKC'))
    }
    for (const text of ['地址填错了怎么改', '收件人写错啦', '我叫你们客服来', '微信付不了', '账号怎么注销']) {
      expect(masked(text)).toBe(text)
    }
  })

  test('prices, sizes and days stay: they are part of the question', () => {
    for (const text of ['199元能便宜吗', '21天打卡', 'SPF50+是什么', '满2000是岛主吗', '50ml多少钱', '双12']) {
      expect(masked(text)).toBe(text)
    }
  })

  test('what is masked stays as it is when it is masked again, and no six digits are left', () => {
    const bits = fc.constantFrom(
      '我',
      '138',
      '12345678',
      '-',
      ' ',
      '@',
      '微信',
      ':',
      '路',
      '3号',
      'a@b.cc',
      '九',
      '\u200b',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(bits).map((all) => all.join('')),
        ),
        (text) => {
          const shown = masked(text)
          expect(masked(shown)).toBe(shown)
          expect(shown).not.toMatch(/\d{6}|@\w/)
        },
      ),
    )
  })

  test('a hundred thousand characters are masked in no time', () => {
    const pieces = ['1', '1-', '@', '一', '路', '武康路', 'a.', '微信', 'www.', '九 ']
    const effort = effortOf(() => {
      for (const piece of pieces) masked(piece.repeat(50_000))
    })
    expect(effort).toBeLessThan(5_000)
  })
})

describe('a draft', () => {
  const read = async (dir: string) => (await loadFolder(dir, registry, { tolerates: () => true })).findings
  const near = entriesOf(content)
    .slice(0, 1)
    .map((entry) => ({ entry, chance: 0.31 }))

  test('is masked, and a file that checks, whatever customers, advisers and models write', async () => {
    const own = contentFolder()
    const nasty = [
      '---',
      '*a',
      '&b: c',
      '# 怎么',
      '"',
      "'''",
      '- x',
      '{{ brand }}',
      '打 13812345678',
      '\u2028',
      ': ',
      '|',
    ]
    const text = '---\n卖的\n![](media/none.png)\n{{ brand }}{% if %}\n---\n电话 13812345678'
    const { path, text: file } = draftEntry({
      id: 'gap-20260302-1',
      questions: nasty,
      answer: { text, from: 'adviser' },
      nearest: near,
    })
    own.write({ [path]: file })
    const { content: loaded } = await loadFolder(own.dir, registry, { tolerates: () => true })
    const findings = (await read(own.dir)).filter((finding) => finding.file === path && finding.severity === 'error')
    expect(findings).toEqual([])
    expect(file).not.toContain('13812345678')
    expect(file).toContain('TO BE CHECKED')
    expect(entriesOf(loaded!).map(({ id }) => id)).not.toContain('gap-20260302-1')
    own.dispose()
  })

  test('without an answer holds its id in the place of one, and shows what comes near', () => {
    const { path, text } = draftEntry({ id: 'gap-20260302-1', questions: ['有眉笔吗'], answer: null, nearest: near })
    expect(path).toBe('faq/gap-20260302-1.md')
    expect(text).toMatch(/\n---\n\ngap-20260302-1\n$/)
    expect(text).toContain(`# Near, with a chance of 31 %: ${near[0]!.entry.id}`)
    expect(text).toContain('draft: true')
  })
})

describe('the command', () => {
  const faq = (words: readonly string[], more: Record<string, string> = {}) =>
    command(['faq', 'gaps', ...words], { DATABASE_URL: url, CONTENT_DIR: folder.dir, ...more })
  const model = { OPENAI_API_KEY: stub.apiKey, OPENAI_BASE_URL: stub.baseUrl, OPENAI_MODEL: 'stub' }
  const drafts = (): string[] => readdirSync(join(folder.dir, 'faq')).filter((name) => name.startsWith('gap-'))

  test('prints groups, and says what to do', async () => {
    await unknown('有没有眉笔', '有没有眉笔，我电话13812345678', '能刻字吗')
    const { code, out } = await faq([])
    expect(code).toBe(0)
    expect(out).toContain('1  asked 2 times by 2')
    expect(out).toContain('有没有眉笔')
    expect(out).not.toContain('13812345678')
    expect(out).not.toContain('能刻字吗')
    const json = JSON.parse((await faq(['--least', '1', '--json'])).out) as { gaps: Gap[]; questions: number }
    expect(json.gaps).toHaveLength(2)
    expect(json.questions).toBe(3)
  }, 60_000)

  test('drafts an entry once, which nobody is answered from', async () => {
    await unknown('有没有眉笔', '眉笔有吗')
    const { code, out } = await faq(['--draft', '1', '--json'])
    expect(code).toBe(0)
    const { id, file, model: by } = JSON.parse(out) as { id: string; file: string; model: string | null }
    expect(id).toMatch(/^gap-\d{8}-1$/)
    expect(by).toBeNull()
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('有没有眉笔')
    const again = await faq(['--draft', '1'])
    expect(again).toMatchObject({ code: 2, out: '' })
    expect(again.complaint).toContain(id)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(drafts()).toEqual([`${id}.md`])
    expect((await faq([])).out).toContain(`draft: ${id}`)
    const { content: after, findings } = await loadFolder(folder.dir, registry, { tolerates: () => true })
    expect(findings.filter((finding) => finding.file === `faq/${id}.md`)).toEqual([])
    expect(entriesOf(after!).map((entry) => entry.id)).not.toContain(id)
  }, 60_000)

  test('lets the model draft where there is one: marked, and from nothing but masked words', async () => {
    await unknown('能刻字吗', '可以刻字吗 打给我13812345678')
    stub.reply({ questions: ['瓶子能刻字吗', '可以刻字不'], answer: '刻字服务目前【】，详情请看【】。' })
    const { code, out } = await faq(['--draft', '1'], model)
    expect(code).toBe(0)
    const text = readFileSync(out.trim(), 'utf8')
    expect(text).toContain('瓶子能刻字吗')
    expect(text).toContain('刻字服务目前【】')
    expect(text).toContain('TO BE CHECKED: A model wrote the answer below (stub)')
    expect(text).toContain('draft: true')
    const asked = JSON.stringify(stub.requests.at(-1)?.body.messages)
    expect(asked).toContain('能刻字吗')
    expect(asked).not.toContain('13812345678')
  }, 60_000)

  test('leaves the answer to a person when the model says something else', async () => {
    await unknown('直播几点', '直播几点开始')
    stub.reply('sorry, no')
    const { code, out, complaint } = await faq(['--draft', '1'], model)
    expect(code).toBe(0)
    expect(complaint).toContain('The model gave no usable draft')
    expect(FaqEntry.shape.id.safeParse(/(gap-[\d-]+)\.md/.exec(out)?.[1]).success).toBe(true)
    expect(existsSync(out.trim())).toBe(true)
    stub.reply(hang('headers'))
  }, 60_000)

  test('says what is wrong with its options', async () => {
    for (const words of [
      ['--draft', '9'],
      ['--days', 'x'],
      ['--least', '0'],
    ]) {
      const { code, complaint } = await faq(words)
      expect(code).toBe(2)
      expect(complaint).toContain(words[0])
    }
  }, 60_000)

  test('every look and every draft is in the audit, without a word of anybody', async () => {
    const { rows } = await db.pool.query<{ action: string; details: object }>(
      'SELECT DISTINCT action FROM audit ORDER BY 1',
    )
    expect(rows.map(({ action }) => action)).toEqual(['faq-gap-drafted', 'faq-gaps-shown'])
    const { rowCount } = await db.pool.query(`SELECT FROM audit WHERE details::text ~ '[^\\x01-\\x7f]|1381234'`)
    expect(rowCount).toBe(0)
  })
})
