import { globSync, readFileSync } from 'node:fs'
import { basename, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { missingFrom } from '../../scripts/complete-lock.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const code = globSync('{src,tests,scripts}/**/*.{ts,tsx}', { cwd: root })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => !path.startsWith('src/kernel/prisma/'))
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const json = (path: string): unknown => JSON.parse(read(path))

type Package = Record<'dependencies' | 'devDependencies', Record<string, string>>

test('file names are kebab-case and say what is inside', () => {
  const strange = code.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.tsx?$/.test(basename(path)))
  expect(strange).toEqual([])
  expect(code.filter((path) => /(^|[-/])(utils?|helpers?|managers?|services?)[-./]/.test(path))).toEqual([])
})

test('a file of src reads in one sitting', () => {
  const lines = (path: string) => read(path).split('\n').length
  const long = code.filter((path) => path.startsWith('src/') && lines(path) > 350)
  expect(long.map((path) => `${path}: ${lines(path)}`)).toEqual([])
})

test('every domain, or every part of a large one, is made of index, schema, decide and repo', () => {
  const domains = new Set(code.flatMap((path) => /^src\/domains\/([^/]+)\//.exec(path)?.[1] ?? []))
  expect(domains.size).toBeGreaterThan(0)
  for (const domain of domains) {
    const own = code.filter((path) => path.startsWith(`src/domains/${domain}/`))
    expect(own, domain).toContain(`src/domains/${domain}/index.ts`)
    for (const part of ['schema', 'decide', 'repo']) {
      const has = own.some((path) => path.endsWith(`/${part}.ts`) || path.includes(`/${part}/`))
      expect(has, `src/domains/${domain} has no ${part}.ts`).toBe(true)
    }
  }
})

test('every version is pinned, and Node is the one that the lock file installs', () => {
  const { dependencies, devDependencies } = json('package.json') as Package
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version),
  )
  expect(loose).toEqual([])
  expect(process.versions.node).toBe(dependencies.node)
})

test('the lock file fits every platform and names no registry', () => {
  const lock = json('package-lock.json') as Parameters<typeof missingFrom>[0]
  expect([...missingFrom(lock).keys()]).toEqual([])
  expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved)).toEqual([])
})
