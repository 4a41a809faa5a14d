import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkContent, loadFolder } from '../../src/content/index.ts'
import { folderWith } from '../support/content-files.ts'
import { good, shop } from '../support/content-shop.ts'

/** Findings of the good shop with some files changed, as `file:line:column message → expected`. */
async function findingsWith(files: Record<string, string | Uint8Array>): Promise<string[]> {
  return lines(await folderWith({ ...good, ...files }))
}

async function lines(dir: string): Promise<string[]> {
  const findings = await checkContent(dir, shop)
  return findings.map((one) => `${one.file}:${one.line}:${one.column} ${one.message} → ${one.expected}`)
}

const page = (keys: string, body = '早晚各一次。'): string => `---\n${keys}\n---\n\n${body}\n`

test('a folder in order has no findings', async () => {
  const { content, findings } = await loadFolder(await folderWith(good), shop)
  expect(findings).toEqual([])
  expect(content?.zone).toBe('Asia/Shanghai')
})

test('an edited list is read anew only where it was edited, with places as they are now', async () => {
  const dir = await folderWith({
    ...good,
    'faq/more.yaml': '- {id: a, questions: [x], answer: x}\n- {id: b, questions: [y], answer: y}\n',
  })
  const before = await loadFolder(dir, shop)
  await writeFile(
    join(dir, 'faq/more.yaml'),
    '\n# new\n- {id: b, questions: [y], answer: y}\n- {id: b, questions: [z], answer: z}\n',
  )
  const { findings, memory } = await loadFolder(dir, shop, { before })
  expect(findings).toMatchObject([
    { file: 'faq/more.yaml', line: 4, column: 8, message: 'the id "b" is taken by faq/more.yaml:3' },
  ])
  expect([...memory.values()]).toContain([...before.memory.values()][1])
})

test('a slip in an entry does not hide what else is wrong with it', async () => {
  const found = await findingsWith({
    'faq/more.yaml':
      '- id: use\n  questions: [价格]\n  answer: 看 [图](media/none.png)\n  colour: red\n  validUntil: soon\n  groups: [vpi]\n',
  })
  expect(found.map((line) => line.split(' → ')[0])).toEqual([
    'faq/more.yaml:3:17 the file media/none.png is not in the content folder',
    'faq/more.yaml:4:3 nobody knows the key `colour`',
    'faq/more.yaml:5:15 `validUntil` is "soon"',
    'faq/more.yaml:6:12 "vpi" is not in the groups of groups.yaml',
    'faq/use.md:2:5 the id "use" is taken by faq/more.yaml:1',
  ])
})

test('an entry that was wrong is told of again at the next load', async () => {
  const dir = await folderWith({ ...good, 'faq/more.yaml': '- {id: a, questions: [x], answer: x, colour: red}\n' })
  const before = await loadFolder(dir, shop)
  const { findings, content } = await loadFolder(dir, shop, { before })
  expect(findings).toHaveLength(1)
  expect(content).toBeUndefined()
})

