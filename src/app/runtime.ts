/** Opens everything in order, and closes it in the opposite one. The only wiring there is. */
import { type ContentStore, openContent, type Registry } from '../content/index.ts'
import { openDelivery } from '../delivery/index.ts'
import type { DeskHouse } from '../desk/server/index.ts'
import * as faq from '../domains/faq/index.ts'
import * as handoff from '../domains/handoff/index.ts'
import * as members from '../domains/members/index.ts'
import type { Env } from '../env.ts'
import { createInbox } from '../kernel/accept.ts'
import { createAlarms } from '../kernel/alarms.ts'
import { systemClock as clock } from '../kernel/clock.ts'
import type { Content } from '../kernel/content.ts'
import { openDatabase } from '../kernel/db.ts'
import type { NewEvent } from '../kernel/event.ts'
import { createHandler } from '../kernel/handle.ts'
import { systemIds } from '../kernel/ids.ts'
import { durableJobs } from '../kernel/jobs.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock } from '../kernel/ports.ts'
import { openSecrets } from '../kernel/secrets.ts'
import type { AccountConfig } from './accounts.ts'
import { openAnswers } from './asking.ts'
import { serveShop } from './api/open.ts'
import { lentToDesk } from './campaign-desk.ts'
import { openCampaigns } from './campaigns.ts'
import { watchCases } from './case-watch.ts'
import { reachDatabase } from './database.ts'
import { serveDesk } from './desk.ts'
import { type Health, serveHealth } from './health.ts'
import { openHousekeeping } from './housekeeping.ts'
import { type Line, openLine } from './line.ts'
import { serveLinks } from './links.ts'
import { sweepOverdue } from './overdue.ts'
import { takeAll } from './owning.ts'
import { registry } from './registry.ts'
import { createRoute } from './route.ts'
import { assertSlices, lent, slices } from './slices.ts'
import { healthOf } from './status.ts'
import { openFetching } from '../media/fetching/index.ts'
import { openTagMirror } from './tag-mirror.ts'
import { openTagging } from './tagging.ts'
import { createUpkeep } from './upkeep.ts'

export type RuntimeOptions = {
  env: Env
  log: Log
  accounts: (content: Content) => AccountConfig[]
  /** Wait for accounts that another process owns instead of giving up. */
  standby: boolean
  /** The world is simulated: the desk shows the simulator's page, whose routes these are, and content is read so. */
  demo?: { plugins: NonNullable<DeskHouse['plugins']>; registry: Registry }
  /** Aborted when nobody wants the runtime any more: waiting for an account ends with `told-to-stop`. */
  signal?: AbortSignal
}

export type Runtime = {
  content: ContentStore
  /** Resolves once every account is logged in and its groups and people are read back. */
  ready: Promise<void>
  /** Resolves with a reason when the process has no business to go on: another one owns an account now. */
  ended: Promise<string>
  health(): Promise<Health>
  /** Where a browser finds the desk; undefined when it is off. */
  desk: string | undefined
  /** Takes an event of the house's own, such as a click on the desk; resolves once it is committed. */
  accept(event: NewEvent): Promise<unknown>
  /** Lets what is under way end, within `deadlineMs`; what waits stays in inbox and outbox. */
  stop(deadlineMs: number): Promise<void>
}

/** What must be undone, newest first. A step that fails does not keep the others from being undone. */
class Closing {
  readonly #steps: (() => Promise<unknown> | void)[] = []
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  add(step: () => Promise<unknown> | void): void {
    this.#steps.push(step)
  }

  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        this.#log.error({ err: error }, 'a part did not stop cleanly')
      }
    }
  }
}

export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  assertSlices(slices)
  const closing = new Closing(options.log)
  try {
    return await open(options, closing)
  } catch (error) {
    await closing.run()
    throw error
  }
}

