/**
 * The gateway of one WeChat Work account: what the platform tells becomes kernel events, in order and once; what
 * delivery asks for becomes one call. See supervisor.ts for how the line is kept, intake.ts for the order.
 */
import { types } from 'wechaty-puppet'
import type { NewEvent } from '../../kernel/event.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Gateway, Ids } from '../../kernel/ports.ts'
import type { Connection, Heard } from './connection.ts'
import { within } from './deadline.ts'
import { isLineFailure } from './failures.ts'
import { createIntake, type Reading } from './intake.ts'
import { type Pace, reconcile, type Reconciled, reconcileGroup, type ReconcileOptions } from './reconcile.ts'
import { readPayloads, type Payloads } from './payloads.ts'
import { readFriendship, readInvitation, readJoin, readLeave, readMessage, readTopic } from './readings.ts'
import { fetchOne } from './fetching.ts'
import { recallOne } from './recalling.ts'
import { notConnected, sendOne } from './sending.ts'
import { tagOne } from './tagging.ts'
import { supervise, supervisorDefaults, type SupervisorSettings } from './supervisor.ts'

export type WechatyAccount = {
  name: string
  token: string
  /** `host:port`; without it the token is looked up in Wechaty's directory. */
  endpoint?: string | undefined
  /** Without it the environment of wechaty-puppet-service decides; on by default. */
  tls?: boolean | undefined
  /** Whether the platform shows us our own messages again. */
  echoes: boolean
  simulated?: boolean | undefined
}

export type WechatySettings = SupervisorSettings & {
  /** Events loaded and accepted side by side. */
  concurrency: number
  /** How fast groups and contacts are read back. */
  readBack: Pace
}

export const wechatyDefaults: WechatySettings = {
  ...supervisorDefaults,
  concurrency: 64,
  readBack: { concurrency: 4, pause: 20, page: 100 },
}

/** Who is logged in; `previous` is who was served before in this process, null at first. */
export type Login = { contactId: string; name: string; previous: string | null }

/** What the gateway tells whoever runs it. Only the answer of `loggedIn` is waited for. */
export type WechatyReports = {
  /** The line hears, though nobody need be logged in; told before the login. */
  connected: () => void
  /** Nothing has been heard since then; once per period. */
  deaf: (since: Date, reason: string) => void
  heardAgain: (since: Date, deafMs: number) => void
  /** `freeze`: this is not the user that we serve, so nothing of hers is read and nothing is sent. */
  loggedIn: (login: Login) => Promise<'serve' | 'freeze'>
  loggedOut: (contactId: string) => void
  /** Somebody must scan this code to log in. */
  scan: (code: string) => void
  readBack: (result: Reconciled, ms: number) => void
}

export type WechatyGatewayOptions = {
  account: WechatyAccount
  /** The kernel's: resolves when the event is committed. What it rejects is offered again. */
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  ids: Ids
  log: Log
  reports: WechatyReports
  settings?: Partial<WechatySettings>
}

export type WechatyGateway = Gateway & {
  start(): void
  /** Takes no more events, lets those under way be accepted, hangs up; resolves at the latest after `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>
  /** Events told by the platform and not accepted yet. */
  depth(): number
  /** Asks again whether the user who is logged in is to be served, when the answer was `freeze`. */
  reconsider(): void
  /** Drops what is remembered of contacts; nothing of it is on disk. */
  forgetContacts(isForgotten: (contactId: string) => boolean): void
}

/** A user's stay on one connection. */
type Session = {
  contactId: string
  connection: Connection
  payloads: Payloads
  over: AbortController
  serving: boolean
}

/** Milliseconds until something that failed on our side is tried again. */
const retryAfter = 5_000

