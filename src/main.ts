/** The command line. Each command loads what it needs when it is called, so that `--help` answers at once. */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { registerAdvisers } from './app/commands/advisers.ts'
import { registerAsk } from './app/commands/ask.ts'
import { registerCampaigns, registerJourneys } from './app/commands/campaigns.ts'
import { registerCheck } from './app/commands/check.ts'
import { registerContent } from './app/commands/content.ts'
import { registerCustomers } from './app/commands/customers.ts'
import { registerDemo } from './app/commands/demo.ts'
import { registerEval } from './app/commands/eval.ts'
import { registerFaq } from './app/commands/faq.ts'
import { registerImport } from './app/commands/import.ts'
import { registerKeys } from './app/commands/keys.ts'
import { registerLoginLink } from './app/commands/login-link.ts'
import { registerOutbox } from './app/commands/outbox.ts'
import { registerRehearse } from './app/commands/rehearse.ts'
import { registerRfm } from './app/commands/rfm.ts'
import { registerSegment } from './app/commands/segment.ts'
import { registerStart } from './app/commands/start.ts'
import { registerStatus } from './app/commands/status.ts'
import { registerTags } from './app/commands/tags.ts'
import { complain } from './app/terminal.ts'
import { reasonOf, UsageError, ZhangguiError } from './kernel/errors.ts'

// Half of what a short command takes is reading the same sources again. Commands load theirs after this line; a folder
// that cannot be written to only means that nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/zhanggui', import.meta.url)))

const program = new Command('zhanggui')
  .description('Zhanggui: the shopkeeper of your WeChat Work customer groups.')
  .option('--content <dir>', 'the content folder (or CONTENT_DIR)')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('Add --help to see what there is.')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 done; 1 done, and something is wrong (findings, refused); 2 wrong use or environment;
3 the account belongs to another process.

No account yet? See the bot at work in a simulated WeChat: npm run demo`,
  )

for (const register of [
  registerStart,
  registerDemo,
  registerCheck,
  registerAdvisers,
  registerAsk,
  registerCampaigns,
  registerContent,
  registerEval,
  registerFaq,
  registerImport,
  registerJourneys,
  registerCustomers,
  registerKeys,
  registerLoginLink,
  registerOutbox,
  registerRehearse,
  registerRfm,
  registerSegment,
  registerStatus,
  registerTags,
]) {
  register(program)
}

// Whoever reads us has seen enough, as in `… | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own complaint already; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof ZhangguiError) {
    complain(error.message)
    if (error.cause !== undefined && !(error instanceof UsageError)) complain(`Because: ${reasonOf(error.cause)}`)
    if (error.code === 'account-owned') return 3
    return error instanceof UsageError ? 2 : 1
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}
