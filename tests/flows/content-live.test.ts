import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type ContentStore,
  type ContentStoreOptions,
  listPublications,
  openContent,
  publishContent,
  rollbackContent,
} from '../../src/content/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Alarms } from '../../src/kernel/ports.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { folderWith, writeFiles } from '../support/content-files.ts'
import { entries, good, shop } from '../support/content-shop.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const manual = 'brand:\n  name: 青屿\ncontent:\n  publish: manual\n'
const now = new Date('2026-03-02T02:00:00Z')

let database: TestDatabase
let dir: string
let alarms: Alarms
const open: ContentStore[] = []

beforeEach(async () => {
  database = await testDatabase()
  dir = await folderWith(good)
  alarms = recordingAlarms()
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()))
  await database.close()
})

function recordingAlarms(): Alarms {
  const raised = new Map<string, ReturnType<Alarms['current']>[number]>()
  return {
    raise: (alarm) => void raised.set(alarm.key, { ...alarm, since: now }),
    clear: (key) => void raised.delete(key),
    current: () => [...raised.values()],
  }
}

async function start(more: Partial<ContentStoreOptions> = {}): Promise<ContentStore> {
  const { db } = database
  const store = await openContent({ dir, registry: shop, db, clock: systemClock, log: silentLog, alarms, ...more })
  open.push(store)
  return store
}

const byHand = () => ({ registry: shop, db: database.db, by: 'lin', now })
const hello = (store: ContentStore): string => store.current().reply('shop.hello', { customer: '小林' })
const replies = (greeting: string): string => `shop:\n  hello: ${greeting}\n  bye: 再见\n`
const versions = async () => (await listPublications(database.db)).map(({ version }) => version)

test('a good folder is live at the start, and a saved change soon after', async () => {
  const store = await start()
  expect(hello(store)).toBe('你好 小林')
  const seen: string[] = []
  store.onChange((content) => seen.push(content.version))
  await writeFiles(dir, { 'replies.yaml': replies('您好 {{ customer }}') })
  await until(() => hello(store) === '您好 小林')
  expect(seen).toEqual([store.current().version])
  expect(await versions()).toHaveLength(2)
})

test("an editor's rename over the file, a new file and a removed one are seen", async () => {
  const store = await start()
  await writeFile(join(dir, '.replies.yaml.tmp'), replies('早'))
  await rename(join(dir, '.replies.yaml.tmp'), join(dir, 'replies.yaml'))
  await until(() => hello(store) === '早')
  await writeFiles(dir, { 'faq/new.yaml': '- {id: new, questions: [x], answer: y}\n' })
  await until(() => store.current().items(entries).length === 3)
  await rm(join(dir, 'faq/use.md'))
  await until(() => store.current().items(entries).length === 2)
})

test('bad content never goes live: the old one is kept, an alarm says so and ends when it is mended', async () => {
  const store = await start()
  await writeFiles(dir, {
    'replies.yaml': replies('{{ nobody }}'),
    'faq/use.md': '---\nid: use\nquestions: [新]\n---\n新',
  })
  await until(() => alarms.current().length > 0)
  expect(alarms.current()).toMatchObject([{ key: 'bad-content', code: 'bad-content', details: { errors: 1 } }])
  expect(hello(store)).toBe('你好 小林')
  expect(
    store
      .current()
      .items(entries)
      .map(({ data }) => data.questions[0]),
  ).toContain('怎么用')
  expect(store.findings()).toMatchObject([{ file: 'replies.yaml', line: 2, column: 10 }])
  await writeFiles(dir, { 'replies.yaml': replies('修好了') })
  await until(() => hello(store) === '修好了')
  expect(alarms.current()).toEqual([])
  expect(
    store
      .current()
      .items(entries)
      .map(({ data }) => data.questions[0]),
  ).toContain('新')
})

test('a process that starts on a bad folder serves the last live version', async () => {
  const first = await start()
  const { version } = first.current()
  await first.close()
  await writeFiles(dir, { 'settings.yaml': 'brand: {}' })
  const second = await start()
  expect(second.current().version).toBe(version)
  expect(hello(second)).toBe('你好 小林')
  expect(alarms.current()).toMatchObject([{ key: 'bad-content' }])
})

