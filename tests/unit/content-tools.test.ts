import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registry } from '../../src/app/registry.ts'
import {
  brandSection,
  checkContent,
  createRegistry,
  formatFindings,
  loadFolder,
  newSkeleton,
  staleJsonSchemas,
  writeJsonSchemas,
} from '../../src/content/index.ts'
import type { Content, Finding } from '../../src/kernel/content.ts'
import { folderWith } from '../support/content-files.ts'
import { entries, good, groups, pace, shop } from '../support/content-shop.ts'

async function contentWith(files: Record<string, string> = {}): Promise<Content> {
  const { content, findings } = await loadFolder(await folderWith({ ...good, ...files }), shop)
  expect(findings).toEqual([])
  return content!
}

test('the schemas in content/ are those of the code: otherwise run `npm run schemas`', async () => {
  expect(await staleJsonSchemas('content', registry)).toEqual([])
})

test('schemas are written for every kind, the settings and the replies, and old ones go', async () => {
  const dir = await folderWith({ ...good, '.schemas/gone.schema.json': '{}' })
  await writeJsonSchemas(dir, shop)
  expect(await staleJsonSchemas(dir, shop)).toEqual([])
  await expect(readFile(join(dir, '.schemas/gone.schema.json'))).rejects.toThrow()
  await rm(join(dir, '.schemas/faq.schema.json'))
  expect(await staleJsonSchemas(dir, shop)).toEqual(['.schemas/faq.schema.json'])
  expect(await checkContent(dir, shop)).toEqual([])
})

test('a skeleton is valid, is found by editors, and never overwrites', async () => {
  const dir = await folderWith(good)
  const faq = { registry: shop, kind: 'faq' }
  expect(await newSkeleton(dir, { ...faq, id: '退货' })).toEqual({ kind: 'written', path: 'faq/退货.yaml' })
  expect(await readFile(join(dir, 'faq/退货.yaml'), 'utf8')).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/\.schemas\/faq\.schema\.json\n- id: 退货/,
  )
  expect(await checkContent(dir, shop)).toEqual([])
  expect(await newSkeleton(dir, { ...faq, id: '退货' })).toEqual({
    kind: 'refused',
    reason: 'exists',
    path: 'faq/退货.yaml',
  })
  expect(await newSkeleton(dir, { ...faq, id: '../x' })).toMatchObject({ kind: 'refused', reason: 'bad-id' })
  expect(await newSkeleton(dir, faq)).toEqual({ kind: 'written', path: 'faq/new-1.yaml' })
  expect(await newSkeleton(dir, faq)).toEqual({ kind: 'written', path: 'faq/new-2.yaml' })
  expect(await newSkeleton(dir, { registry: shop, kind: 'fqa' })).toMatchObject({ reason: 'unknown-kind', near: 'faq' })
})

test('every skeleton of the house passes check', async () => {
  for (const { name, skeleton } of registry.kinds.map((kind) => ({ name: kind.name, skeleton: 'skeleton' in kind }))) {
    if (!skeleton) continue
    const dir = await folderWith()
    for (const file of ['settings.yaml', 'replies.yaml', 'groups.yaml']) {
      await writeFile(join(dir, file), await readFile(join('content', file)))
    }
    expect(await newSkeleton(dir, { registry, kind: name })).toMatchObject({ kind: 'written' })
    expect(await checkContent(dir, registry)).toEqual([])
  }
})

test('findings stand in columns, Chinese letters count twice, and a last line counts', () => {
  const finding = (file: string, message: string, severity: Finding['severity'] = 'error'): Finding => ({
    ...{ severity, file, line: 3, column: 5, message, expected: 'This' },
  })
  expect(formatFindings([finding('faq/退货.md', 'bad'), finding('a.md', 'odd', 'warning')]).split('\n')).toEqual([
    'faq/退货.md:3:5  bad           This',
    'a.md:3:5         warning: odd  This',
    '',
    '1 error and 1 warning in 2 files',
  ])
  expect(formatFindings([])).toBe('The content is in order.')
})

test('two slices cannot declare the same thing', () => {
  expect(() =>
    createRegistry([
      { name: 'a', kinds: [entries] },
      { name: 'b', kinds: [entries] },
    ]),
  ).toThrow(/"faq"/)
})

test('slices read items, a single file, its defaults when it is missing, and settings with theirs', async () => {
  const content = await contentWith()
  expect(content.items(entries).map(({ data, file, at }) => [data.id, file, at])).toEqual([
    ['price', 'faq/more.yaml', [0]],
    ['use', 'faq/use.md', []],
  ])
  expect(content.one(groups)).toEqual({ groups: [{ id: 'vip', answer: 'mention' }] })
  expect((await contentWith({ 'groups.yaml': '' })).one(groups)).toEqual({ groups: [] })
  expect(content.settings(pace)).toEqual({ wait: 1_000, perMinute: 40 })
  expect(content.settings(brandSection)).toEqual({ name: '青屿', zone: 'Asia/Shanghai' })
  expect(() => content.reply('shop.nothing')).toThrow(/No slice declares/)
})

test('a reply is filled in, and a customer who is called {{ brand }} stays so', async () => {
  const content = await contentWith({
    'replies.yaml': 'shop:\n  hello: |\n    <你好> {{ customer }}，这里是{{ brand }}\n  bye: [再见, 回见, 拜拜]\n',
  })
  expect(content.reply('shop.hello', { customer: '{{ brand }} & {% if %}' })).toBe(
    '<你好> {{ brand }} & {% if %}，这里是青屿',
  )
  expect(content.reply('shop.hello')).toBe('<你好> ，这里是青屿')
  expect([0, 0.34, 0.67, 0.99].map((pick) => content.reply('shop.bye', {}, pick))).toEqual([
    '再见',
    '回见',
    '拜拜',
    '拜拜',
  ])
})
