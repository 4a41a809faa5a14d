import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkContent, importFaq, loadFolder } from '../../src/content/index.ts'
import { folderWith } from '../support/content-files.ts'
import { entries, good, shop } from '../support/content-shop.ts'
import { type SheetCell, spreadsheet } from '../support/spreadsheet.ts'

async function stage(rows: readonly (readonly SheetCell[])[]) {
  const dir = await folderWith(good)
  const file = join(await folderWith({ '常见问题.xlsx': spreadsheet(rows) }), '常见问题.xlsx')
  return { dir, file }
}

const told = ({ findings }: Awaited<ReturnType<typeof importFaq>>): string[] =>
  findings.map((one) => `${one.severity} ${one.line}:${one.column} ${one.message} → ${one.expected}`)

const sheet = [
  ['编号', '问题', '相似问法', '答案', '标签', '有效期'],
  [101, '怎么退货；可以退吗', '退货流程', '七天内联系客服。\n请保留包装。', '售后，退货', '2026年12月31日'],
  [null, '发什么快递', null, '顺丰', null, null],
] as const

test('rows become entries that pass check: several questions in a cell or in columns, tags, dates and ids', async () => {
  const { dir, file } = await stage(sheet)
  const result = await importFaq({ dir, file })
  expect(result).toEqual({ written: ['faq/常见问题.yaml'], unchanged: [], entries: 2, findings: [] })
  const { content, findings } = await loadFolder(dir, shop)
  expect(findings).toEqual([])
  const imported = content?.items(entries).filter((item) => item.file === 'faq/常见问题.yaml') ?? []
  expect(imported.map(({ data }) => data)).toEqual([
    {
      id: '101',
      questions: ['怎么退货', '可以退吗', '退货流程'],
      answer: '七天内联系客服。\n请保留包装。',
      tags: ['售后', '退货'],
      groups: [],
      validUntil: '2026-12-31',
    },
    {
      id: expect.stringMatching(/^q-[0-9a-f]{10}$/) as string,
      questions: ['发什么快递'],
      answer: '顺丰',
      tags: [],
      groups: [],
    },
  ])
})

test('importing again changes nothing, and a file that somebody edited is kept unless told otherwise', async () => {
  const { dir, file } = await stage(sheet)
  await importFaq({ dir, file, name: 'shop' })
  expect(await importFaq({ dir, file, name: 'shop' })).toMatchObject({ written: [], unchanged: ['faq/shop.yaml'] })
  await writeFile(join(dir, 'faq/shop.yaml'), '[]\n')
  const kept = await importFaq({ dir, file, name: 'shop' })
  expect(told(kept)).toEqual([
    'error 1:1 faq/shop.yaml is there already and differs → Import with --replace to overwrite it',
  ])
  expect(await readFile(join(dir, 'faq/shop.yaml'), 'utf8')).toBe('[]\n')
  expect(await importFaq({ dir, file, name: 'shop', replace: true })).toMatchObject({ written: ['faq/shop.yaml'] })
})

test('one page per row when asked for', async () => {
  const { dir, file } = await stage(sheet)
  const { written } = await importFaq({ dir, file, each: true })
  expect(written).toHaveLength(2)
  expect(await readFile(join(dir, 'faq/101.md'), 'utf8')).toMatch(/^---\nid: "101"\nquestions:\n {2}- 怎么退货\n/)
  expect(await checkContent(dir, shop)).toEqual([])
})

test('bad rows are told with their row and column, and good rows are kept', async () => {
  const { dir, file } = await stage([
    ['常见问题汇总'],
    ['ID', 'Question', 'Anser', 'Answer', '有效期'],
    ['a', 'q1', null, 'a1', null],
    ['a', 'q2', null, 'a2', null],
    ['b/..', 'q3', null, 'a3', null],
    [null, null, null, 'a4', null],
    [null, 'q5', null, null, '明年'],
    [null, null, null, null, null],
    [null, 'q6', null, 'a6', '2026-02-30'],
    [null, 'q7', null, 'a7', '2026/2/3'],
  ])
  const result = await importFaq({ dir, file })
  expect(result.entries).toBe(2)
  expect(told(result)).toEqual([
    'warning 2:3 the column "Anser" is left out → Did you mean `answer`?',
    'error 4:1 the id "a" stands in row 3 already → An id of its own, or one row for both',
    'error 5:1 "b/.." cannot be an id → Letters, digits, - and _ only',
    'error 6:2 the row has no question → At least one question',
    'error 7:4 the row has no answer → The answer',
    'error 7:5 "明年" is not a date → A date such as 2026-12-31',
    'error 9:5 "2026-02-30" is not a date → A date such as 2026-12-31',
  ])
})

test('what is no spreadsheet, or has no known column, is told and writes nothing', async () => {
  const { dir, file } = await stage([
    ['甲', '乙'],
    ['1', '2'],
  ])
  const unknown = await importFaq({ dir, file })
  expect(unknown.written).toEqual([])
  expect(told(unknown).filter((line) => line.startsWith('error'))).toHaveLength(2)
  await writeFile(file, 'hello')
  expect(told(await importFaq({ dir, file }))[0]).toContain('1:1 the file is not a spreadsheet that can be read')
})
