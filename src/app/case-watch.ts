/** Cases as the operator must know of them, looked at every few seconds: who has left, and what nobody takes. */
import * as handoff from '../domains/handoff/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { Jobs } from '../kernel/jobs.ts'
import type { Alarms, Clock } from '../kernel/ports.ts'

export type CaseWatch = {
  look(): Promise<void>
}

type Options = {
  db: Database
  jobs: Pick<Jobs, 'schedule'>
  content: () => Content
  clock: Clock
  alarms: Alarms
}

const reasons: Readonly<Record<handoff.Why, string>> = {
  nobody: 'advisers.yaml names nobody',
  unbound: 'no adviser has bound a WeChat («zhanggui advisers code»)',
  full: 'everybody on duty has as many cases as she can have',
  'off-duty': 'nobody is on duty, though it is the time of service',
  passed: 'whoever is on duty has not taken them',
}

const escalated = 'cases-escalated:'

export function watchCases({ db, jobs, content, clock, alarms }: Options): CaseWatch {
  return {
    async look() {
      const live = content()
      const now = clock.now()
      const forsaken = await handoff.listForsaken(db.pool, live, now)
      if (forsaken.length > 0) await db.transaction((tx) => jobs.schedule.run(tx, forsaken))
      const neglect = await handoff.findNeglect(db.pool, live, now)
      tellWaiting(alarms, neglect)
      tellEscalated(alarms, neglect)
    },
  }
}

/** One alarm for each reason: when the roster is mended and everybody is full, that is news. */
function tellWaiting(alarms: Alarms, { waiting }: handoff.Neglect): void {
  for (const why of Object.keys(reasons)) if (why !== waiting?.why) alarms.clear(`cases:${why}`)
  if (!waiting) return
  const { why, cases } = waiting
  const message = `${cases} cases wait for an adviser: ${reasons[why]}. Look at «zhanggui advisers list».`
  alarms.raise({ key: `cases:${why}`, severity: 'critical', code: 'cases', message, details: { why, cases } })
}

/** A manager is called in WeChat, and here, in case WeChat is what does not work. */
function tellEscalated(alarms: Alarms, neglect: handoff.Neglect): void {
  const keys = new Set(neglect.escalated.map(({ number }) => `${escalated}${number}`))
  for (const { key } of alarms.current()) if (key.startsWith(escalated) && !keys.has(key)) alarms.clear(key)
  for (const { number, to, by } of neglect.escalated) {
    const message = `Case #${number} was given to ${to}: ${by === null ? 'nobody else took it' : `${by} asks for a manager`}.`
    const key = `${escalated}${number}`
    alarms.raise({ key, severity: 'critical', code: 'case-escalated', message, details: { number, to, by } })
  }
}
