import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Shown } from '../../domains/faq/index.ts'
import { reasonOf, UsageError } from '../../kernel/errors.ts'
import type { Asking } from '../ask.ts'
import { progress, say, sayJson } from '../terminal.ts'
import { environmentOf } from './common.ts'

export function registerAsk(program: Command): void {
  program
    .command('ask')
    .description('what the bot would answer, from the content folder as it is')
    .argument('[question]', 'a customer’s words')
    .option('--file <file>', 'questions as lines of {"id","q"}; answers come in the same order, a line each')
    .option('--group <rule>', 'as asked in a group with this rule of groups.yaml')
    .option('--approved', 'without the model, word for word')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
One question is answered as a customer reads it: by the model where the environment names one (OPENAI_API_KEY), and
checked. The last lines tell the outcome, the entries with the chance that each is right, and the checks that failed.
A file is looked up and nothing else: no model is asked.`,
    )
    .action(
      async (
        question: string | undefined,
        options: { file?: string; group?: string; approved?: boolean; json?: boolean },
        command: Command,
      ) => {
        if ((question === undefined) === (options.file === undefined)) {
          throw new UsageError({ code: 'ask', message: 'Give one question, or a file with --file.' })
        }
        const { openAsk } = await import('../ask.ts')
        const asking = await openAsk(environmentOf(command), options)
        try {
          if (options.file === undefined) print(await asking.show(question ?? ''), options)
          else await askAll(asking, options.file)
        } finally {
          asking.close()
        }
      },
    )
}

function print(shown: Shown, { json }: { json?: boolean }): void {
  if (json) return sayJson(shown)
  const { text, outcome, guard, entries, top, checks, model } = shown
  say(text)
  say()
  say(`${outcome}${guard ? ` by ${guard}` : ''}${entries.length > 0 ? `: ${entries.join(', ')}` : ''}`)
  say(`found  ${top.map(({ entry, score }) => `${entry} ${score.toFixed(2)}`).join('  ') || 'nothing'}`)
  if (model) say(`model  ${model}`)
  if (checks.length > 0) say(`failed ${checks.map(({ check, words }) => `${check} «${words}»`).join('  ')}`)
}

async function askAll(asking: Asking, file: string): Promise<void> {
  const questions = questionsOf(file, await read(file))
  const bar = progress('asking', questions.length)
  for (const { id, q } of questions) {
    say(JSON.stringify({ id, ...asking.ask(q) }))
    bar.step()
  }
  bar.end()
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