describe('files', () => {
  test('a byte order mark and CRLF are no problem', async () => {
    const files = Object.entries(good).map(([path, text]) => [path, `\ufeff${text.replaceAll('\n', '\r\n')}`])
    expect(await findingsWith(Object.fromEntries(files) as Record<string, string>)).toEqual([])
  })

  test('an empty settings file only lacks the brand, an empty list has no entries, an empty page says what it needs', async () => {
    expect(await findingsWith({ 'settings.yaml': '', 'faq/more.yaml': '', 'faq/use.md': '\n' })).toEqual([
      'faq/use.md:1:1 the file is empty → Three dashes, the keys, three dashes, then the text',
      'settings.yaml:1:1 `brand.name` is missing → The name of the brand, as customers know it: {{ brand }} in every template',
    ])
  })

  test('other encodings are named, with the first place that is wrong', async () => {
    const gbk = Buffer.concat([Buffer.from('- id: a\n  answer: '), Buffer.from([0xc4, 0xe3, 0xba, 0xc3])])
    expect(
      await findingsWith({
        'faq/gbk.yaml': gbk,
        'faq/utf16.yaml': Buffer.from('\ufeff- id: a', 'utf16le'),
        'faq/bad.yaml': Buffer.from([0x61, 0x0a, 0xff, 0xff]),
        'faq/nul.yaml': '- id: a\n  answer: \u0000',
      }),
    ).toEqual([
      'faq/bad.yaml:2:1 here the file is not readable as UTF-8 text → Save the file as UTF-8 (in the editor: Save as, Encoding, UTF-8)',
      'faq/gbk.yaml:2:11 the file seems to be saved as GBK («ANSI») → Save the file as UTF-8 (in the editor: Save as, Encoding, UTF-8)',
      'faq/nul.yaml:2:11 an invisible control character stands here (U+0000) → Delete it and type the text again',
      'faq/utf16.yaml:1:1 the file is saved as UTF-16 («Unicode») → Save the file as UTF-8 (in the editor: Save as, Encoding, UTF-8)',
    ])
  })

  test('files that nothing reads are told of, with the name that was meant', async () => {
    expect(
      await findingsWith({
        'reply.yaml': '',
        'faqs/a.md': '',
        'faq/b.yml': '',
        'pic.png': 'x',
        'faq.xlsx': 'x',
        '.DS_Store': 'x',
        'faq/a.md~': 'x',
        'README.md': 'For people',
      }),
    ).toEqual([
      'faq.xlsx:1:1 spreadsheets are not read from here → Bring it in with `zhanggui import faq <file>` and move it elsewhere',
      'faq/b.yml:1:1 nothing reads a file of this name → Did you mean `faq/b.yaml`?',
      'faqs/a.md:1:1 nothing reads a file of this name → Did you mean `faq/a.md`?',
      'pic.png:1:1 nothing reads a file of this name → Put pictures and files into `media/`',
      'reply.yaml:1:1 nothing reads a file of this name → Did you mean `replies.yaml`?',
    ])
  })

  test('links are followed within the folder only', async () => {
    const dir = await folderWith(good)
    const elsewhere = await folderWith({ 'secret.yaml': 'a: 1' })
    await symlink(join(elsewhere, 'secret.yaml'), join(dir, 'faq/out.yaml'))
    await symlink(join(dir, 'nowhere'), join(dir, 'faq/gone.yaml'))
    await symlink(dir, join(dir, 'again'))
    expect(await lines(dir)).toEqual([
      'faq/gone.yaml:1:1 the link leads nowhere → A file, or no link',
      'faq/out.yaml:1:1 the link leads out of the content folder → Copy the file itself into the content folder',
    ])
  })

  test('a file that is too large is not read', async () => {
    expect(await findingsWith({ 'media/film.mp4': new Uint8Array(20 * 1024 * 1024 + 1) })).toEqual([
      'media/film.mp4:1:1 the file is too large: 20.0 MiB → At most 20.0 MiB; split it or make it smaller',
    ])
  })

  test('a folder that is not there is a finding too', async () => {
    expect((await lines('/nowhere/at/all'))[0]).toMatch(/^\.:1:1 the content folder \/nowhere\/at\/all is not there/)
  })

  test('a folder by the name of a file is looked into, not read', async () => {
    const dir = await folderWith(good)
    await mkdir(join(dir, 'faq/odd.md'))
    await writeFile(join(dir, 'faq/odd.md/x.png'), 'x')
    expect(await lines(dir)).toEqual([
      'faq/odd.md/x.png:1:1 nothing reads a file of this name → Put pictures and files into `media/`',
    ])
  })
})

