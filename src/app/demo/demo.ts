/**
 * The demo: the real bot on the real wire, with a simulated WeChat at its other end. It uses a database of its own that
 * is dropped at the end, so that nothing of it ever meets real customers.
 */
import { once } from 'node:events'
import { silenceWechaty } from '../../gateways/simulator/server.ts'
import { Simulator } from '../../gateways/simulator/simulator.ts'
import type { Env } from '../../env.ts'
import { systemClock } from '../../kernel/clock.ts'
import { createLog } from '../../kernel/log.ts'
import { embeddedPostgres } from '../../kernel/postgres.ts'
import { scratchDatabase } from '../../kernel/scratch-database.ts'
import { openRuntime } from '../runtime.ts'
import { say } from '../terminal.ts'
import { chat, chatHelp } from './chat.ts'
import { playScene } from './scene.ts'
import { showWorld } from './transcript.ts'

const stopMs = 5_000
/** What a shell expects of a program that Ctrl+C ended. */
const interruptedCode = 130

/** Ctrl+C ends it at any moment, and leaves nothing running. */
export async function runDemo(env: Env, { sceneOnly }: { sceneOnly: boolean }): Promise<void> {
  const log = createLog(env.LOG_LEVEL === 'info' ? 'error' : env.LOG_LEVEL)
  silenceWechaty()
  const interruption = new AbortController()
  const interrupted = once(interruption.signal, 'abort')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
  say('Starting PostgreSQL and the simulated WeChat …')
  const postgres = await embeddedPostgres({ dataDir: env.DATA_DIR, log })
  const database = await scratchDatabase(postgres.url, 'demo')
  const simulator = new Simulator({ clock: systemClock })
  await simulator.start()
  const runtime = await openRuntime({
    env: { ...env, DATABASE_URL: database.url, HEALTH_PORT: 'off' },
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
  })
  try {
    await Promise.race([runtime.ready.then(() => perform(simulator, sceneOnly)), interrupted])
  } finally {
    await runtime.stop(stopMs)
    await simulator.stop()
    await database.drop()
    await postgres.stop()
  }
  // The scene still waits for its answers.
  if (interruption.signal.aborted) process.exit(interruptedCode)
}

async function perform(simulator: Simulator, sceneOnly: boolean): Promise<void> {
  say(`The bot is connected to ${simulator.endpoint()} over gRPC.\n`)
  const hide = showWorld(simulator, say)
  await playScene(simulator, (title) => say(`\n— ${title}`))
  hide()
  if (sceneOnly) return
  say(`\nNow you.\n${chatHelp}\n`)
  await chat(simulator, { input: process.stdin, output: process.stdout })
}
