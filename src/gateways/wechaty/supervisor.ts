/**
 * Keeps one account's line alive (law 4): pings end to end, and when an answer stays out or the stream ends, makes a
 * fresh connection, one at a time, with a growing pause. Whoever serves the account is told what it must know.
 *
 * An error that the platform reports is no lost line: only the end of the stream and an unanswered ping are.
 */
import type { Log } from '../../kernel/log.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import { type Connection, type Heard, openConnection, type Ping } from './connection.ts'
import { within } from './deadline.ts'
import type { Address, Loss } from './line.ts'

/** All in milliseconds. */
export type SupervisorSettings = {
  pingEvery: number
  pingTimeout: number
  /** How long an attempt may take to be let in. */
  startTimeout: number
  /** How long hanging up may take before the next attempt begins all the same. */
  closeTimeout: number
  /** The pause before a new attempt: doubled from the first to the last, the second half of it at random. */
  firstPause: number
  lastPause: number
  /** How rarely the server is told to drop an event stream that is not ours. */
  evictEvery: number
}

export const supervisorDefaults: SupervisorSettings = {
  pingEvery: 10_000,
  pingTimeout: 8_000,
  startTimeout: 20_000,
  closeTimeout: 5_000,
  firstPause: 1_000,
  // However long the server was away, it must be served again within 15 s of its return.
  lastPause: 8_000,
  evictEvery: 10 * 60_000,
}

export type SupervisorReports = {
  /** The connection hears; told before anything that it hears. */
  up: () => void
  /** The connection is over, whether it ever answered or not. */
  down: () => void
  /** Nothing has been heard since then. Once per period, also when the first attempt fails. */
  deaf: (since: Date, reason: string) => void
  heardAgain: (since: Date, deafMs: number) => void
}

export type SupervisorOptions = {
  account: string
  address: Address
  clock: Clock
  ids: Ids
  log: Log
  settings: SupervisorSettings
  reports: SupervisorReports
  /** What each connection is to do with what it hears. */
  hears: (connection: () => Connection) => Omit<Heard, 'up'>
}

export type Supervisor = {
  start(): void
  /** Hangs up; resolves at the latest after `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>
  /** The connection of the moment, up or not. */
  current(): Connection | null
}

function lossOf(reason: Loss['reason'], code: number | undefined): Loss {
  return code === undefined ? { reason } : { reason, code }
}

export function supervise(options: SupervisorOptions): Supervisor {
  const { account, address, clock, ids, log, settings, reports, hears } = options
  const stopping = Promise.withResolvers<'stopping'>()
  let stopped = false
  let current: Connection | null = null
  let running: Promise<void> = Promise.resolve()
  let deafSince: Date | null = null
  let failures = 0
  let elsewhere = 0
  let evictedAt = Number.NEGATIVE_INFINITY

  const pause = (ms: number): Promise<unknown> =>
    Promise.race([stopping.promise, new Promise<void>((resolve) => void clock.after(ms, resolve))])

  function up(): void {
    reports.up()
    if (!deafSince) return
    const since = deafSince
    deafSince = null
    const deafMs = clock.now().getTime() - since.getTime()
    log.info({ account, deafMs }, 'hearing again')
    reports.heardAgain(since, deafMs)
  }

  function deaf(since: Date, loss: Loss): void {
    if (deafSince) return
    deafSince = since
    log.warn({ account, since: since.toISOString(), ...loss }, 'deaf: the line is lost, rebuilding')
    reports.deaf(since, loss.code === undefined ? loss.reason : `${loss.reason} (grpc ${loss.code})`)
  }

  /** Pings until one stays out. */
  async function pingUntilLost(connection: Connection): Promise<Loss & { ping: Ping }> {
    for (;;) {
      const ping = await connection.ping(ids.fresh(), settings.pingTimeout)
      if (ping !== 'heard') return { reason: 'ping-unanswered', ping }
      failures = 0
      await pause(settings.pingEvery)
    }
  }

  /** One connection from its start to its end. */
  async function live(connection: Connection): Promise<(Loss & { ping?: Ping }) | 'stopping'> {
    const started = within(clock, settings.startTimeout, connection.start())
    const outcome = await Promise.race([
      started.then(
        () => 'started' as const,
        (): Loss => lossOf('start-failed', connection.line.refusal),
      ),
      connection.lost,
      stopping.promise,
    ])
    if (outcome !== 'started') return outcome
    return Promise.race([pingUntilLost(connection), connection.lost, stopping.promise])
  }

  async function run(): Promise<void> {
    const startedAt = clock.now()
    const goesOn = (): boolean => !stopped
    while (goesOn()) {
      const connection: Connection = openConnection(address, clock, { ...hears(() => connection), up })
      current = connection
      const end = await live(connection)
      reports.down()
      if (end !== 'stopping') {
        deaf(connection.heardAt() ?? startedAt, lossOf(end.reason, end.code))
        await evict(connection, end.ping)
      }
      await connection.close(settings.closeTimeout)
      current = null
      if (goesOn()) await pause(nextPause())
    }
  }

  /**
   * When calls are answered and the stream twice brings nothing, the server holds on to a stream whose client is gone,
   * and lets no other in; only its `stop` ends that. Rarely, because it stops the account on the server, and because two
   * processes that share a token by mistake would throw each other out for ever.
   */
  async function evict(connection: Connection, ping: Ping | undefined): Promise<void> {
    elsewhere = ping === 'elsewhere' ? elsewhere + 1 : 0
    const now = clock.now().getTime()
    if (elsewhere < 2 || now - evictedAt < settings.evictEvery) return
    elsewhere = 0
    evictedAt = now
    log.warn({ account }, 'the server answers but its events go elsewhere: telling it to stop')
    await connection.line.stopRemote(settings.closeTimeout).catch(() => {})
  }

  function nextPause(): number {
    const full = Math.min(settings.firstPause * 2 ** failures, settings.lastPause)
    failures += 1
    return full / 2 + (full / 2) * ids.random()
  }

  return {
    start() {
      running = run()
    },
    async stop(deadlineMs) {
      stopped = true
      stopping.resolve('stopping')
      await within(clock, deadlineMs, running).catch(() => {})
    },
    current: () => current,
  }
}
