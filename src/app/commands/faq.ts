import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import type * as faqDomain from '../../domains/faq/index.ts'
import type { Content } from '../../kernel/content.ts'
import { UsageError } from '../../kernel/errors.ts'
import type { Env } from '../../env.ts'
import { complain, say, sayJson } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'
import { registerFaqDrafts } from './faq-drafts.ts'

type Gap = faqDomain.gaps.Gap
type Drafting = faqDomain.gaps.Drafting

type Options = { days: number; least: number; draft?: number }

export function registerFaq(program: Command): void {
  const faq = program.command('faq').description('what customers ask, and what the FAQ does not know')
  faq
    .command('gaps')
    .description('questions that got no good answer, grouped by likeness, the most asked first')
    .option('--days <days>', 'how far to look back', numberOf('--days'), 30)
    .option('--least <times>', 'leave out what was asked less often', numberOf('--least'), 2)
    .option('--draft <number>', 'write a draft of an entry for this group of the list', numberOf('--draft'))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Phones, long numbers, addresses and @names are masked. A draft is written to faq/ of the content folder, with the model of
the environment if there is one. Nobody is answered from it until a person has set draft to false.`,
    )
    .action(async (options: Options, command: Command) => {
      await withDatabase(environmentOf(command), async (db) => gaps(db, options, command))
    })
  registerFaqDrafts(faq, numberOf)
}

async function gaps(
  db: Parameters<Parameters<typeof withDatabase>[1]>[0],
  { days, least, draft }: Options,
  command: Command,
): Promise<void> {
  const [{ findGaps }, { systemClock }, { operator }, { writeAudit }] = await Promise.all([
    gapsDomain(),
    import('../../kernel/clock.ts'),
    import('./operator.ts'),
    import('../../kernel/audit.ts'),
  ])
  const env = environmentOf(command)
  const content = await openFaq(env.CONTENT_DIR)
  const [now, by] = [systemClock.now(), operator()]
  const found = await findGaps(db.pool, content, { now, days, least })
  if (draft === undefined) {
    const details = { days, groups: found.gaps.length, questions: found.questions }
    await writeAudit(db.pool, { at: now, by, action: 'faq-gaps-shown', subject: 'faq:gaps', details })
    return wantsJson(command) ? sayJson(found) : print(found.gaps, found, content.zone)
  }
  const gap = found.gaps[draft - 1]
  if (!gap) throw noSuchGap(draft, found.gaps.length)
  if (gap.draft !== null) {
    const message = `The draft ${gap.draft} has this question already: finish it, or delete it and try again.`
    throw new UsageError({ code: 'gap-drafted', message })
  }
  const written = await writeDraft(env, content, gap, now)
  const details = { asked: gap.asked, model: written.model }
  await writeAudit(db.pool, { at: now, by, action: 'faq-gap-drafted', subject: `faq:${written.id}`, details })
  if (wantsJson(command)) return sayJson(written)
  say(written.file)
  if (env.OPENAI_API_KEY && written.model === null)
    complain('The model gave no usable draft: the answer is yours to write.')
}

/** Only errors in the FAQ, its words and the settings are in the way; it throws `content-bad` with them. */
async function openFaq(dir: string): Promise<Content> {
  const [{ formatFindings, loadFolder }, { registry }] = await Promise.all([
    import('../../content/index.ts'),
    import('../registry.ts'),
  ])
  const matters = (file: string): boolean =>
    ['.', 'settings.yaml', 'words.yaml'].includes(file) || file.startsWith('faq/')
  const { content, findings } = await loadFolder(dir, registry, { tolerates: ({ file }) => !matters(file) })
  if (content) return content
  const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}

async function gapsDomain() {
  return (await import('../../domains/faq/index.ts')).gaps
}

type Written = { id: string; file: string; model: string | null }

/** Writes the file under the first free id of the day; never over another. */
async function writeDraft(env: Env, content: Content, gap: Gap, now: Date): Promise<Written> {
  const [{ draftEntry, freeGapId, nearestEntries }, { dayIn }] = await Promise.all([
    gapsDomain(),
    import('../../kernel/zone.ts'),
  ])
  const isTaken = (id: string): boolean => existsSync(join(env.CONTENT_DIR, 'faq', `${id}.md`))
  const id = freeGapId(content, dayIn(content.zone, now), isTaken)
  const nearest = nearestEntries(content, gap)
  const proposal = await proposalFor(env, gap, nearest)
  const answer: Drafting['answer'] = proposal ? { text: proposal.answer, from: 'model', model: proposal.model } : null
  const questions = [...gap.examples, ...(proposal?.questions ?? [])]
  const draft = draftEntry({ id, questions, answer, nearest })
  const file = join(env.CONTENT_DIR, draft.path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, draft.text, { flag: 'wx' })
  return { id, file, model: proposal?.model ?? null }
}

async function proposalFor(env: Env, gap: Gap, nearest: Drafting['nearest']) {
  if (!env.OPENAI_API_KEY) return undefined
  const [{ openLlm }, { proposeEntry }, { systemClock: clock }, { systemIds }, { createLog }] = await Promise.all([
    import('../../gateways/llm/index.ts'),
    gapsDomain(),
    import('../../kernel/clock.ts'),
    import('../../kernel/ids.ts'),
    import('../../kernel/log.ts'),
  ])
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = env
  const llm = openLlm({ apiKey, baseUrl, model, log: createLog('warn'), clock })
  try {
    const entries = nearest.map(({ entry }) => entry)
    return await proposeEntry(llm.model, gap, { nearest: entries, nonce: systemIds(clock).fresh() })
  } finally {
    llm.close()
  }
}

async function print(gaps: readonly Gap[], { questions, more }: { questions: number; more: boolean }, zone: string) {
  const { minuteIn } = await import('../../kernel/zone.ts')
  if (gaps.length === 0) return say(`Nothing: ${questions} questions without a good answer, none of them often enough.`)
  for (const [i, { asked, people, lastAsked, examples, nearest, draft }] of gaps.entries()) {
    const [near] = nearest
    say(`${i + 1}  asked ${asked} times by ${people}, last ${minuteIn(zone, lastAsked)}`)
    for (const example of examples) say(`   ${example}`)
    say(near ? `   nearest: ${near.entry} ${near.chance.toFixed(2)}` : '   nearest: none')
    if (draft !== null) say(`   draft: ${draft}`)
    say()
  }
  say(`${questions} questions without a good answer${more ? '; older ones were left out' : ''}.`)
  say('Draft an entry for one of them: faq gaps --draft <number>')
}

function noSuchGap(number: number, last: number): UsageError {
  const there = last === 0 ? 'There is none' : `There are 1 to ${last}`
  const message = `--draft ${number} is no number of the list. ${there}; see \`faq gaps\` with the same --days and --least.`
  return new UsageError({ code: 'gap-unknown', message })
}

function numberOf(option: string): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number
    throw new UsageError({ code: 'faq-gaps', message: `${option} ${text}: expected a whole number from 1.` })
  }
}
