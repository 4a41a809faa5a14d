/** The `ask` command as a person or a script calls it. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { folderWith } from '../support/content-files.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

type Ran = { code: number; out: string; complaint: string }

function ask(...args: string[]): Promise<Ran> {
  const { PATH, HOME } = process.env
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'ask', ...args], { env: { PATH, HOME } }, (error, out, complaint) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, complaint })
    })
  })
}

test('a question gets the words of its entry, for people and as JSON', async () => {
  const plain = await ask('怎么退货')
  expect(plain.code).toBe(0)
  const json = await ask('怎么退货', '--json')
  const asked = JSON.parse(json.out) as { decision: string; top: { entry: string; score: number }[]; text: string }
  expect(asked.decision).toBe('answer')
  expect(asked.top.length).toBeGreaterThan(0)
  expect(plain.out.startsWith(asked.text)).toBe(true)
})

test('a file of questions gets a line each, in order', async () => {
  const dir = await folderWith()
  const file = join(dir, 'q.jsonl')
  await writeFile(file, '\ufeff{"id":"b","q":"包邮吗"}\r\n\n{"id":7,"q":"今天月亮圆吗圆吗"}\n')
  const { code, out } = await ask('--file', file)
  expect(code).toBe(0)
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: unknown; decision: string })
  expect(lines.map(({ id }) => id)).toEqual(['b', 7])
  expect(lines[1]?.decision).toBe('none')
})

test.each([
  ['no question and no file', [], 'Give one question'],
  ['a group that groups.yaml does not have', ['你好', '--group', 'nope'], 'no rule «nope»'],
  ['a file that is not there', ['--file', 'nowhere.jsonl'], 'nowhere.jsonl cannot be read'],
])('%s is wrong use, said in one line', async (_, args, complaint) => {
  const ran = await ask(...args)
  expect(ran.code).toBe(2)
  expect(ran.complaint).toContain(complaint)
})
