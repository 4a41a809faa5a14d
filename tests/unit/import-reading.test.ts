/** Bytes of a file become rows, whatever they are cut into. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsv } from '../../src/app/import/csv.ts'
import { examine } from '../../src/app/import/file.ts'
import { Frames } from '../../src/app/import/lines.ts'
import { readFormat, zoned } from '../../src/app/import/moment.ts'
import { centsOf, decimalOf, readAmount } from '../../src/domains/orders/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'zhanggui-csv-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function rowsOf(content: string | Buffer): Promise<(string[] | string | null)[]> {
  const path = join(dir, 'file.csv')
  writeFileSync(path, content)
  const rows = []
  for await (const block of readCsv(await examine(path, {}))) rows.push(...block.rows)
  return rows.map(({ cells, wrong }) => cells ?? wrong)
}

const cell = fc.string({ unit: fc.constantFrom('a', '甲', ' ', ',', '"', '\n', '1'), maxLength: 6 })
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

test('what a spreadsheet writes is what we read: commas, quotes and line ends within cells', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
      const table = [['x', 'y', 'z'], ...rows]
      const text = table.map((cells) => cells.map(quoted).join(',')).join('\n')
      expect(await rowsOf(text)).toEqual(table)
    }),
    { numRuns: 60 },
  )
})

test('where the bytes are cut makes no difference, not even within a character', () => {
  const text = '编号,说明\n1,"第一\n行"\n2,没有\r\n3,"开着\n4,完\n'
  const bytes = Buffer.from(text)
  const framesOf = (cuts: number[]): unknown[] => {
    const frames = new Frames('utf-8', { delimiter: ',', fits: (record) => record.split('"').length === 3 })
    const edges = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
    return [...edges.slice(1).flatMap((end, i) => frames.push(bytes.subarray(edges[i], end))), ...frames.end()]
  }
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 6 }), (cuts) => {
      expect(framesOf(cuts)).toEqual(framesOf([]))
    }),
  )
  expect(framesOf([])).toMatchObject([
    { line: 1 },
    { line: 2, endLine: 3 },
    { line: 4 },
    { line: 5, unclosed: true },
    { line: 6, text: '4,完', unclosed: false },
  ])
})

test('a number that Excel is told to take for text is its digits, and other delimiters are recognised', async () => {
  expect(await rowsOf('no\tname\n="0012"\tA\n')).toEqual([
    ['no', 'name'],
    ['="0012"', 'A'],
  ])
  expect(await rowsOf('no;name\n1;A,B\n')).toEqual([
    ['no', 'name'],
    ['1', 'A,B'],
  ])
})

test('a workbook or UTF-16 is refused with what to do', async () => {
  await expect(rowsOf(Buffer.from([0x50, 0x4b, 0x03, 0x04]))).rejects.toThrow(/Save it as CSV/)
  await expect(rowsOf(Buffer.from('\ufeffa,b', 'utf16le'))).rejects.toThrow(/UTF-16/)
})

describe('amounts', () => {
  test('are whole cents whatever they look like, and come back the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), (cents) => {
        expect(centsOf(decimalOf(cents))).toBe(cents)
      }),
    )
    const read = (text: string): unknown => {
      const amount = readAmount(text)
      return amount.kind === 'amount' ? amount.cents : amount.why
    }
    expect(['0.1', '19.90', '1,234.5', '-0.01', '+7', '12.3400', '.5', '1e9', '1,2', '12.345', ''].map(read)).toEqual([
      10n,
      1990n,
      123_450n,
      -1n,
      700n,
      1234n,
      'no-decimal',
      'no-decimal',
      'no-decimal',
      'too-fine',
      'no-decimal',
    ])
  })
})

describe('dates', () => {
  const instant = (format: string, text: string, zone = 'Asia/Shanghai'): string | undefined => {
    const local = readFormat(format)?.(text)
    return local && zoned(zone)(local).toISOString()
  }

  test('are read as they are written, in the zone of the brand', () => {
    expect(instant('yyyy-MM-dd HH:mm:ss', '2026-03-01 08:05:09')).toBe('2026-03-01T00:05:09.000Z')
    expect(instant('yyyy/M/d H:mm', '2026/3/1 8:05')).toBe('2026-03-01T00:05:00.000Z')
    expect(instant('yyyy年M月d日', '2026年12月31日')).toBe('2026-12-30T16:00:00.000Z')
    expect(instant('excel', '46056.5')).toBe('2026-02-03T04:00:00.000Z')
    expect(instant('yyyy-MM-dd', '2026-02-29')).toBeUndefined()
    expect(instant('yyyy-MM-dd', '2026-2-1')).toBeUndefined()
    expect(readFormat('yyyy-MM')).toBeUndefined()
  })

  test('of an hour that comes twice or never are read by the clock before the change', () => {
    expect(instant('yyyy-MM-dd HH:mm', '2026-10-25 02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
    expect(instant('yyyy-MM-dd HH:mm', '2026-03-29 02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(instant('yyyy-MM-dd HH:mm', '2026-03-29 04:00', 'Europe/Berlin')).toBe('2026-03-29T02:00:00.000Z')
  })
})
