import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accepted, mended, readBaseline, regressions } from '../../src/app/eval/baseline.ts'
import { type Happened, judge } from '../../src/app/eval/judge.ts'
import { readRecordings, recordedModel, type Recording, writeRecordings } from '../../src/app/eval/recordings.ts'
import { checkContent, createRegistry } from '../../src/content/index.ts'
import { evalsKind } from '../../src/domains/faq/evals/schema.ts'
import { faqKind } from '../../src/domains/faq/schema.ts'
import { groupRules } from '../../src/domains/members/index.ts'
import type { Expectation } from '../../src/domains/faq/evals/schema.ts'
import { folderWith } from '../support/content-files.ts'

const registry = createRegistry([{ name: 'test', kinds: [faqKind, groupRules, evalsKind] }])
const settings = 'brand: { name: 青屿 }\n'
const faq = `
- { id: pay, questions: [怎么付款], answer: 微信支付 }
- { id: ship, questions: [多久到], answer: 两天 }
- { id: later, questions: [以后呢], answer: 以后再说, draft: true }
`
const caseOf = (rest: string, expect = '{ entry: pay }'): string =>
  `- { id: pay-1, kind: plain, ${rest} turns: [{ says: 咋付钱, expect: ${expect} }] }\n`

async function findings(files: Record<string, string>): Promise<string[]> {
  const dir = await folderWith({ 'settings.yaml': settings, 'faq/all.yaml': faq, ...files })
  const found = await checkContent(dir, registry)
  return found.map(({ severity, file, line, message }) => `${severity} ${file}:${line} ${message}`)
}

describe('check', () => {
  test('warns once for a file of its entries that no case covers, but not of drafts', async () => {
    expect(await findings({ 'evals/a.yaml': caseOf('') })).toEqual([
      'warning faq/all.yaml:3 no evaluation case covers ship',
    ])
    expect(await findings({ 'evals/a.yaml': caseOf('', '{ entries: [pay, ship] }') })).toEqual([])
  })

  test('says nothing of that to a brand that has no cases', async () => {
    expect(await findings({})).toEqual([])
    expect(await findings({ 'evals/a.yaml': '# none yet\n' })).toEqual([])
  })

  test('does not count an entry as covered that must not be said', async () => {
    expect(await findings({ 'evals/a.yaml': caseOf('', '{ entry: pay, notEntries: [ship] }') })).toHaveLength(1)
  })

  test('does not guess what is uncovered while a case cannot be read', async () => {
    expect(await findings({ 'evals/a.yaml': `${caseOf('')}- { id: pay-2 }\n` })).not.toContainEqual(
      expect.stringContaining('no evaluation case covers'),
    )
  })

  test.each([
    ['an entry that does not exist', caseOf('', '{ entries: [pay, ship, payment] }'), 'payment'],
    ['a group rule that does not exist', caseOf('in: fans,', '{ entries: [pay, ship] }'), 'fans'],
    ['a key that nobody knows', caseOf('', '{ entries: [pay, ship], must: [x] }'), 'must'],
    ['a decision that there is none of', caseOf('', '{ entries: [pay, ship], decision: maybe }'), 'decision'],
    ['two cases of one id', caseOf('', '{ entries: [pay, ship] }').repeat(2), 'pay-1'],
    ['a case that expects nothing', caseOf('', '{}'), 'expects nothing'],
  ])('refuses %s', async (_, file, word) => {
    const found = await findings({ 'evals/a.yaml': file })
    expect(found.filter((line) => line.startsWith('error'))).toEqual([expect.stringContaining(word)])
  })

  test('leaves recordings and the baseline alone, which stand beside the cases', async () => {
    const files = { 'evals/.recorded/by-hand.yaml': '- x', 'evals/.baseline.json': '{}' }
    expect(await findings({ 'evals/a.yaml': caseOf('', '{ entries: [pay, ship] }'), ...files })).toEqual([])
  })
})

const happened: Happened = {
  said: [{ direct: true, text: '补 12 元就行～' }],
  decision: 'voiced',
  entries: ['ship'],
  offered: [],
  mood: 'calm',
  heardModel: true,
  cases: [],
}

describe('a turn is held against what is expected', () => {
  test.each<[string, Expectation, Partial<Happened>, number]>([
    ['the entry was cited', { entry: 'ship' }, {}, 0],
    ['another entry was cited', { entry: 'pay' }, {}, 1],
    ['one of two entries is missing', { entries: ['ship', 'pay'] }, {}, 1],
    ['an entry was said that must not be', { notEntries: ['ship'] }, {}, 1],
    ['an entry was offered that must not be', { notEntries: ['pay'] }, { offered: ['pay'] }, 1],
    ['words were said, with other spaces and width', { mustSay: ['１２元'] }, {}, 0],
    ['one of several wordings was said', { mustSay: [['十二元', '12 元']] }, {}, 0],
    ['words are missing', { mustSay: ['顺丰'] }, {}, 1],
    ['words were said that must not be', { mustNotSay: ['～'] }, {}, 1],
    ['words were said to her alone, not in the group', { groupMustNotSay: ['12 元'] }, {}, 0],
    ['words were said in the group', { groupMustNotSay: ['12 元'] }, { said: [{ direct: false, text: '12元' }] }, 1],
    ['the decision is one of several', { decision: ['unknown', 'voiced'] }, {}, 0],
    ['the decision is another one', { decision: 'silent' }, {}, 1],
    [
      'no model was heard, so approved words stand for its voice',
      { decision: 'voiced' },
      { decision: 'verbatim', heardModel: false },
      0,
    ],
    ['the model was heard, and its words were not fit to be said', { decision: 'voiced' }, { decision: 'verbatim' }, 1],
    ['the mood is another one', { mood: 'angry' }, {}, 1],
    ['no model has heard the mood', { mood: 'angry' }, { mood: null }, 0],
    ['a case was expected', { handoff: true }, {}, 1],
    ['no case was expected', { handoff: false }, { cases: ['asked'] }, 1],
    ['a case of another reason was expected', { handoff: 'safety' }, { cases: ['asked'] }, 1],
    ['the case that was expected', { handoff: 'asked' }, { cases: ['asked'] }, 0],
    ['the entry was only offered', { entry: 'pay' }, { decision: 'offered', entries: [], offered: ['pay'] }, 1],
    [
      'it is enough that it was offered',
      { entry: 'pay', orOffered: true, mustSay: ['x'] },
      { decision: 'offered', entries: [], offered: ['pay'] },
      0,
    ],
    [
      'another one was offered',
      { entry: 'pay', orOffered: true },
      { decision: 'offered', entries: [], offered: ['ship'] },
      1,
    ],
  ])('%s', (_, expected, other, failures) => {
    expect(judge(expected, { ...happened, ...other })).toHaveLength(failures)
  })
})

