/** The whole road in this process: a simulator, a database of its own, a content folder, and the runtime between them. */
import type { AccountConfig } from '../../src/app/accounts.ts'
import { openRuntime, type Runtime } from '../../src/app/runtime.ts'
import { readEnv } from '../../src/env.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { testKey } from './secrets.ts'
import { afterFile } from './after-file.ts'
import { type ContentFolder, contentFolder, type SettingsChanges } from './content.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { type InProcessSimulator, startSimulator, temporaryHome } from './simulator.ts'

export type RoadOptions = {
  /** Names of our accounts; default: `main` alone. */
  accounts?: readonly string[]
  /** Put into the content folder, or in the place of its own files, by path. */
  contentFiles?: Record<string, string>
  settings?: SettingsChanges
  /** On top of a bare environment: this database, this content, no ports. */
  env?: Record<string, string>
  /** Sets up what the runtime is to find when it opens. */
  prepare?: (found: { simulator: InProcessSimulator; database: TestDatabase }) => Promise<unknown>
}

export type Road = {
  database: TestDatabase
  simulator: InProcessSimulator
  content: ContentFolder
  runtime: Runtime
  /** For the file's `afterAll`: the runtime must end before what it stands on, which goes by itself after the file. */
  stop(): Promise<void>
}

/** Opens it all, and waits until every account is logged in. */
export async function openRoad(options: RoadOptions = {}): Promise<Road> {
  const { accounts = ['main'], contentFiles = {}, settings = {}, env = {}, prepare } = options
  const content = contentFolder({ files: contentFiles, settings })
  afterFile.add(async () => content.dispose())
  const database = await testDatabase()
  const simulator = await startSimulator({ accounts: [...accounts] })
  await prepare?.({ simulator, database })
  const configs = accounts.map((name): AccountConfig => {
    const { token } = simulator
    return { name, token, endpoint: simulator.endpoint(name), tls: false, echoes: true, realm: 'default' }
  })
  const forgetHome = temporaryHome()
  const runtime = await openRuntime({
    env: readEnv({
      DATABASE_URL: database.url,
      CONTENT_DIR: content.dir,
      HEALTH_PORT: 'off',
      DESK_PORT: 'off',
      DATA_KEY: testKey,
      ...env,
    }),
    log: silentLog,
    accounts: () => configs,
    standby: false,
  }).finally(forgetHome)
  const stop = (): Promise<void> => runtime.stop(5_000)
  try {
    await runtime.ready
  } catch (error) {
    await stop()
    throw error
  }
  return { database, simulator, content, runtime, stop }
}