describe('form', () => {
  test.each([
    [
      'a text that begins with braces',
      '- id: a\n  answer: {{ x }} hi\n',
      '2:19 a text that begins with {{ needs quotes',
    ],
    ['a full-width colon', '- id：a\n  answer: x\n', '1:3 a full-width colon ： stands after the key'],
    ['a colon within the text', '- id: a\n  answer: see: here\n', '2:11 the text has a colon in it'],
    ['a text that begins with @', '- id: a\n  answer: @you\n', '2:11 a text cannot begin with @ here'],
    ['a tab', '- id: a\n\tanswer: x\n', '2:2 a tab stands where spaces are expected'],
    ['an open quote', '- id: a\n  answer: "x\n', '3:1 a quote or bracket that was opened is not closed'],
    ['a second document', '- id: a\n---\n- id: b\n', '2:1 a second document begins here (---)'],
    ['an alias of nothing', '- id: *a\n', '1:7 `*a` refers to nothing'],
    ['a block in place of a list', 'id: a\n', '1:1 the file holds a block of keys, not a list'],
    ['text in place of a list', 'hello\n', '1:1 the file holds text ("hello"), not a list'],
  ])('%s', async (_, text, expected) => {
    const [first] = await findingsWith({ 'faq/more.yaml': text })
    expect(first).toContain(`faq/more.yaml:${expected}`)
  })

  test('a key that stands twice is told with both places', async () => {
    const text = '- id: a\n  answer: x\n  questions: [x]\n  answer: y\n'
    expect(await findingsWith({ 'faq/more.yaml': text })).toEqual([
      'faq/more.yaml:4:3 `answer` stands here a second time (first in line 2) → Keep one of the two',
    ])
  })

  test('a slip in one entry of a list hides nothing that is wrong with the others', async () => {
    const text =
      '# prices\n- id: "a\n  answer: x\n- id: b\n  answr: x\n  questions: [x]\n- id: use\n  questions: [x]\n  answer: y\n'
    expect(await findingsWith({ 'faq/more.yaml': text })).toEqual([
      'faq/more.yaml:4:1 a quote or bracket that was opened is not closed → Close it, with plain " or \' quotes',
      'faq/more.yaml:5:3 nobody knows the key `answr` → Did you mean `answer`?',
      'faq/use.md:2:5 the id "use" is taken by faq/more.yaml:7 → An id that nothing else uses',
    ])
  })

  test('anchors, aliases and merges may be used', async () => {
    const text = '- &one\n  id: a\n  questions: [x]\n  answer: y\n- <<: *one\n  id: b\n'
    expect(await findingsWith({ 'faq/more.yaml': text })).toEqual([])
  })

  test('a text that repeats itself without end is refused', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefg'].map((one, i) =>
      i === 0 ? one : `${one}: &${one} [${Array.from('abcdef'.slice(i - 1, i).repeat(9), (c) => `*${c}`).join(',')}]`,
    )
    expect((await findingsWith({ 'groups.yaml': bomb.join('\n') }))[0]).toContain(
      'groups.yaml:1:1 the file repeats itself with * too often',
    )
    expect((await findingsWith({ 'groups.yaml': '['.repeat(100_000) }))[0]).toContain('groups.yaml:1:')
  })

  test.each([
    ['no front matter', '你好\n', '1:1 the file does not begin with its keys'],
    ['dashes of a word processor', '—\nid: a\n', '1:1 this line looks like three dashes but is not'],
    ['front matter without an end', '---\nid: a\n', '1:1 the keys at the top are not closed'],
    ['nearly an end', '---\nid: a\n----\nhi\n', '3:1 this line looks like three dashes but is not'],
    [
      'the body among the keys',
      '---\nid: a\nquestions: [x]\nanswer: x\n---\nhi\n',
      '4:1 `answer` stands among the keys',
    ],
    ['no body', '---\nid: a\nquestions: [x]\n---\n\n', '6:1 `answer` is empty'],
    ['a list of keys', '---\n- id\n---\nhi', '2:1 a list stands here'],
  ])('a page with %s', async (_, text, expected) => {
    expect((await findingsWith({ 'faq/use.md': text }))[0]).toContain(`faq/use.md:${expected}`)
  })
})

