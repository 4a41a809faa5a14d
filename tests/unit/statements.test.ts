/** PostgreSQL keeps a statement under its name for a whole connection: two of one name would break each other. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('every named statement has a name of its own', () => {
  const files = globSync('src/**/*.ts', { exclude: ['src/kernel/prisma/**'] })
  const names = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    return [...text.matchAll(/name: '([^']+)',\s*text:/gu)].map(([, name]) => `${name}`)
  })
  expect(names.length).toBeGreaterThan(100)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
