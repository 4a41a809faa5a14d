/** Runs before each test file. Hooks run last in, first out: this one after the file's own. */
import { afterAll } from 'vitest'
import { afterFile } from './after-file.ts'

afterAll(async () => {
  await Promise.all([...afterFile].map((undo) => undo()))
})