describe('values', () => {
  test('every problem of a file is told in one run, each at its place', async () => {
    const keys = 'id: 7\nquestions:\n  - 1\n  - ""\ntgas: [x]\nvalidUntil: 2026-13-01'
    expect(await findingsWith({ 'faq/use.md': page(keys) })).toEqual([
      'faq/use.md:2:5 `id` is a number (7) → Text: put it in quotes, "7"',
      'faq/use.md:4:5 item 1 of `questions` is a number (1) → Text: put it in quotes, "1"',
      'faq/use.md:5:5 item 2 of `questions` is empty → Text',
      'faq/use.md:6:1 nobody knows the key `tgas` → Did you mean `tags`?',
      'faq/use.md:7:13 `validUntil` is "2026-13-01" → A date such as 2026-12-31',
    ])
  })

  test('an entry that lacks something is told at its beginning, with what the field is for', async () => {
    expect(await findingsWith({ 'faq/more.yaml': '- id: a\n- id: b\n  questions:\n  answer: x\n- 5\n' })).toEqual([
      'faq/more.yaml:1:3 `answer` is missing → What is sent',
      'faq/more.yaml:1:3 `questions` is missing → How customers ask it',
      'faq/more.yaml:3:3 `questions` is empty → How customers ask it',
      'faq/more.yaml:5:3 the entry is a number (5) → A block of keys, each on a line of its own: `key: value`',
    ])
  })

  test('of a misspelt key it is not said too that the right one is missing', async () => {
    expect(await findingsWith({ 'faq/more.yaml': '- id: a\n  question: [x]\n  anwser: x\n' })).toEqual([
      'faq/more.yaml:2:3 nobody knows the key `question` → Did you mean `questions`?',
      'faq/more.yaml:3:3 nobody knows the key `anwser` → Did you mean `answer`?',
    ])
  })

  test('settings are checked section by section', async () => {
    const text = [
      'brand: {name: 青屿, zone: Asia/Shangai}',
      'pace: {wait: 1.5, perMinute: 0.5, between: [3s]}',
      'pase: {}',
      'content: {publish: automatic}',
    ]
    expect(await findingsWith({ 'settings.yaml': text.join('\n') })).toEqual([
      'settings.yaml:1:25 `brand.zone` is "Asia/Shangai" → A time zone by its IANA name, such as Asia/Shanghai',
      'settings.yaml:2:14 `pace.wait` is a number (1.5) → Such as 1.5s, 30m, 2h, 1d. Between two messages',
      'settings.yaml:2:30 `pace.perMinute` is a number (0.5) → A whole number',
      'settings.yaml:2:44 `pace.between` has too few items → At least 2',
      'settings.yaml:3:1 nobody knows the key `pase` → Did you mean `pace`?',
      'settings.yaml:4:20 `content.publish` is "automatic" → One of `auto`, `manual`',
    ])
  })

  test('a choice that nearly fits is guessed', async () => {
    expect(await findingsWith({ 'groups.yaml': 'groups:\n  - {id: vip, answer: mentoin}\n' })).toEqual([
      'groups.yaml:2:23 `groups.answer` is "mentoin" → Did you mean `mention`? Known are `mention`, `off`',
    ])
  })
})

