import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkContent, loadFolder } from '../../src/content/index.ts'
import { folderWith, writeFiles } from '../support/content-files.ts'
import { good, shop } from '../support/content-shop.ts'

const paths = [...Object.keys(good), 'faq/new.yaml', 'faq/new.md', 'media/a.png', 'other.yaml', 'faq/sub/x.txt']

/** What people's files are made of, in any order. */
const piece = fc.constantFrom(
  ...[
    'id: a',
    'questions:',
    ' - x',
    '- ',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '---\n',
    '{{ a',
    '}}',
    '{% if %}',
    '{% for x in',
    ' | ',
  ],
  ...[
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ': ',
    '：',
    '&a',
    '*a',
    '<<: ',
    '!!t ',
    '|',
    '>',
    '#',
    '%',
    '@',
    '\ufeff',
    '你好',
    '🙂',
  ],
  ...[
    'answer: |\n  x\n',
    'brand:',
    'name: x',
    'zone: y',
    'shop:\n',
    'hello: ',
    'groups:\n',
    '__proto__: ',
    'null',
    '1e999',
  ],
)
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))
const mutated = fc
  .tuple(fc.constantFrom(...Object.values(good)), fc.nat(), fc.nat(5), text)
  .map(([base, at, cut, more]) => {
    const index = at % (base.length + 1)
    return base.slice(0, index) + more + base.slice(index + cut)
  })
const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .oneof(
      text,
      mutated,
      mutated.map((one) => one.replaceAll('\n', '\r\n')),
    )
    .map((one) => Buffer.from(one)),
)

test('whatever the files hold, loading ends with content or with findings that stand within the files', async () => {
  const dir = await folderWith(good)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), bytes, async (path, content) => {
      await writeFiles(dir, { ...good, [path]: content })
      const { content: loaded, findings } = await loadFolder(dir, shop)
      expect(loaded === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
      for (const { file, line, column, message, expected } of findings) {
        const written =
          file === path
            ? Buffer.from(content)
                .toString('utf8')
                .replace(/^\ufeff/, '')
            : good[file]
        const lines = (written ?? '').split('\n')
        expect(line, message).toBeLessThanOrEqual(lines.length)
        expect(column, message).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
        expect(Math.min(line, column)).toBeGreaterThan(0)
        expect(message).not.toMatch(/undefined|\[object|\u0000/)
        expect(typeof expected).toBe('string')
      }
      if (!(path in good)) await writeFiles(dir, { [path]: '' })
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('the order of the files on the disk does not matter', async () => {
  const once = await folderWith(good)
  const again = await folderWith(Object.fromEntries(Object.entries(good).reverse()))
  const [one, other] = await Promise.all([loadFolder(once, shop), loadFolder(again, shop)])
  expect(one.content?.version).toBe(other.content?.version)
  expect(await checkContent(once, shop)).toEqual([])
})