describe('the baseline', () => {
  const known = { passed: ['a', 'b'], failed: ['c'] }

  test('knows a case that passed and fails now, and a new one that fails, for regressions', () => {
    const results = ['a', 'b', 'c', 'd'].map((id) => ({ id, passed: id === 'a' }))
    expect(regressions(results, known)).toEqual(['b', 'd'])
    expect(regressions(results, undefined)).toEqual(['b', 'c', 'd'])
  })

  test('knows which cases pass that were known to fail', () => {
    expect(
      mended(
        [
          { id: 'a', passed: true },
          { id: 'c', passed: true },
        ],
        known,
      ),
    ).toEqual(['c'])
    expect(mended([{ id: 'c', passed: false }], known)).toEqual([])
  })

  test('keeps what was not run, and forgets cases that are gone, when results are accepted', () => {
    const after = accepted({ recorded: known, live: known }, 'recorded', [{ id: 'b', passed: false }], ['b', 'c', 'd'])
    expect(after).toEqual({ recorded: { passed: [], failed: ['b', 'c'] }, live: known })
  })

  test('is empty where there is no file, and said to be broken where it is', async () => {
    expect(await readBaseline(await folderWith())).toEqual({})
    await expect(readBaseline(await folderWith({ 'evals/.baseline.json': '{"recorded": 1}' }))).rejects.toMatchObject({
      code: 'eval-baseline',
    })
  })
})

describe('recordings', () => {
  const byHand = `
- case: one
  answer: { answer: 好的, cites: [pay] }
- case: bad
  fault: a price that no entry has
  answer: { answer: 1 元, cites: [pay] }
`
  const live: Recording[] = ['one', 'bad'].map((id) => ({ case: id, turn: 1, attempt: 1, raw: '{}', prompt: 'p' }))

  test('are said as the model would say them', async () => {
    const dir = await folderWith({ 'evals/.recorded/by-hand.yaml': byHand })
    const missing: string[] = []
    let at = { case: 'one', turn: 1, attempt: 1 }
    const model = recordedModel(
      await readRecordings(dir),
      () => at,
      ({ case: id, attempt }) => missing.push(`${id} ${attempt}`),
    )
    const call = { messages: [], schema: { name: 'answer', json: {} }, maxTokens: 1, deadlineMs: 1 }
    const said = await model.ask(call)
    expect(said.kind === 'said' && JSON.parse(said.text)).toMatchObject({
      answer: '好的',
      cites: ['pay'],
      human: 'none',
    })
    at = { ...at, attempt: 2 }
    expect(await model.ask(call)).toMatchObject({ kind: 'failed', why: 'refused' })
    expect(missing).toEqual(['one 2'])
  })

  test('of a model go before those of a hand, but for what is wrong on purpose', async () => {
    const dir = await folderWith({ 'evals/.recorded/by-hand.yaml': byHand })
    await writeRecordings(dir, live)
    const read = await readRecordings(dir)
    expect(read.at({ case: 'one', turn: 1, attempt: 1 })).toMatchObject({ raw: '{}', prompt: 'p' })
    expect(read.at({ case: 'bad', turn: 1, attempt: 1 })).toMatchObject({ fault: 'a price that no entry has' })
  })

  test('of cases that were not run stay as they are', async () => {
    const dir = await folderWith()
    await writeRecordings(dir, live)
    await writeRecordings(dir, [{ case: 'one', turn: 1, attempt: 1, raw: 'new' }])
    const text = await readFile(join(dir, 'evals/.recorded/live.yaml'), 'utf8')
    expect(text).toMatch(/^# Written by/)
    expect((await readRecordings(dir)).at({ case: 'bad', turn: 1, attempt: 1 })).toMatchObject({ raw: '{}' })
    expect((await readRecordings(dir)).at({ case: 'one', turn: 1, attempt: 1 })).toMatchObject({ raw: 'new' })
  })

  test('that cannot be read are said to be so, by name', async () => {
    const dir = await folderWith()
    await mkdir(join(dir, 'evals/.recorded'), { recursive: true })
    await writeFile(join(dir, 'evals/.recorded/by-hand.yaml'), '- cases: x')
    await expect(readRecordings(dir)).rejects.toThrow(/by-hand\.yaml/)
  })
})
