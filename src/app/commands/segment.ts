import type { Command } from 'commander'
import type { Explanation, Survey } from '../../domains/segments/index.ts'
import type { Env } from '../../env.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import type { Content } from '../../kernel/content.ts'
import { say, sayJson, sayTable } from '../terminal.ts'
import { environmentOf, withDatabase } from './common.ts'
import { findCustomerId, unknownCustomer } from './customer-id.ts'
import { explanationLines } from './segment-printer.ts'

type Options = { explain?: string; names?: boolean; json?: boolean }
type On = { env: Env; db: Database; content: Content; now: Date; by: string }

export function registerSegment(program: Command): void {
  program
    .command('segment')
    .description('who is in a segment of segments.yaml, and why')
    .argument('[name]', 'its id; without it, all segments with how many are in each')
    .option(
      '--explain <customer>',
      'why this customer is in it or is not, clause by clause: her id, or what `customers find` takes',
    )
    .option('--names', 'the names of the sample beside their ids; written to the audit')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Reads the content folder as it is, also before it is live. Segments that nobody or everybody is in are marked;
\`check --data\` tells of them too.`,
    )
    .action(async (name: string | undefined, options: Options, command: Command) => {
      if (name === undefined && (options.explain !== undefined || options.names)) {
        throw new UsageError({ code: 'segment', message: '--explain and --names go with the name of a segment.' })
      }
      const env = environmentOf(command)
      const [{ segmentContent }, { systemClock }, { operator }] = await Promise.all([
        import('../segments.ts'),
        import('../../kernel/clock.ts'),
        import('./operator.ts'),
      ])
      const content = await segmentContent(env.CONTENT_DIR)
      await withDatabase(env, async (db) => {
        const on = { env, db, content, now: systemClock.now(), by: operator() }
        if (name === undefined) await list(on, options)
        else if (options.explain !== undefined) await explain(on, name, options.explain, options)
        else await show(on, name, options)
      })
    })
}

async function list({ db, content, now }: On, options: Options): Promise<void> {
  const { countSegments } = await import('../../domains/segments/index.ts')
  const counts = await countSegments(db, content, now)
  if (options.json) return sayJson(counts)
  if (counts.length === 0) return say('segments.yaml has no segments yet.')
  sayTable(
    ['segment', 'people', 'took', 'title'],
    counts.map(({ id, title, count, ms, warning }) => [id, String(count), inMs(ms), title + marked(warning)]),
  )
}

async function show(on: On, name: string, options: Options): Promise<void> {
  const { surveySegment } = await import('../../domains/segments/index.ts')
  const survey = await surveySegment(on.db, on.content, { id: name, now: on.now })
  const names = options.names ? await namesOf(on, survey) : undefined
  if (options.json) return sayJson({ ...survey, ...(names && { names: Object.fromEntries(names) }) })
  say(`${survey.id}  ${survey.title}`)
  say(`${survey.count} of ${survey.persons} people, in ${inMs(survey.ms)}${marked(survey.warning)}`)
  if (survey.sample.length > 0) say()
  for (const id of survey.sample) say(names ? `${id}  ${(names.get(id) ?? ['-']).join(', ')}` : id)
  const shared = survey.overlap.filter(({ both }) => both > 0)
  if (shared.length === 0) return
  say()
  sayTable(
    ['also in', 'people', 'of this', 'of that', 'title'],
    shared.map(({ id, title, both, count }) => [id, String(both), part(both, survey.count), part(both, count), title]),
  )
}

async function namesOf({ db, by, now }: On, { id, sample }: Survey): Promise<Map<string, string[]>> {
  const { readNames } = await import('../segments.ts')
  return readNames(db, sample, { by, now, segment: id })
}

async function explain(on: On, name: string, customer: string, options: Options): Promise<void> {
  const [{ explainMember }, { noteLook }] = await Promise.all([
    import('../../domains/segments/index.ts'),
    import('../segments.ts'),
  ])
  const { db, content, now, by } = on
  const id = await findCustomerId(on, customer)
  const found = await db.transaction(async (tx) => {
    const explanation = await explainMember(tx, content, name, id, now)
    if (explanation) await noteLook(tx, explanation.person.id, 'segment-explained', { by, now, segment: name })
    return explanation
  })
  if (!found) throw unknownCustomer(customer)
  if (options.json) sayJson(found)
  else print(found)
}

function print(found: Explanation): void {
  const { person } = found
  say(`${person.id} ${found.holds ? 'is' : 'is not'} in ${found.segment}`)
  if (person.staff) say('Staff are in no segment.')
  if (person.forgotten) say('Who was deleted is in no segment.')
  say()
  for (const line of explanationLines(found.reason)) say(line)
}

function marked(warning: 'empty' | 'everybody' | null): string {
  if (warning === null) return ''
  return warning === 'empty' ? '  (warning: nobody is in it)' : '  (warning: everybody is in it)'
}

function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`
}

function part(some: number, all: number): string {
  return all === 0 ? '-' : `${Math.round((100 * some) / all)} %`
}