describe('words', () => {
  test('replies: unknown, missing, empty, and mistakes in templates', async () => {
    const text =
      'shop:\n  helo: 你好\n  bye:\n    - "再见 {{ nme }}"\n    - ""\n    - "{{ brand | upcas }} {% iff x %}"\nother:\n  x: y\n'
    expect(await findingsWith({ 'replies.yaml': text })).toEqual([
      'replies.yaml:2:3 nobody says the reply `shop.helo` → Did you mean `hello`?',
      'replies.yaml:4:14 nothing fills the placeholder `nme` here → `brand`',
      'replies.yaml:5:7 the reply `shop.bye` is empty → The words that are sent',
      'replies.yaml:6:19 nobody knows the filter `upcas` → Did you mean `upcase`?',
      'replies.yaml:6:28 nobody knows the tag `iff` → Did you mean `if`?',
      'replies.yaml:7:1 nobody says the reply `other` → Known here are `shop`',
    ])
    expect(await findingsWith({ 'replies.yaml': '' })).toEqual([
      'replies.yaml:1:1 the reply `shop.bye` is missing: Says goodbye → Text',
      'replies.yaml:1:1 the reply `shop.hello` is missing: Greets → Text, which may use {{ customer }}',
    ])
  })

  test('a placeholder is found within block and folded texts', async () => {
    const text =
      'shop:\n  hello: |\n    第一行 {{ customer }}\n    第二行 {{ custmer }}\n  bye: >-\n    一\n    二 {{ x\n'
    expect(await findingsWith({ 'replies.yaml': text })).toEqual([
      'replies.yaml:4:12 nothing fills the placeholder `custmer` here → Did you mean `customer`?',
      'replies.yaml:7:7 a placeholder is opened with {{ or {% and not closed → Close it with }} or %}',
    ])
  })

  test('a template can neither read files nor run for ever', async () => {
    const text =
      "shop:\n  hello: \"{% include 'settings.yaml' %}\"\n  bye: '{% for i in (1..900000000) %}x{% endfor %}'\n"
    const found = await findingsWith({ 'replies.yaml': text })
    expect(found[0]).toContain('replies.yaml:2:11 nobody knows the tag `include`')
    expect(found[1]).toContain('replies.yaml:3:9 the text cannot be filled in')
  })

  test("a page's body is a template with its own place in the file", async () => {
    const found = await findingsWith({ 'faq/use.md': page('id: use\nquestions: [x]', '您好 {{ custmer }}') })
    expect(found).toEqual(['faq/use.md:6:7 nothing fills the placeholder `custmer` here → Did you mean `customer`?'])
  })
})

describe('across files', () => {
  test('an id that is taken is told with the place that has it', async () => {
    const text = '- id: use\n  questions: [x]\n  answer: x\n'
    expect(await findingsWith({ 'faq/more.yaml': text })).toEqual([
      'faq/use.md:2:5 the id "use" is taken by faq/more.yaml:1 → An id that nothing else uses',
    ])
    expect(await findingsWith({ 'groups.yaml': 'groups:\n  - id: vip\n  - id: vip\n' })).toEqual([
      'groups.yaml:3:9 the id "vip" is taken by groups.yaml:2 → An id that nothing else uses',
    ])
  })

  test('a reference to nothing is told with the nearest that there is', async () => {
    const found = await findingsWith({ 'faq/use.md': page('id: use\nquestions: [x]\ngroups: [vpi]') })
    expect(found).toEqual(['faq/use.md:4:10 "vpi" is not in the groups of groups.yaml → Did you mean `vip`?'])
  })

  test('missing media are told where they are named', async () => {
    const body = '看图\n![](media/a.png)\n![](../b.png)'
    expect(await findingsWith({ 'faq/use.md': page('id: use\nquestions: [x]', body), 'media/a.jpg': 'x' })).toEqual([
      'faq/use.md:7:5 the file media/a.png is not in the content folder → Did you mean `media/a.jpg`?',
      'faq/use.md:8:5 ../b.png is not in media/ → A path such as media/picture.png',
    ])
  })

  test("a slice's own rules speak at their place, and a warning keeps nothing from going live", async () => {
    const dir = await folderWith({ ...good, 'faq/use.md': page('id: use\nquestions: [x]\ntags: [ok, todo]') })
    const { content, findings } = await loadFolder(dir, shop)
    expect(content).toBeDefined()
    expect(findings).toEqual([
      { severity: 'warning', file: 'faq/use.md', line: 4, column: 12, message: 'not done', expected: 'Do it' },
    ])
  })
})
