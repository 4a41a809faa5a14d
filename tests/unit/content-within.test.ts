import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { checkContent, createRegistry } from '../../src/content/index.ts'
import { offsetWithin } from '../../src/content/within.ts'
import { contentKind, settingsSection } from '../../src/kernel/content.ts'
import { folderWith } from '../support/content-files.ts'

/** The character of the piece at which an index of the text is found. */
const at = (piece: string, text: string, index: number): string => piece.slice(offsetWithin(piece, text, index))

test('a text that stands as it is, is found as it is', () => {
  expect(offsetWithin('你好', '你好', 1)).toBe(1)
  expect(offsetWithin('"你好"', '你好', 1)).toBe(2)
})

test('lines of a block are found below their indent', () => {
  expect(at('|\n      你好\n      ---\n      再见\n', '你好\n---\n再见', 7)).toBe('再见\n')
  expect(at('>-\n  你好\n  再见', '你好 再见', 3)).toBe('再见')
  // The indicator of a block is not the letter that is looked for.
  expect(at('|2-\n  2-\n  2-', '2-\n2-', 3)).toBe('2-')
})

test('quotes and escapes are not counted as letters', () => {
  expect(at("'it''s a ''b'''", "it's a 'b'", 8)).toBe("b'''")
  expect(at('"a\\n\\"b\\" n"', 'a\n"b" n', 6)).toBe('n"')
})

test('the body of a page means nothing but itself, whatever it begins with', () => {
  expect(at('> a\\b\r\n> c', '> a\\b\n> c', 8)).toBe('c')
  expect(at('"a\\\\b"\r\nc', '"a\\\\b"\nc', 7)).toBe('c')
})

test('line ends of Windows are no letters', () => {
  expect(at('a\r\nb\r\nc', 'a\nb\nc', 4)).toBe('c')
})

test('a text that is not there is nowhere in particular', () => {
  expect(offsetWithin('*alias', 'text', 2)).toBe(0)
})

test('however YAML writes a text, each of its letters is found again', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', '你', ' ', '\n', "'", '"', '\\', '#', ':', '-', '{', '|'),
    minLength: 1,
  })
  const style = fc.constantFrom('BLOCK_LITERAL', 'BLOCK_FOLDED', 'QUOTE_DOUBLE', 'QUOTE_SINGLE')
  fc.assert(
    fc.property(letters, style, (text, type) => {
      const piece = stringify(text, { defaultStringType: type, lineWidth: 10 } as never)
      // Some texts the library itself cannot fold and read again.
      const read = parseDocument(piece)
      fc.pre(read.errors.length === 0 && read.toJS() === text)
      for (const [index, letter] of [...text].entries()) {
        if (letter.trim() === '') continue
        const found = piece.slice(offsetWithin(piece, text, index))
        const escaped = piece.startsWith('"') && (letter === '"' || letter === '\\') ? `\\${letter}` : letter
        expect(found.startsWith(escaped)).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

/** A kind whose texts are parts: what stands behind the last comma of each is a template, and no text may say «bad». */
const limits = settingsSection({
  name: 'limits',
  title: 'Limits',
  schema: z.strictObject({ most: z.int().default(9) }),
})
const parts = contentKind({
  name: 'parts',
  title: 'Parts',
  sources: [{ form: 'list', glob: 'parts.yaml' }],
  schema: z.strictObject({ text: z.string() }),
  templates({ text }) {
    const offset = text.lastIndexOf('，') + 1
    return [{ at: ['text'], offset, text: text.slice(offset), placeholders: ['name'], uncertain: { name: 'Lin' } }]
  },
  review(items, tell) {
    for (const item of items) {
      const index = item.data.text.indexOf('bad')
      if (index >= 0) tell(item, ['text'], { severity: 'error', message: 'bad', expected: 'good', index })
    }
  },
  reviewAcross(items, _, tell, settings) {
    const most = settings(limits)?.most
    if (most !== undefined && items.length > most)
      tell(items[most]!, [], { severity: 'error', message: 'too many', expected: `${most}` })
  },
})

async function findings(text: string, settings = ''): Promise<string[]> {
  const dir = await folderWith({ 'settings.yaml': `brand: { name: 青屿 }\n${settings}`, 'parts.yaml': text })
  const found = await checkContent(dir, createRegistry([{ name: 'test', kinds: [parts], settings: [limits] }]))
  return found.map(({ severity, file, line, column, message }) => `${severity} ${file} ${line}:${column} ${message}`)
}

test('what a slice tells of a place within a text stands there in the file', async () => {
  const text = '- text: |\n    ok\n    ok，{{ name | default: "x" }}\n    so bad\n- text: "a\\nbad"\n'
  expect(await findings(text)).toEqual(['error parts.yaml 4:8 bad', 'error parts.yaml 5:13 bad'])
})

test('what is wrong with a part of a text that is a template stands there in the file', async () => {
  const text = '- text: |\n    好，\n    你，{{ nmae }}\n- text: "a，\\n好 {{ name }}"\n'
  expect(await findings(text)).toEqual([
    expect.stringMatching(/^error parts.yaml 3:10 nothing fills the placeholder `nmae`/),
    expect.stringMatching(/^warning parts.yaml 4:19 `name` may be missing/),
  ])
})

test('rules between files may look at settings, and not at those that are wrong', async () => {
  const two = '- text: a\n- text: b\n'
  expect(await findings(two, 'limits: { most: 1 }\n')).toEqual(['error parts.yaml 2:3 too many'])
  expect(await findings(two, 'limits: { most: one }\n')).toEqual([expect.stringMatching(/^error settings.yaml/)])
})
