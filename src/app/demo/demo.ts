/**
 * The demo: the real bot on the real wire, with a simulated WeChat at its other end. It uses a database of its own that
 * is dropped at the end, so that nothing of it ever meets real customers.
 */
import { once } from 'node:events'
import { silenceWechaty } from '../../gateways/simulator/server.ts'
import { Simulator } from '../../gateways/simulator/simulator.ts'
import type { Env } from '../../env.ts'
import { systemClock } from '../../kernel/clock.ts'
import { createLog, type Log } from '../../kernel/log.ts'
import { embeddedPostgres } from '../../kernel/postgres.ts'
import { scratchDatabase } from '../../kernel/scratch-database.ts'
import { reasonOf, ZhangguiError } from '../../kernel/errors.ts'
import { openRuntime } from '../runtime.ts'
import { say } from '../terminal.ts'
import { registry } from '../registry.ts'
import { chat, chatHelp } from './chat.ts'
import { openOffice } from './office.ts'
import { withNightWatch } from './rota.ts'
import { playScene, type Stage } from './scene.ts'
import { openShowroom } from './showroom.ts'

const stopMs = 5_000
/** What a shell expects of a program that Ctrl+C ended. */
const interruptedCode = 130

/** page: in a browser, until Ctrl+C. terminal: the scene, then one chats. scene: it alone. */
export type Face = 'page' | 'terminal' | 'scene'

/** Ctrl+C ends it at any moment, and leaves nothing running. */
export async function runDemo(env: Env, face: Face): Promise<void> {
  const log = createLog(env.LOG_LEVEL === 'info' ? 'error' : env.LOG_LEVEL)
  silenceWechaty()
  const interruption = new AbortController()
  const interrupted = once(interruption.signal, 'abort')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
  // Whatever cannot be started (content with errors, a port that is taken), what was started before it is ended.
  const started = new AsyncDisposableStack()
  try {
    const perform = await open(env, face, { log, interruption: interruption.signal, started })
    await Promise.race([perform(), interrupted])
  } finally {
    await started.disposeAsync()
  }
  // The scene still waits for its answers.
  if (interruption.signal.aborted) process.exit(interruptedCode)
}

type Opening = { log: Log; interruption: AbortSignal; started: AsyncDisposableStack }

/** Starts everything, each thing with its end on `started`; gives what the demo does from then on. */
async function open(env: Env, face: Face, { log, interruption, started }: Opening): Promise<() => Promise<void>> {
  say('Starting PostgreSQL and the simulated WeChat …')
  const postgres = await embeddedPostgres({ dataDir: env.DATA_DIR, log })
  started.defer(() => postgres.stop())
  const database = await scratchDatabase(postgres.url, 'demo')
  started.defer(() => database.drop())
  const simulator = new Simulator({ clock: systemClock })
  started.defer(() => simulator.stop())
  await simulator.start()
  const own: Env & { DATABASE_URL: string } = {
    ...env,
    DATABASE_URL: database.url,
    HEALTH_PORT: 'off',
    API_PORT: 'off',
    // Whoever opens the page is anybody: nobody but this machine is let in.
    DESK_HOST: '127.0.0.1',
    DESK_URL: undefined,
    DESK_PORT: face !== 'page' ? 'off' : env.DESK_PORT === 'off' ? 0 : env.DESK_PORT,
  }
  const showroom = openShowroom(simulator, database.url)
  started.defer(() => showroom.close())
  const runtime = await openRuntime({
    env: own,
    log,
    accounts: () => [
      {
        name: 'main',
        token: simulator.token,
        endpoint: simulator.endpoint(),
        tls: false,
        echoes: true,
        realm: 'default',
        simulated: true,
      },
    ],
    standby: false,
    demo: { plugins: [showroom.plugin], registry: withNightWatch(registry) },
  })
  started.defer(() => runtime.stop(stopMs))
  const office = openOffice(own, interruption)
  started.defer(() => office.close())
  const stage: Stage = { simulator, office, print: say, voiced: env.OPENAI_API_KEY !== undefined }
  return async () => {
    await runtime.ready
    if (face !== 'page') return performAtTerminal(stage, face === 'scene')
    await showroom.open(stage, runtime)
    await once(interruption, 'abort')
  }
}

async function performAtTerminal(stage: Stage, sceneOnly: boolean): Promise<void> {
  const { simulator, office } = stage
  say(`The bot is connected to ${simulator.endpoint()} over gRPC.\n`)
  try {
    await playScene(stage)
  } catch (error) {
    // Written for the example brand: with words of your own it need not come out, and you can talk all the same.
    if (sceneOnly || !(error instanceof ZhangguiError)) throw error
    say(`\n${reasonOf(error)}`)
  }
  if (sceneOnly) return
  say(`\nNow you.\n${chatHelp}\n`)
  await chat(simulator, { office, input: process.stdin, output: process.stdout })
}
