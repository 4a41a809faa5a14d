/** `eval`: dialogues through the real way of a message, and what its exit code says. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  chosenCases,
  contentOf,
  evaluate,
  openSource,
  readBaseline,
  regressions,
  writeRecordings,
} from '../../src/app/eval/index.ts'
import { readEnv } from '../../src/env.ts'
import { afterFile } from '../support/after-file.ts'
import { type Files, folderWith } from '../support/content-files.ts'
import { testDatabase } from '../support/database.ts'
import { startModelStub } from '../support/model-stub.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const example = fileURLToPath(new URL('../../content', import.meta.url))

let url = ''
/** A command makes a database of its own. */
const slow = { timeout: 60_000 }
beforeAll(async () => {
  ;({ url } = await testDatabase())
})

const faq = (answer = '从杭州发，两天左右到。'): string => `
- { id: ship, questions: [多久能到, 几天到货], answer: ${answer} }
- { id: mask, questions: [面膜多久敷一次], answer: 每周两次。 }
`
const cases = `
- id: ship-plain
  kind: plain
  turns: [{ says: 几天到货, expect: { entry: ship, mustSay: [两天] } }]
- id: mask-burst
  kind: multi
  turns: [{ says: [面膜, 多久敷, 一次], expect: { entry: mask } }]
- id: group-noise
  kind: noise
  in: fans
  mention: false
  turns:
    - { says: 面膜多久敷一次, expect: { decision: silent } }
    - { from: 小丸子, says: 面膜多久敷一次, mention: true, expect: { entry: mask } }
- id: human-owns
  kind: noise
  turns:
    - { from: phone, says: 我来回你 }
    - { says: 几天到货, expect: { decision: silent } }
    - { says: 几天到货, after: 31m, expect: { entry: ship } }
`

function folder(more: Files = {}): Promise<string> {
  return folderWith({
    'settings.yaml': 'brand: { name: 青屿 }\n',
    'replies.yaml': readFileSync(join(example, 'replies.yaml'), 'utf8'),
    'groups.yaml': 'groups: [{ id: fans, title: 粉丝群, match: { topics: [粉丝*] } }]\n',
    'faq/all.yaml': faq(),
    'evals/all.yaml': cases,
    ...more,
  })
}

type Ran = { code: number; out: string; complaint: string }

function evalIn(dir: string, ...args: string[]): Promise<Ran> {
  return evalOver(url, dir, ...args)
}

function evalOver(database: string, dir: string, ...args: string[]): Promise<Ran> {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATABASE_URL: database, CONTENT_DIR: dir }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'eval', ...args], { env }, (error, out, complaint) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, complaint })
    })
  })
}

describe('the command', () => {
  const all = ['group-noise', 'human-owns', 'mask-burst', 'ship-plain']
  const baseline = (failed: string[]): string =>
    JSON.stringify({ approved: { passed: all.filter((id) => !failed.includes(id)), failed } })

  test('ends with 1 when a case fails that passed before, and names it', slow, async () => {
    const dir = await folder({ 'faq/all.yaml': faq('三四天到。'), 'evals/.baseline.json': baseline([]) })
    const ran = await evalIn(dir, '--approved')
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('«两天» was not said')
    expect(ran.out).toContain('1 that fail are not known to: ship-plain')
  })

  test('ends with 0 when only such cases fail as are known to', slow, async () => {
    const dir = await folder({ 'faq/all.yaml': faq('三四天到。'), 'evals/.baseline.json': baseline(['ship-plain']) })
    const ran = await evalIn(dir, '--approved', '--json')
    expect(ran).toMatchObject({ code: 0, complaint: '' })
    const told = JSON.parse(ran.out) as {
      mode: string
      regressions: string[]
      results: { id: string; passed: boolean }[]
    }
    expect(told).toMatchObject({ mode: 'approved', regressions: [] })
    expect(told.results.filter(({ passed }) => !passed).map(({ id }) => id)).toEqual(['ship-plain'])
  })

  test('takes the results of one kind into the baseline, and leaves the others as they were', slow, async () => {
    const dir = await folder({ 'evals/.baseline.json': baseline([...all]) })
    expect(await evalIn(dir, '--approved', '--only', 'noise', '--accept')).toMatchObject({ code: 0 })
    expect(await readBaseline(dir)).toEqual({
      approved: { passed: ['group-noise', 'human-owns'], failed: ['mask-burst', 'ship-plain'] },
    })
  })

  test.each([
    ['two sources of answers', ['--live', '--approved'], 'not both'],
    ['recording what nobody says', ['--record'], '--record goes with --live'],
    ['a case that there is not', ['--only', 'nothing'], 'No case has the id or kind «nothing»'],
    ['a model that the environment does not name', ['--live'], 'OPENAI_API_KEY'],
  ])('%s is wrong use', slow, async (_, args, complaint) => {
    const ran = await evalIn(await folder(), ...args)
    expect(ran.code).toBe(2)
    expect(ran.complaint).toContain(complaint)
  })
})

