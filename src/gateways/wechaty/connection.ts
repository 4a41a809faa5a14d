/**
 * One attempt to be connected: a fresh Wechaty on a fresh line, used once and closed.
 *
 * Wechaty's own listeners on the puppet are taken off before it starts. They load each payload a second time through
 * layers that we do not use, and after a `room-join` ask for a contact under the room's id. We listen to the puppet.
 */
import './quiet.ts'
import { WechatyBuilder } from 'wechaty'
import type { payloads } from 'wechaty-puppet'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/ports.ts'
import { within } from './deadline.ts'
import { type Address, Line, type Loss } from './line.ts'

/** What the platform tells on the stream, in its own shapes. */
export type Heard = {
  /** Once, before the first thing that the stream brings is told: the connection hears. */
  up: () => void
  login: (contactId: string) => void
  logout: (contactId: string) => void
  scan: (code: string) => void
  message: (messageId: string) => void
  friendship: (friendshipId: string) => void
  invitation: (invitationId: string) => void
  joined: (event: payloads.EventRoomJoin) => void
  left: (event: payloads.EventRoomLeave) => void
  topic: (event: payloads.EventRoomTopic) => void
  dirty: (event: payloads.EventDirty) => void
}

/** `elsewhere`: the server took the ping but its answer came on no stream of ours. */
export type Ping = 'heard' | 'silent' | 'elsewhere'

export type Connection = {
  readonly line: Line
  /** Resolves, once, with why the stream ended. Never rejects. */
  readonly lost: Promise<Loss>
  /** When the stream last brought something that only a working one brings; heartbeats do not count. */
  heardAt(): Date | null
  /** Resolves when the server let us in, rejects with `start-failed`. Nobody need be logged in. */
  start(): Promise<void>
  /** Out by RPC, back on the stream. Never rejects. */
  ping(data: string, timeoutMs: number): Promise<Ping>
  /** Hangs up and lets go of every listener; resolves after `deadlineMs` at the latest, whatever hangs. */
  close(deadlineMs: number): Promise<void>
  /** How many listeners the attempt still holds; for tests. */
  listeners(): number
}

/** For `then`: whether a promise resolves. */
const yesOrNo = [() => true, () => false] as const

/** What the typed emitters of Wechaty are underneath. */
type Emitter = {
  on(event: string, listener: () => void): unknown
  removeAllListeners(): unknown
  eventNames(): string[]
  listenerCount(event: string): number
}

export function openConnection(address: Address, clock: Clock, heard: Heard): Connection {
  const lost = Promise.withResolvers<Loss>()
  const line = new Line(address, clock, lost.resolve)
  const bot = WechatyBuilder.build({ puppet: line })
  const emitters = [line, bot] as unknown as Emitter[]
  let heardAt: Date | null = null
  let onHeard: (() => void) | undefined
  let begun = false

  const hearing =
    <Payload>(then: (payload: Payload) => void) =>
    (payload: Payload): void => {
      const first = heardAt === null
      heardAt = clock.now()
      if (first) heard.up()
      onHeard?.()
      then(payload)
    }

  function listen(): void {
    line.on(
      'dong',
      hearing(() => {}),
    )
    line.on(
      'login',
      hearing((event) => heard.login(event.contactId)),
    )
    line.on('logout', (event) => heard.logout(event.contactId))
    line.on('scan', (event) => heard.scan(event.qrcode ?? ''))
    line.on(
      'message',
      hearing((event) => heard.message(event.messageId)),
    )
    line.on(
      'friendship',
      hearing((event) => heard.friendship(event.friendshipId)),
    )
    line.on(
      'room-invite',
      hearing((event) => heard.invitation(event.roomInvitationId)),
    )
    line.on('room-join', hearing(heard.joined))
    line.on('room-leave', hearing(heard.left))
    line.on('room-topic', hearing(heard.topic))
    line.on('dirty', hearing(heard.dirty))
    ignoreErrors()
  }

  /** An emitter without an `error` listener throws. Errors of the stream arrive as `lost`, those of calls reject. */
  function ignoreErrors(): void {
    for (const emitter of emitters) emitter.on('error', () => {})
  }

  function letGo(): void {
    for (const emitter of emitters) emitter.removeAllListeners()
    ignoreErrors()
  }

  async function start(): Promise<void> {
    begun = true
    await bot.init()
    line.removeAllListeners()
    listen()
    // When it is refused, Wechaty waits five seconds for the start that has just failed.
    await Promise.race([bot.start(), line.settled])
    if (!line.started) {
      throw new ZhangguiError({
        code: 'start-failed',
        message: 'The puppet service did not let the bot in. Check its address, the token and TLS.',
        retryable: true,
      })
    }
  }

  return {
    line,
    lost: lost.promise,
    heardAt: () => heardAt,
    start,
    async ping(data, timeoutMs) {
      const answer = Promise.withResolvers<void>()
      onHeard = answer.resolve
      const cancel = clock.after(timeoutMs, answer.reject)
      const taken = line.ping(data, timeoutMs).then(...yesOrNo)
      const answered = answer.promise.then(...yesOrNo)
      try {
        if (!(await taken)) return 'silent'
        return (await answered) ? 'heard' : 'elsewhere'
      } finally {
        cancel()
        onHeard = undefined
      }
    },
    async close(deadlineMs) {
      letGo()
      line.close()
      // The next attempt must not begin while this one may still put up a stream: both would be live.
      if (begun) await within(clock, deadlineMs, line.settled).catch(() => {})
      const stopped = bot.stop().finally(letGo)
      if (line.started) await within(clock, deadlineMs, stopped).catch(() => {})
    },
    listeners: () =>
      emitters
        .flatMap((emitter) => emitter.eventNames().map((name) => emitter.listenerCount(name)))
        .reduce((sum, count) => sum + count, 0),
  }
}
