import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import type * as faqDomain from '../../domains/faq/index.ts'
import { UsageError } from '../../kernel/errors.ts'
import { say, sayJson } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'
import { operator } from './operator.ts'

type Options = { write?: number; all?: boolean }
type Given = { db: Parameters<Parameters<typeof withDatabase>[1]>[0]; command: Command; faq: typeof faqDomain }

/** `numberOf`: reads an option that is a number of the list. */
export function registerFaqDrafts(faq: Command, numberOf: (option: string) => (text: string) => number): void {
  faq
    .command('drafts')
    .description('questions with the answers that advisers gave, kept by them for the FAQ')
    .option('--write <number>', 'write this one as a draft to faq/ of the content folder', numberOf('--write'))
    .option('--all', 'also those that were written before')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Phones, long numbers, addresses and @names are masked. Nobody is answered from a draft until a person has set draft to
false.`,
    )
    .action(async (options: Options, command: Command) => {
      const domain = await import('../../domains/faq/index.ts')
      await withDatabase(environmentOf(command), async (db) => {
        const given = { db, command, faq: domain }
        await (options.write === undefined ? list(options, given) : write(options.write, given))
      })
    })
}

async function list({ all = false }: Options, { db, command, faq }: Given): Promise<void> {
  const kept = await faq.drafts.listDrafts(db.pool, { open: !all })
  if (wantsJson(command)) return sayJson(kept)
  if (kept.length === 0) return say('There is none.')
  for (const { number, question, answer, by, writtenAs } of kept) {
    say(`${number}  by ${by}${writtenAs === null ? '' : `, written as ${writtenAs}`}`)
    say(`   ${question}`)
    for (const line of answer.split('\n')) say(`   → ${line}`)
    say()
  }
  say('Write one of them as a draft of an entry: faq drafts --write <number>')
}

/** Writes the file under the first free id of the day; never over another. */
async function write(number: number, { db, command, faq }: Given): Promise<void> {
  const [{ contentOf }, { dayIn }, { systemClock }, { writeAudit }] = await Promise.all([
    import('../content-of.ts'),
    import('../../kernel/zone.ts'),
    import('../../kernel/clock.ts'),
    import('../../kernel/audit.ts'),
  ])
  const { CONTENT_DIR } = environmentOf(command)
  const kept = (await faq.drafts.listDrafts(db.pool, { open: true })).find((one) => one.number === number)
  if (!kept) {
    const message = `--write ${number} is no number of the list; see \`faq drafts\`.`
    throw new UsageError({ code: 'draft-unknown', message })
  }
  const now = systemClock.now()
  const content = await contentOf(CONTENT_DIR, ['settings.yaml'])
  const isTaken = (id: string): boolean => existsSync(join(CONTENT_DIR, 'faq', `${id}.md`))
  const id = faq.gaps.freeGapId(content, dayIn(content.zone, now), isTaken)
  const answer = { text: kept.answer, from: 'adviser' as const }
  const draft = faq.gaps.draftEntry({ id, questions: [kept.question], answer, nearest: [] })
  const file = join(CONTENT_DIR, draft.path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, draft.text, { flag: 'wx' })
  await faq.drafts.markWritten(db.pool, number, id)
  await writeAudit(db.pool, { at: now, by: operator(), action: 'faq-draft-written', subject: `faq:${id}` })
  if (wantsJson(command)) return sayJson({ id, file })
  say(file)
}
