/**
 * The demo: the real bot on the real wire, with a simulated WeChat at its other end. It uses a database of its own that
 * is dropped at the end, so that nothing of it ever meets real customers.
 */
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

export async function runDemo(env: Env, { sceneOnly }: { sceneOnly: boolean }): Promise<void> {
  const log = createLog(env.LOG_LEVEL === 'info' ? 'error' : env.LOG_LEVEL)
  silenceWechaty()
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
    await runtime.ready
    say(`The bot is connected to ${simulator.endpoint()} over gRPC.\n`)
    const hide = showWorld(simulator, say)
    await playScene(simulator, (title) => say(`\n— ${title}`))
    hide()
    if (!sceneOnly) {
      say(`\nNow you.\n${chatHelp}\n`)
      await chat(simulator, { input: process.stdin, output: process.stdout })
    }
  } finally {
    await runtime.stop(stopMs)
    await simulator.stop()
    await database.drop()
    await postgres.stop()
  }
}
