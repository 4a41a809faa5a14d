import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { checkImports } from '../../scripts/check-imports.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

/** The names of the rules that a project of these files breaks; a file is the list of what it imports. */
async function broken(files: Record<string, string[]>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-imports-'))
  folders.push(folder)
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies: { pg: '8', wechaty: '1' } }))
  for (const [path, imports] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    const lines = imports.map((from, index) => `import type { T as T${index} } from '${from}'`)
    await writeFile(join(folder, path), `${lines.join('\n')}\nexport type T = 1\n`)
  }
  const { modules, violations } = await checkImports(folder)
  expect(modules).toBeGreaterThan(0)
  return [...new Set(violations.map(({ rule }) => rule.name))].sort()
}

const kernel = { 'src/kernel/event.ts': [] }
const members = {
  'src/domains/members/index.ts': ['./people/repo.ts'],
  'src/domains/members/people/repo.ts': ['pg', '../../../kernel/event.ts'],
}

test('the house as drawn breaks nothing', async () => {
  const files = {
    ...kernel,
    ...members,
    'src/domains/faq/index.ts': ['../members/index.ts', '../../kernel/event.ts', './decide.ts'],
    'src/domains/faq/decide.ts': ['../../kernel/event.ts'],
    'src/gateways/wechaty/index.ts': ['wechaty', '../../kernel/event.ts'],
    'src/app/runtime.ts': ['../domains/faq/index.ts', '../gateways/wechaty/index.ts'],
  }
  expect(await broken(files)).toEqual([])
})

test.each<[string, string, Record<string, string[]>]>([
  [
    'the kernel imports a domain, even only its types',
    'kernel-imports-nothing-of-ours',
    { ...members, 'src/kernel/event.ts': [], 'src/kernel/handle.ts': ['../domains/members/index.ts'] },
  ],
  [
    'a gateway imports a domain',
    'gateways-import-kernel',
    { ...kernel, ...members, 'src/gateways/wechaty/index.ts': ['../../domains/members/index.ts'] },
  ],
  [
    'a domain walks past the front door of another',
    'domains-import-few-domains',
    { ...kernel, ...members, 'src/domains/faq/repo.ts': ['../members/people/repo.ts'] },
  ],
  [
    'a domain imports one that it must ask by an effect',
    'domains-import-few-domains',
    { 'src/domains/handoff/index.ts': [], 'src/domains/faq/index.ts': ['../handoff/index.ts'] },
  ],
  [
    'a domain imports delivery',
    'domains-import-kernel-and-media',
    { 'src/delivery/index.ts': [], 'src/domains/faq/index.ts': ['../../delivery/index.ts'] },
  ],
  [
    'the wiring walks past a front door',
    'app-uses-the-front-door',
    { ...kernel, ...members, 'src/app/runtime.ts': ['../domains/members/people/repo.ts'] },
  ],
  ['SQL stands outside a repo', 'sql-in-repos', { 'src/domains/faq/index.ts': ['pg'] }],
  [
    'the Prisma client stands outside a repo',
    'prisma-in-repos',
    { 'src/kernel/prisma/client.ts': [], 'src/domains/faq/index.ts': ['../../kernel/prisma/client.ts'] },
  ],
  ['Wechaty stands outside the gateways', 'wechaty-in-gateways', { 'src/delivery/index.ts': ['wechaty'] }],
  [
    'a decision reads a repo',
    'decide-is-pure',
    { 'src/domains/faq/repo.ts': [], 'src/domains/faq/decide.ts': ['./repo.ts'] },
  ],
  [
    'a slice imports the wiring',
    'nobody-imports-the-wiring',
    { 'src/app/runtime.ts': [], 'src/media/index.ts': ['../app/runtime.ts'] },
  ],
  [
    'files import each other in a circle',
    'no-circle',
    { 'src/kernel/one.ts': ['./other.ts'], 'src/kernel/other.ts': ['./one.ts'] },
  ],
])('refused: %s', async (_, rule, files) => {
  expect(await broken(files)).toContain(rule)
})
