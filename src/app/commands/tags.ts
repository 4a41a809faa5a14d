import type { Command } from 'commander'
import type { HandOutcome, TagRefusal, TagRules } from '../../domains/tags/index.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import { complain, progress, say, sayJson } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'
import { idOf, unknownCustomer } from './customer-id.ts'

const customer = 'the id of a customer, as `customers find` gives it'

export function registerTags(program: Command): void {
  const tags = program.command('tags').description('what is known of a customer, why, and what a hand says to it')

  tags
    .command('explain')
    .description(
      'every tag of a customer with rule, evidence, strength and dates; what contradicts it; what was before',
    )
    .argument('<customer>', customer, idOf)
    .option('--json', 'as JSON')
    .action(async (id: string, _: unknown, command: Command) => {
      await withRules(command, async ({ db, rules, now, by }) => {
        const { explainTags } = await import('../../domains/tags/index.ts')
        const explained = await explainTags(db, id, { rules, by, now })
        if (!explained) throw unknownCustomer(id)
        if (wantsJson(command)) return sayJson(explained)
        const { explanationLines } = await import('./tags-printer.ts')
        for (const line of explanationLines(explained, rules.zone)) say(line)
      })
    })

  byHand(tags, 'add', 'set a tag by hand: it wins over rules until it is removed')
  byHand(tags, 'remove', 'take back a tag that a hand has set; what rules say holds again')

  tags
    .command('run')
    .description('bring everybody up to date with the rules that are live, here and now')
    .option('--json', 'as JSON')
    .action(async (_: unknown, command: Command) => {
      const { tagEverybody } = await import('../tag-everybody.ts')
      const env = environmentOf(command)
      await withDatabase(env, async (db, url) => {
        const done = await tagEverybody({ env, db, url, progress: (people) => progress('tagging', people) })
        if (wantsJson(command)) return sayJson(done)
        say(`${done.people} looked at, ${done.changed} have other tags now, in ${done.seconds.toFixed(1)} s.`)
      })
    })

  tags
    .command('status')
    .description('how far the tags are behind what is known')
    .option('--json', 'as JSON')
    .action(async (_: unknown, command: Command) => {
      await withDatabase(environmentOf(command), async (db) => {
        const { tagProgress } = await import('../../domains/tags/index.ts')
        const { run, waiting, waitingForRun } = await tagProgress(db.pool)
        if (wantsJson(command)) return sayJson({ run, waiting, waitingForRun })
        say(`waiting ${waiting}`)
        if (!run) return say('The base has never been tagged: start the bot, or `tags run`.')
        const changed = `${run.changed} of ${run.people} have other tags by it`
        if (run.finishedAt) return say(`rules   live since ${run.startedAt.toISOString()}; ${changed}`)
        say(`rules   changed ${run.startedAt.toISOString()}; ${run.done} of ${run.people} tagged again; ${changed}`)
      })
    })
}

function byHand(tags: Command, name: 'add' | 'remove', description: string): void {
  const command = tags
    .command(name)
    .description(description)
    .argument('<customer>', customer, idOf)
    .argument('<dimension=value>', 'the ids of tags.yaml, with = between', tagOf)
    .requiredOption('--by <name>', 'which adviser or manager says so')
    .option('--json', 'as JSON')
  if (name === 'add') command.option('--until <date>', 'the last day on which it holds, YYYY-MM-DD')
  command.action(
    async (id: string, tag: { dimension: string; value: string }, options: { by: string; until?: string }) => {
      await withRules(command, async ({ db, rules, now, by }) => {
        const { addTag, removeTag } = await import('../../domains/tags/index.ts')
        const until = options.until === undefined ? undefined : endOf(options.until, rules.zone)
        const given = { customerId: id, ...tag, by: options.by, until, auditBy: by }
        const outcome = await db.transaction((tx) => (name === 'add' ? addTag : removeTag)(tx, given, rules, now))
        if (wantsJson(command)) sayJson(outcome)
        else if (outcome.kind === 'done') {
          say(
            `${name === 'add' ? 'Set' : 'Taken back'}: ${outcome.values.map((v) => `${tag.dimension}=${v}`).join(', ')}`,
          )
        } else complain(refusalOf(outcome, id, tag))
        if (outcome.kind === 'refused') process.exitCode = 1
      })
    },
  )
}

type On = { db: Database; rules: TagRules; now: Date; by: string }

async function withRules(command: Command, use: (on: On) => Promise<void>): Promise<void> {
  const env = environmentOf(command)
  const [{ tagRulesOf }, { systemClock }, { operator }, { openFolder }] = await Promise.all([
    import('../../domains/tags/index.ts'),
    import('../../kernel/clock.ts'),
    import('./operator.ts'),
    import('../tag-everybody.ts'),
  ])
  const rules = tagRulesOf(await openFolder(env.CONTENT_DIR))
  await withDatabase(env, (db) => use({ db, rules, now: systemClock.now(), by: operator() }))
}

function refusalOf(
  { reason, known }: Extract<HandOutcome, { kind: 'refused' }>,
  id: string,
  { dimension, value }: { dimension: string; value: string },
): string {
  const listed = known.length > 0 ? ` There is: ${known.join(', ')}.` : ''
  const words: Record<TagRefusal, string> = {
    'unknown-customer': `${id} is nobody. Find her with \`customers find\`.`,
    staff: 'She is one of ours: staff has no tags.',
    forgotten: 'She had her data deleted.',
    refused: 'She does not want personal tags, or has not agreed to them yet.',
    'not-agreed': `«${dimension}» is sensitive, and she has not agreed that such things are kept.`,
    'unknown-dimension': `tags.yaml has no dimension «${dimension}».${listed}`,
    'unknown-value': `«${dimension}» has no value «${value}».${listed}`,
    past: '--until is over already.',
    'not-by-hand': `No hand has set ${dimension}=${value}. A tag of a rule goes by changing the rule, or by setting another one by hand.`,
  }
  return words[reason]
}

/** The end of a day in the zone of the brand. */
function endOf(day: string, zone: string): Date {
  const start = Date.parse(`${day}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(start)) {
    throw new UsageError({ code: 'tags-until', message: `--until ${day} is no day; expected one such as 2026-12-31.` })
  }
  const dayMs = 86_400_000
  const end = start + dayMs
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).format(new Date(end))
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})$/.exec(name) ?? []
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return new Date(end - (sign === '-' ? -offset : offset))
}

function tagOf(given: string): { dimension: string; value: string } {
  const [, dimension, value] = /^([^=]+)=(.+)$/.exec(given.trim()) ?? []
  if (dimension === undefined || value === undefined) {
    throw new UsageError({ code: 'tags', message: `«${given}» is no tag; expected dimension=value.` })
  }
  return { dimension, value }
}