async function open(options: RuntimeOptions, closing: Closing): Promise<Runtime> {
  const { env, log, accounts, standby, signal, demo } = options
  const ids = systemIds(clock)
  const alarms = createAlarms({ webhook: env.ALARM_WEBHOOK_URL, clock, log })
  closing.add(() => alarms.sent())
  const reached = await reachDatabase(env, log)
  closing.add(() => reached.stop())
  const db = openDatabase(reached.url, { onLost: (error) => log.warn({ err: error }, 'database connection lost') })
  closing.add(() => db.close())
  const secrets = await openSecrets(db, { key: env.DATA_KEY, dataDir: env.DATA_DIR }, clock.now())
  const content = await openContent({
    dir: env.CONTENT_DIR,
    registry: demo?.registry ?? registry,
    db,
    clock,
    log,
    alarms,
  })
  closing.add(() => content.close())
  const configs = accounts(content.current())
  const ended = Promise.withResolvers<string>()
  const leases = await takeAll(configs, {
    url: reached.url,
    standby,
    signal,
    clock,
    log,
    onLost: (reason) => ended.resolve(reason),
    closing,
  })

  const jobs = durableJobs({ pool: db.pool, clock, log })
  const configOf = new Map(configs.map((config) => [config.name, config]))
  const realmOf = (account: string): string => configOf.get(account)?.realm ?? 'default'
  const route = createRoute({
    content: () => content.current(),
    ids,
    jobs,
    secrets,
    slices,
    realmOf,
    echoesOf: (account) => configOf.get(account)?.echoes ?? true,
  })
  /** Another word than housekeeping's: a database that is full answers, and takes nothing. */
  const tellStuck =
    (part: string) =>
    (stuck: boolean): void => {
      const key = `database:${part}`
      const message = 'The database takes nothing new: it is away or full. What is heard waits.'
      if (stuck) alarms.raise({ key, severity: 'critical', code: 'database', message })
      else alarms.clear(key)
    }
  const handler = createHandler({
    db,
    route,
    clock,
    log,
    onStuck: tellStuck('handler'),
    onFailed: (event) =>
      alarms.raise({
        key: 'event-failed',
        severity: 'critical',
        code: 'event-failed',
        message: `Event ${event.id} (${event.what.kind}) could not be handled; see the log.`,
      }),
  })
  const inbox = createInbox({
    db,
    clock,
    log,
    onAccepted: (event) => handler.push(event),
    takeFresh: (...fresh) => handler.takeFresh(...fresh),
    onStuck: tellStuck('inbox'),
  })

  const isKnownEcho = ({ account, what }: NewEvent): boolean =>
    what.kind === 'OwnMessageSeen' && delivery.recognises(account, what.place, what.message)
  const lines: Line[] = configs.map((config) =>
    openLine({
      config,
      lease: leases.get(config.name)!,
      db,
      clock,
      ids,
      log,
      alarms,
      accept: (event) => (isKnownEcho(event) ? Promise.resolve() : inbox.accept(members.concealed(event, secrets))),
      onReady: () => delivery.wake(config.name),
      onReadBack: () => {
        readBack.add(config.name)
        if (readBack.size === configs.length) ready.resolve()
      },
    }),
  )
  const readBack = new Set<string>()
  const ready = Promise.withResolvers<void>()
  const sends: Record<string, number> = {}
  const delivery = openDelivery({
    db,
    gateways: lines.map(({ gateway }) => gateway),
    content: () => content.current(),
    clock,
    ids,
    log,
    alarms,
    openCase: (tx, effect, now) => handoff.openCase(tx, effect, { ids, now, jobs }),
    follower: handoff.followSays(jobs),
    schedule: (tx, event) => jobs.schedule.run(tx, [event]),
    epochOf: (account) => leases.get(account)?.epoch() ?? null,
    dailyCeilingOf: (account) => configOf.get(account)?.dailyCeiling,
    onEnded: (_, ending) => {
      sends[ending.kind] = (sends[ending.kind] ?? 0) + 1
    },
  })

  const fetching = openFetching({
    db: db.pool,
    gateways: lines.map(({ gateway }) => gateway),
    accept: (event) => inbox.accept(event),
    clock,
    log,
  })
  closing.add(() => fetching.stop())

  const answering = {
    ...{ db, clock, ids, log },
    content: () => content.current(),
    accounts: configs.map(({ name }) => name),
    accept: (event: NewEvent) => inbox.accept(event),
    proposable: faq.lentBy(slices).proposable,
  }
  const asking = openAnswers(env, answering)
  closing.add(() => asking?.stop(0))
  if (!asking) {
    log.info('no key for a model: answers go out as they are approved')
    // A process that had one may have left questions behind.
    closing.add(sweepOverdue(answering))
  }

  const health = (): Promise<Health> => healthOf({ db, lines, handler, alarms, sends, content, clock })
  const server = env.HEALTH_PORT === 'off' ? undefined : await serveHealth(env.HEALTH_PORT, health, log)
  if (server) log.info({ port: server.port }, 'health and metrics')
  closing.add(() => server?.close())

  // While nothing is under way yet: a port that cannot be had, or pages that are not built, must end the process.
  const recovering = Promise.withResolvers<void>()
  const desk = await serveDesk({
    ...{ env, db, clock, ids, log, alarms, secrets },
    facts: handoff.factsOf(slices),
    campaigns: lentToDesk({ url: reached.url, env, jobs, clock }),
    demo: demo !== undefined,
    plugins: demo?.plugins ?? [],
    content: () => content.current(),
    accept: (event) => recovering.promise.then(() => inbox.accept(event)),
  })
  closing.add(() => desk?.close())

  // Everything left open is in the queue before anything new can be heard.
  const recovered = await handler.recover(configs.map(({ name }) => name))
  if (recovered > 0) log.info({ recovered }, 'events left open by an earlier process')
  recovering.resolve()
  await jobs.start((event) => inbox.accept(event))
  faq.prepare(content.current())
  for (const { gateway } of lines) gateway.start()
  content.onChange((changed) => faq.prepare(changed))

  const tagging = openTagging({ url: reached.url, content, clock, ids, log })
  closing.add(() => tagging.stop())
  const mirror = openTagMirror({
    db,
    gateways: lines.map(({ gateway }) => gateway),
    content: () => content.current(),
    clock,
    log,
  })
  closing.add(() => mirror.stop())
  if (env.API_PORT !== 'off') {
    const api = await serveShop({ env, port: env.API_PORT, db, content, secrets, clock, ids, log, jobs, tagging })
    log.info({ port: api.port }, 'orders and events are taken')
    closing.add(() => api.close())
  }

  if (env.LINKS_PORT !== 'off') {
    const accept = (event: NewEvent): Promise<unknown> => inbox.accept(event)
    const links = await serveLinks({ port: env.LINKS_PORT, host: env.LINKS_HOST, db, clock, log, accept })
    log.info({ port: links.port }, 'tracked links lead through')
    closing.add(() => links.close())
  }
  const campaigns = openCampaigns({
    ...{ db, clock, ids, log, alarms, lent },
    content: () => content.current(),
    accept: (event) => inbox.accept(event),
  })

  const gateways = lines.map(({ gateway }) => ({ realm: realmOf(gateway.account), gateway }))
  const rights = { slices, secrets, ids, jobs }
  const upkeep = createUpkeep({
    ...{ db, clock, log, secrets, gateways, rights },
    content: () => content.current(),
    embeddingModel: env.OPENAI_EMBEDDING_MODEL,
  })
  const cases = watchCases({ db, jobs, alarms, clock, content: () => content.current() })
  const housekeeping = openHousekeeping({ env, db, lines, handler, alarms, content, clock, log, upkeep, cases })
  // Our timers do not keep the process alive, and while every line is down nothing else may.
  const alive = setInterval(() => undefined, 2 ** 30)

  async function stop(deadlineMs: number): Promise<void> {
    const until = clock.now().getTime() + deadlineMs
    const left = (): number => Math.max(500, until - clock.now().getTime())
    clearInterval(alive)
    // Whoever clicks now is told to try again, and not left waiting for what nobody handles any more.
    if (desk) await withinMs(clock, left() / 4, desk.close())
    await Promise.all([housekeeping.stop(), withinMs(clock, left() / 4, campaigns.stop())])
    await Promise.all(lines.map(({ gateway }) => gateway.stop(Math.min(3_000, left()))))
    await asking?.stop(left() / 4)
    fetching.stop()
    // While the database is away none of these would ever end; what they leave behind is as safe as after a kill.
    await withinMs(clock, left() / 4, jobs.stop())
    await withinMs(clock, left() / 4, inbox.drained())
    await withinMs(clock, left() / 2, handler.idle())
    await withinMs(clock, left() / 2, handler.stop())
    await delivery.stop(left() / 2)
    await withinMs(clock, left(), closing.run())
  }
  const accept = (event: NewEvent): Promise<unknown> => inbox.accept(event)
  return { content, ready: ready.promise, ended: ended.promise, health, desk: desk?.url, accept, stop }
}

function withinMs(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  return Promise.race([work, new Promise<void>((late) => clock.after(ms, late))])
}
