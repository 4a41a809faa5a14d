/** The demo in a browser: a shop in which advisers are at work, some customers are known, and orders have come in. */
import { issueLink } from '../../desk/server/index.ts'
import { rosterOf } from '../../domains/handoff/index.ts'
import type { Simulator } from '../../gateways/simulator/simulator.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Content } from '../../kernel/content.ts'
import { openDatabase } from '../../kernel/db.ts'
import { reasonOf, UsageError, ZhangguiError } from '../../kernel/errors.ts'
import { systemIds } from '../../kernel/ids.ts'
import type { Runtime } from '../runtime.ts'
import { bindAdvisers, settleAdvisers } from './colleagues.ts'
import { playgroundOf } from './page/index.ts'
import { meetAcquaintances, type Stage } from './scene.ts'

export type Showroom = {
  /** The simulator's page, for the desk's server. */
  plugin: ReturnType<typeof playgroundOf>
  /** Fills the shop, and prints the one address. */
  open(stage: Pick<Stage, 'office' | 'print'>, runtime: Runtime): Promise<void>
  close(): Promise<void>
}

/** `url`: of the demo's database. */
export function openShowroom(simulator: Simulator, url: string): Showroom {
  const db = openDatabase(url, { connections: 1 })
  const clock = systemClock
  const advisers = new Map<string, string>()
  let content: Content | undefined
  const plugin = playgroundOf({
    ...{ simulator, clock, advisers },
    zone: () => content?.zone ?? 'Asia/Shanghai',
    async deskLink(adviser) {
      const roster = content ? [...rosterOf(content).values()] : []
      const chosen = adviser ?? roster.find(({ role }) => role === 'manager')?.id ?? roster[0]?.id
      if (chosen === undefined || !roster.some(({ id }) => id === chosen))
        throw new UsageError({ code: 'no-adviser', message: 'There is no such adviser.' })
      return (await issueLink(db.pool, chosen, clock.now())).path
    },
  })
  return {
    plugin,
    async open({ office, print }, runtime) {
      content = runtime.content.current()
      settleAdvisers(simulator, content, advisers)
      await bindAdvisers(simulator, advisers, { db: db.pool, content, clock, ids: systemIds(clock) })
      await furnish({ simulator, office, print })
      print(`\nThe simulated WeChat, and the advisers’ desk beside it: ${runtime.desk}/simulator`)
      print('Open it in a browser: there you are any customer and any adviser. Ctrl+C ends it.')
    },
    close: () => db.close(),
  }
}

/** Written for the example brand: with words of your own it need not come out, and the demo is there all the same. */
async function furnish({ simulator, office, print }: Pick<Stage, 'simulator' | 'office' | 'print'>): Promise<void> {
  const happened = await Promise.allSettled([
    meetAcquaintances(simulator),
    office.run(['import', 'orders', 'examples/orders.csv']),
  ])
  for (const one of happened) {
    if (one.status === 'fulfilled') continue
    if (!(one.reason instanceof ZhangguiError)) throw one.reason
    print(reasonOf(one.reason))
  }
}