test('a bad folder and no earlier version: the start is refused with every finding', async () => {
  await writeFiles(dir, { 'settings.yaml': '' })
  await expect(start()).rejects.toMatchObject({
    code: 'content-bad',
    message: expect.stringContaining('settings.yaml:1:1') as string,
  })
})

test('with publish: manual a change waits for a person, and then reaches every process', async () => {
  await writeFiles(dir, { 'settings.yaml': manual })
  const store = await start()
  const other = await start({ dir: await folderWith(good), watch: false })
  await publishContent(dir, byHand())
  await writeFiles(dir, { 'replies.yaml': replies('等一等') })
  await until(() => store.waiting() === 'manual')
  expect(hello(store)).toBe('你好 小林')
  expect(await publishContent(dir, byHand())).toMatchObject({ kind: 'published' })
  await until(() => hello(store) === '等一等' && hello(other) === '等一等')
  expect(store.waiting()).toBeUndefined()
  expect(await publishContent(dir, byHand())).toMatchObject({ kind: 'unchanged' })
  expect(await database.db.prisma.audit.findMany()).toMatchObject([
    { by: 'lin', action: 'content.publish' },
    { by: 'lin', action: 'content.publish', subject: store.current().version },
  ])
})

test('one kind may wait while the rest goes live', async () => {
  const settings = 'brand: {name: 青屿}\ncontent: {publish: {default: auto, faq: manual}}\n'
  await writeFiles(dir, { 'settings.yaml': settings })
  const store = await start()
  await writeFiles(dir, { 'faq/use.md': '---\nid: use\nquestions: [新]\n---\n新', 'replies.yaml': replies('马上') })
  await until(() => hello(store) === '马上')
  const questions = () =>
    store
      .current()
      .items(entries)
      .map(({ data }) => data.questions[0])
  expect(questions()).toContain('怎么用')
  expect(store.waiting()).toBe('manual')
  await publishContent(dir, byHand())
  await until(() => questions().includes('新'))
})

test('a rollback goes back step by step, reaches every process and survives a restart', async () => {
  const store = await start()
  for (const greeting of ['二', '三']) {
    await writeFiles(dir, { 'replies.yaml': replies(greeting) })
    await until(() => hello(store) === greeting)
  }
  const [third, second, first] = await versions()
  expect(await rollbackContent(byHand())).toEqual({ kind: 'done', version: second, takenBack: third })
  await until(() => hello(store) === '二')
  expect(store.waiting()).toBe('taken-back')
  const restarted = await start()
  expect(hello(restarted)).toBe('二')
  expect(restarted.waiting()).toBe('taken-back')
  expect(await rollbackContent(byHand())).toEqual({ kind: 'done', version: first, takenBack: second })
  expect(await rollbackContent(byHand())).toEqual({ kind: 'refused', reason: 'nothing-before' })
  await until(() => hello(restarted) === '你好 小林')
  await writeFiles(dir, { 'replies.yaml': replies('四') })
  await until(() => hello(store) === '四' && hello(restarted) === '四')
})

test('a publication is heard of after the listening connection was lost', async () => {
  const store = await start({ watch: false })
  const other = await folderWith({ ...good, 'replies.yaml': replies('别处') })
  await database.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zhanggui-content' AND datname = current_database()`,
  )
  await publishContent(other, byHand())
  await until(() => hello(store) === '别处')
})

test('media are kept once, for good, under the hash of their bytes', async () => {
  await writeFiles(dir, { 'media/a.png': 'picture', 'media/same.png': 'picture' })
  const store = await start()
  const id = store.current().mediaId('media/a.png')
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(store.current().mediaId('media/same.png')).toBe(id)
  expect(store.current().mediaId('media/none.png')).toBeUndefined()
  const rows = await database.db.prisma.media.findMany()
  expect(rows).toMatchObject([{ id, expiresAt: null }])
  expect(Buffer.from(rows[0]?.bytes ?? []).toString()).toBe('picture')
})

test('two processes that start at once publish one version once', async () => {
  const stores = await Promise.all([start(), start()])
  expect(new Set(stores.map((store) => store.current().version)).size).toBe(1)
  expect(await versions()).toHaveLength(1)
})
