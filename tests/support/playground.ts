/** The desk's real server with the simulator's page on it, over a road that is open. */
import { playgroundOf } from '../../src/app/demo/page/index.ts'
import { openDesk } from '../../src/desk/server/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { factsOf } from '../../src/domains/handoff/index.ts'
import { slices } from '../../src/app/slices.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import type { Road } from './runtime.ts'
import { testSecrets } from './secrets.ts'

export type PlaygroundDesk = { url: string; close(): Promise<void> }

/** `advisers`: contact id → id in advisers.yaml. `url`: of the page. */
export async function openPlayground(road: Road, advisers: ReadonlyMap<string, string>): Promise<PlaygroundDesk> {
  const { database, simulator, runtime } = road
  const { db } = database
  const plugin = playgroundOf({
    ...{ simulator: simulator.simulator, clock: systemClock, advisers, zone: () => 'Asia/Shanghai' },
    deskLink: (adviser = 'manager') => Promise.resolve(`/sign-in#link=for-${adviser}`),
  })
  const desk = await openDesk({
    ...{ db, clock: systemClock, log: silentLog, ids: systemIds(systemClock), secrets: await testSecrets(db) },
    facts: factsOf(slices),
    alarms: { raise: () => undefined, clear: () => undefined, current: () => [] },
    content: () => runtime.content.current(),
    accept: () => Promise.resolve(),
    ...{ port: 0, host: '127.0.0.1', demo: true, plugins: [plugin] },
  })
  return { url: `${desk.url}/simulator`, close: () => desk.close() }
}
