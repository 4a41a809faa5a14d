import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { reasonOf, UsageError } from '../../kernel/errors.ts'
import { progress, say, sayJson } from '../terminal.ts'
import { environmentOf } from './common.ts'

export function registerAsk(program: Command): void {
  program
    .command('ask')
    .description('what the bot would answer, from the content folder as it is')
    .argument('[question]', 'a customer’s words')
    .option('--file <file>', 'questions as lines of {"id","q"}; answers come in the same order, a line each')
    .option('--group <rule>', 'as asked in a group with this rule of groups.yaml')
    .option('--json', 'as JSON')
    .action(
      async (
        question: string | undefined,
        options: { file?: string; group?: string; json?: boolean },
        command: Command,
      ) => {
        if ((question === undefined) === (options.file === undefined)) {
          throw new UsageError({ code: 'ask', message: 'Give one question, or a file with --file.' })
        }
        const { openAsk } = await import('../ask.ts')
        const ask = await openAsk(environmentOf(command).CONTENT_DIR, options.group)
        if (options.file !== undefined) {
          const questions = questionsOf(options.file, await read(options.file))
          const bar = progress('asking', questions.length)
          for (const { id, q } of questions) {
            say(JSON.stringify({ id, ...ask(q) }))
            bar.step()
          }
          bar.end()
          return
        }
        const asked = ask(question ?? '')
        if (options.json) return sayJson(asked)
        say(asked.text)
        say()
        say(`${asked.decision}  ${asked.top.map(({ entry, score }) => `${entry} ${score.toFixed(2)}`).join('  ')}`)
      },
    )
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError({ code: 'ask-file', message: `${file} cannot be read: ${reasonOf(cause)}`, cause })
  }
}

/** Throws a UsageError that names the first line that is no question. */
function questionsOf(file: string, text: string): { id: unknown; q: string }[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return []
    const parsed = parseLine(line)
    if (!parsed) {
      const message = `${file}:${i + 1}: expected a line such as {"id": "1", "q": "a question"}`
      throw new UsageError({ code: 'ask-file', message })
    }
    return [parsed]
  })
}

function parseLine(line: string): { id: unknown; q: string } | undefined {
  try {
    const data = JSON.parse(line) as { id?: unknown; q?: unknown } | null
    return data && typeof data.q === 'string' ? { id: data.id, q: data.q } : undefined
  } catch {
    return undefined // the caller names the line
  }
}