export function createWechatyGateway(options: WechatyGatewayOptions): WechatyGateway {
  const { account, accept, clock, ids, log, reports } = options
  const settings = { ...wechatyDefaults, ...options.settings }
  const intake = createIntake({ account: account.name, accept, clock, log, concurrency: settings.concurrency })
  let session: Session | null = null
  let lastServed: string | null = null
  let frozen = false
  let stopping = false

  const supervisor = supervise({
    account: account.name,
    address: { token: account.token, endpoint: account.endpoint, tls: account.tls },
    clock,
    ids,
    log,
    settings,
    hears,
    reports: { up: reports.connected, down: endSession, deaf: reports.deaf, heardAgain: reports.heardAgain },
  })

  function hears(connection: () => Connection): Omit<Heard, 'up'> {
    const take = (reading: Reading): void => {
      if (!stopping && !frozen) intake.push(reading)
    }
    const ports = { clock, ids }
    return {
      login(contactId) {
        endSession()
        // Whether we serve this user is asked anew; what comes until the answer waits in the intake.
        frozen = false
        session = beginSession(connection(), contactId)
      },
      logout(contactId) {
        endSession()
        log.warn({ account: account.name }, 'logged out')
        reports.loggedOut(contactId)
      },
      scan: reports.scan,
      message: (id) => take(readMessage(id, ports)),
      friendship: (id) => take(readFriendship(id, ports)),
      invitation: (id) => take(readInvitation(id, ports)),
      joined(event) {
        take(readJoin(event, ports))
        // Who was there before us nobody tells.
        if (session?.serving && event.inviteeIdList.includes(session.contactId)) void readGroup(session, event.roomId)
      },
      left: (event) => take(readLeave(event, ports)),
      topic: (event) => take(readTopic(event, ports)),
      dirty({ payloadType, payloadId }) {
        if (payloadType === types.Dirty.Contact) session?.payloads.forget(payloadId)
        else session?.payloads.forgetRoom(payloadId)
      },
    }
  }

  function endSession(): void {
    session?.over.abort()
    session = null
    intake.pause()
  }

  function beginSession(connection: Connection, contactId: string): Session {
    const payloads = readPayloads(connection.line, clock, () => contactId)
    const begun: Session = { contactId, connection, payloads, over: new AbortController(), serving: false }
    void serve(begun)
    return begun
  }

  /** From login to the first event let through. Messages that came before wait in the intake meanwhile. */
  async function serve(begun: Session): Promise<void> {
    const verdict = await untilOver(begun, 'the login was not taken note of', () => judge(begun))
    if (verdict === undefined) return
    frozen = verdict === 'freeze'
    if (frozen) {
      log.error({ account: account.name }, 'another user is logged in: nothing is read or sent')
      intake.discard()
      return
    }
    lastServed = begun.contactId
    begun.serving = true
    intake.resume({ payloads: begun.payloads, selfId: begun.contactId })
    await readBack(begun)
  }

  async function judge({ contactId, payloads }: Session): Promise<'serve' | 'freeze'> {
    const { name } = await payloads.contact(contactId)
    return reports.loggedIn({ contactId, name, previous: lastServed })
  }

  function reading({ payloads, over }: Session): ReconcileOptions {
    return { account: account.name, payloads, accept, clock, ids, log, pace: settings.readBack, signal: over.signal }
  }

  async function readGroup(begun: Session, roomId: string): Promise<void> {
    await untilOver(begun, 'a new group was not read', () => reconcileGroup(reading(begun), roomId))
  }

  async function readBack(begun: Session): Promise<void> {
    const from = performance.now()
    const result = await untilOver(begun, 'groups and contacts were not read back', () => reconcile(reading(begun)))
    if (result) reports.readBack(result, Math.round(performance.now() - from))
  }

  /** Tries until it works; undefined when the session is over before. */
  async function untilOver<T>(
    { over }: Pick<Session, 'over'>,
    failure: string,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    const isOver = (): boolean => over.signal.aborted
    while (!isOver()) {
      try {
        const result = await work()
        return isOver() ? undefined : result
      } catch (error) {
        if (!isLineFailure(error)) {
          log.error({ account: account.name, error: error instanceof Error ? error.name : 'unknown' }, failure)
        }
        await new Promise<void>((resolve) => void clock.after(retryAfter, resolve))
      }
    }
    return undefined
  }

  return {
    account: account.name,
    echoes: account.echoes,
    simulated: account.simulated,
    isReady: () => Boolean(session?.serving && session.connection.line.isOpen()),
    async send(to, body, deadlineMs, file) {
      if (!session?.serving) return { kind: 'refused', reason: notConnected, throttled: false }
      const { payloads, connection } = session
      return sendOne({ line: connection.line, payloads, clock, to, body, file, deadlineMs })
    },
    async fetchFile(messageId, maxBytes, deadlineMs) {
      if (!session?.serving) return { kind: 'unreachable' }
      return fetchOne(session.connection.line, { messageId, maxBytes, deadlineMs, clock })
    },
    async recall(messageId, deadlineMs) {
      if (!session?.serving || !session.connection.line.isOpen()) return 'not-connected'
      return recallOne(session.connection.line, messageId, deadlineMs)
    },
    async tagContact(contactId, tag, on, deadlineMs) {
      if (!session?.serving) return 'unknown'
      return tagOne(session.connection.line, { contactId, tag, on, deadlineMs })
    },
    start: () => supervisor.start(),
    async stop(deadlineMs) {
      stopping = true
      const draining = session?.serving ? intake.drained() : Promise.resolve()
      // Fails only by the time being up: what is not accepted by then stays as a kill would leave it.
      await within(clock, deadlineMs / 2, draining).catch(() => {})
      intake.stop()
      endSession()
      await supervisor.stop(deadlineMs / 2)
    },
    reconsider() {
      if (session && frozen) void serve(session)
    },
    depth: () => intake.depth(),
    forgetContacts: (isForgotten) => session?.payloads.forgetWhere(isForgotten),
  }
}