test('a server on which it can make no database is said to be one', slow, async () => {
  const ran = await evalOver('postgresql://nobody@127.0.0.1:1/none', await folder(), '--approved')
  expect(ran.code).toBe(2)
  expect(ran.complaint).toContain('eval makes a database of its own')
})

describe('a model that was recorded', () => {
  const of = (file: string): string => readFileSync(join(example, file), 'utf8')
  const persona = of('persona.md')
  /** What bends its tone stands in the tags. */
  const speaker = { 'persona.md': persona, 'tags.yaml': of('tags.yaml'), 'interactions.yaml': of('interactions.yaml') }
  const said = { cites: ['ship'], mood: 'calm', intent: 'faq', human: 'none', proposes: {} }
  const voice = '大概两天左右就到啦。'

  /** Plays the plain case. */
  async function playIn(dir: string, wanted: { live?: boolean }, openai: Record<string, string> = {}) {
    const { db } = await testDatabase()
    const content = await contentOf(dir)
    const cases = chosenCases(content, 'ship-plain')
    const source = await openSource(readEnv({ CONTENT_DIR: dir, ...openai }), wanted)
    const results = await evaluate(db, { content, cases, askingFor: source.askingFor(db) })
    source.close()
    return { ...results[0]!, source, results, tally: source.tally(results) }
  }

  test('says again what it said, also under another prompt, which is told', slow, async () => {
    const dir = await folder(speaker)
    const stub = await startModelStub()
    afterFile.add(() => stub.close())
    stub.reply({ ...said, answer: voice })
    const live = await playIn(
      dir,
      { live: true },
      {
        ...{ OPENAI_API_KEY: stub.apiKey, OPENAI_BASE_URL: stub.baseUrl, OPENAI_MODEL: 'stub' },
      },
    )
    expect(live.turns).toMatchObject([{ decision: 'voiced', said: [expect.stringContaining('两天左右')] }])
    expect(live.tokens).toBeGreaterThan(0)
    await writeRecordings(dir, live.source.recorded(live.results))
    const again = await playIn(dir, {})
    expect(again.turns).toEqual(live.turns)
    expect(again.tally).toEqual({ missing: [], otherPrompt: [], byHand: 0 })
    await writeFile(join(dir, 'persona.md'), persona.replaceAll('小屿', '小海'))
    const changed = await playIn(dir, {})
    expect(changed.turns).toMatchObject([{ decision: 'voiced' }])
    expect(changed.tally).toEqual({ missing: [], otherPrompt: ['ship-plain:1'], byHand: 0 })
  })

  test('where nothing was recorded, the approved answer is sent, and that is told', slow, async () => {
    const played = await playIn(await folder(speaker), {})
    expect(played.turns).toMatchObject([{ decision: 'verbatim', failures: [] }])
    expect(played.tally).toEqual({ missing: ['ship-plain:1'], otherPrompt: [], byHand: 0 })
  })

  test('what is wrong in its words is caught, and told with the turn', slow, async () => {
    const answer = (text: string) => ({ answer: { answer: text, cites: ['ship'] } })
    const recorded = [
      { case: 'ship-plain', fault: 'a number of days that no entry has', ...answer('五天左右到。') },
      { case: 'ship-plain', attempt: 2, ...answer(voice) },
    ]
    const dir = await folder({
      ...speaker,
      'evals/.recorded/by-hand.yaml': JSON.stringify(recorded),
    })
    const { turns, passed, tally } = await playIn(dir, {})
    expect(turns).toMatchObject([{ decision: 'voiced', complaints: [expect.stringContaining('五天')] }])
    expect(passed).toBe(true)
    expect(tally.byHand).toBe(2)
  })
})

test('the example brand is not worse than its baseline', { timeout: 120_000 }, async () => {
  const { db } = await testDatabase()
  const content = await contentOf(example)
  const source = await openSource(readEnv({ CONTENT_DIR: example }), {})
  const cases = chosenCases(content, undefined)
  const results = await evaluate(db, { content, cases, askingFor: source.askingFor(db) })
  const known = (await readBaseline(example)).recorded
  const bad = regressions(results, known)
  expect(results.filter(({ id }) => bad.includes(id))).toEqual([])
  expect(results.filter(({ passed }) => passed).length).toBeGreaterThan(0.9 * results.length)
})
