import type { Command } from 'commander'
import { progress, say, sayJson } from '../terminal.ts'
import { environmentOf, wantsJson, withDatabase } from './common.ts'

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('the keys that phones and addresses are sealed under')
  keys
    .command('rotate')
    .description('make a new key and seal everything under it; the bot may go on running')
    .option('--master', 'change the master key instead: the new one in DATA_KEY, the old one in DATA_KEY_OLD')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Broken off, it goes on where it was when it is called again. With --master and without DATA_KEY_OLD the key file
under DATA_DIR is the old key; delete the file afterwards. The key of the hashes, by which phones are found and
deleted people are kept from coming back, never changes.`,
    )
    .action(async (options: { master?: boolean; json?: boolean }, command: Command) => {
      const env = environmentOf(command)
      const source = { key: env.DATA_KEY, dataDir: env.DATA_DIR }
      await withDatabase(env, async (db) => {
        const { rotateMasterKey, rotateSealingKey } = await import('../../kernel/rotation.ts')
        const { writeAudit } = await import('../../kernel/audit.ts')
        const { systemClock: clock } = await import('../../kernel/clock.ts')
        const { operator } = await import('./operator.ts')
        const audit = (action: string, details: Record<string, unknown>): Promise<void> =>
          writeAudit(db.pool, { at: clock.now(), by: operator(), action, subject: 'data_key', details })
        if (options.master) {
          const wrapped = await rotateMasterKey(db, source, env.named('DATA_KEY_OLD'))
          await audit('master-key-changed', { wrapped })
          if (wantsJson(command)) return sayJson({ wrapped })
          return say(
            wrapped === 0 ? 'Everything is under this master key already.' : `${wrapped} data keys wrapped anew.`,
          )
        }
        const { sealedColumns } = await import('../sealed.ts')
        let bar: ReturnType<typeof progress> | undefined
        const result = await rotateSealingKey({
          db,
          source,
          columns: sealedColumns,
          // Timers of the clock keep no process alive, and for a while nothing else does.
          clock: { now: () => clock.now(), after: waitFor },
          onProgress(rows, of) {
            bar ??= progress('values sealed anew', of)
            bar.step(rows)
          },
        })
        bar?.end()
        await audit('sealing-key-rotated', result)
        if (wantsJson(command)) return sayJson(result)
        say(`${result.resealed} values sealed under the new key ${result.keyId}; the older keys are retired.`)
      })
    })
}

function waitFor(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}
