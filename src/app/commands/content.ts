import type { Command } from 'commander'
import type { Finding } from '../../kernel/content.ts'
import { UsageError } from '../../kernel/errors.ts'
import { complain, say, sayJson, sayTable } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'

type Json = { json?: boolean }

export function registerContent(program: Command): void {
  const content = program
    .command('content')
    .description('versions of the content: which is live, publish, go back')
    .option('--json', 'as JSON')
    .action(async (options: Json, command: Command) => {
      await withDatabase(environmentOf(command), async (db) => {
        const { listPublications } = await import('../../content/index.ts')
        const publications = await listPublications(db, 20)
        if (options.json) return sayJson(publications)
        if (publications.length === 0) return say('Nothing has been published yet.')
        const rows = publications.map(({ version, at, by, takesBack }, i) => [
          `${version.slice(0, 12)}${i === 0 ? '  live' : ''}`,
          at.toISOString(),
          takesBack ? `${by}, taking back ${takesBack.slice(0, 12)}` : by,
        ])
        sayTable(['version', 'since', 'by'], rows)
      })
    })

  content
    .command('publish')
    .description('make the content folder live, also what settings keep back')
    .option('--json', 'as JSON')
    .action(async (_: Json, command: Command) => {
      const env = environmentOf(command)
      await withDatabase(env, async (db) => {
        const [{ formatFindings, publishContent }, on] = await Promise.all([
          import('../../content/index.ts'),
          publishing(),
        ])
        const result = await publishContent(env.CONTENT_DIR, { ...on, db })
        if (result.kind === 'refused') process.exitCode = 1
        if (wantsJson(command)) return sayJson(result)
        if (result.kind === 'refused') return complain(formatFindings(result.findings))
        say(result.kind === 'published' ? `Live: ${result.version}` : `Live already: ${result.version}`)
      })
    })

  content
    .command('rollback')
    .description('make live again what was live before')
    .option('--json', 'as JSON')
    .action(async (_: Json, command: Command) => {
      await withDatabase(environmentOf(command), async (db) => {
        const [{ formatFindings, rollbackContent }, on] = await Promise.all([
          import('../../content/index.ts'),
          publishing(),
        ])
        const result = await rollbackContent({ ...on, db })
        if (result.kind === 'refused') process.exitCode = 1
        if (wantsJson(command)) return sayJson(result)
        if (result.kind === 'done')
          return say(`Live: ${result.version}. The folder stays as it is; save it again to publish it anew.`)
        if (result.reason === 'nothing-before') return complain('There is no earlier version to go back to.')
        complain(`Version ${result.version} does not fit this program any more:\n${formatFindings(result.findings)}`)
      })
    })

  registerNew(program)
  registerImport(program)
}

async function publishing() {
  const [{ registry }, { systemClock }] = await Promise.all([import('../registry.ts'), import('../../kernel/clock.ts')])
  return { registry, by: 'command line', now: systemClock.now() }
}

function registerNew(program: Command): void {
  program
    .command('new')
    .description('write a new content file to fill in')
    .argument('<kind>', 'what to write: faq')
    .argument('[id]', 'its id, which becomes the file’s name')
    .action(async (kind: string, id: string | undefined, _: unknown, command: Command) => {
      const [{ newSkeleton }, { registry }] = await Promise.all([
        import('../../content/index.ts'),
        import('../registry.ts'),
      ])
      const dir = environmentOf(command).CONTENT_DIR
      const result = await newSkeleton(dir, { registry, kind, id })
      if (result.kind === 'written') return say(`${dir}/${result.path}`)
      throw new UsageError({ code: `new-${result.reason}`, message: refusal(result) })
    })
}

type Refused = Exclude<Awaited<ReturnType<typeof import('../../content/index.ts').newSkeleton>>, { kind: 'written' }>

function refusal(result: Refused): string {
  switch (result.reason) {
    case 'unknown-kind':
      return result.near
        ? `«${result.kind}» is nothing to write; did you mean ${result.near}?`
        : `«${result.kind}» is nothing to write; there is: ${result.known.join(', ')}.`
    case 'bad-id':
      return `«${result.id}» cannot be an id: use letters, digits, - and _.`
    case 'exists':
      return `${result.path} is there already; choose another id.`
    default:
      return result satisfies never
  }
}

function registerImport(program: Command): void {
  const importing = program.command('import').description('bring data in')
  importing
    .command('faq')
    .description('turn a spreadsheet of questions and answers into FAQ files')
    .argument('<file>', 'an .xlsx file')
    .option('--name <name>', 'of the list file that is written; default: the spreadsheet’s')
    .option('--each', 'a Markdown file per entry in place of one list')
    .option('--replace', 'overwrite files that are there and differ')
    .option('--json', 'as JSON')
    .action(
      async (file: string, options: Json & { name?: string; each?: boolean; replace?: boolean }, command: Command) => {
        const { formatFindings, importFaq } = await import('../../content/index.ts')
        const result = await importFaq({ dir: environmentOf(command).CONTENT_DIR, file, ...options })
        if (result.findings.some(({ severity }: Finding) => severity === 'error')) process.exitCode = 1
        if (options.json) return sayJson(result)
        if (result.findings.length > 0) complain(formatFindings(result.findings))
        say(`${result.entries} entries; written: ${result.written.join(', ') || 'nothing new'}`)
      },
    )
}
