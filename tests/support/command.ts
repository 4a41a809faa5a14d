/** Commands as a person or a script calls them: each in a process of its own. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export type Ran = { code: number; out: string; complaint: string }

/** Runs `zhanggui` with these words and variables, on top of PATH and HOME. */
export function command(words: readonly string[], variables: Record<string, string> = {}): Promise<Ran> {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...variables }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...words], { env, timeout: 30_000 }, (_, out, complaint) => {
      resolve({ code: child.exitCode ?? -1, out, complaint })
    })
  })
}
