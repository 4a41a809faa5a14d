/** Serves one account on loopback through the real gRPC server of wechaty-puppet-service, and breaks it on demand. */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { UniformResourceNameRegistry } from 'file-box'
import { log as wechatyLog } from 'wechaty-puppet'
import { PuppetServer } from 'wechaty-puppet-service'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/ports.ts'
import type { Account } from './account.ts'
import { SimulatorPuppet } from './puppet.ts'

/**
 * For the simulator's own process and for demos. Wechaty's log is one per process and prints message texts; and
 * PuppetServer calls a deprecated method of gRPC, which Node would tell the person at the terminal.
 */
export function silenceWechaty(): void {
  wechatyLog.level('silent')
  process.noDeprecation = true
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new ZhangguiError({ code: 'no-port', message: 'no port' })
  return address.port
}

export class AccountServer {
  readonly account: Account
  readonly token: string
  readonly #clock: Clock
  #port: number
  #last: Promise<void> = Promise.resolve()
  #running: { server: StreamingServer; puppet: SimulatorPuppet } | undefined

  /** With `port` 0 the first start picks one, later starts keep it. */
  constructor(account: Account, { token, port = 0, clock }: { token: string; port?: number; clock: Clock }) {
    this.account = account
    this.token = token
    this.#port = port
    this.#clock = clock
  }

  /** `host:port`, known after the first start. */
  get endpoint(): string {
    return `127.0.0.1:${this.#port}`
  }

  get running(): boolean {
    return this.#running !== undefined
  }

  /** Whether a client reads the event stream now. */
  get streams(): number {
    return this.#running?.server.streams.size ?? 0
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#open())
  }

  /** Drops every connection; calls in flight are never answered. Events from now on are lost. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#close())
  }

  /** Drops every connection and serves again on the same port. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#close()
      await this.#open()
    })
  }

  /** Ends the event stream; the server goes on answering calls. */
  cutStream(): void {
    for (const stream of this.#running?.server.streams ?? []) stream.end()
  }

  /** One at a time: a start that overtakes a stop finds its port taken. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#last.then(step)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #open(): Promise<void> {
    if (this.#running) return
    if (this.#port === 0) this.#port = await freePort()
    const puppet = new SimulatorPuppet(this.account, this.#clock)
    const server = new StreamingServer({
      endpoint: this.endpoint,
      puppet,
      token: this.token,
      tls: { disable: true },
    })
    this.#running = { server, puppet }
    await puppet.start()
    // Logged in before the first client can ask.
    await turnOfTheLoop()
    this.account.dropConnections = () => void this.restart()
    await server.start()
  }

  async #close(): Promise<void> {
    const running = this.#running
    if (!running) return
    this.#running = undefined
    await running.server.stop()
    await running.puppet.stop()
  }
}

type Stream = { end(): void; once(event: 'close' | 'finish' | 'cancelled', listener: () => void): unknown }

/**
 * Names a file when it is written: the stock registry does so when it has read the last byte, and whoever asks for the file
 * at once gets the beginning of it, or none at all.
 */
class WrittenRegistry extends UniformResourceNameRegistry {
  override async save(stream: Readable): Promise<string> {
    const uuid = randomUUID()
    await pipeline(stream, createWriteStream(this.uuidFileName(uuid)))
    this.addToExpiringTable(uuid)
    return uuid
  }
}

/** A PuppetServer that knows the event streams which it serves. */
class StreamingServer extends PuppetServer {
  readonly streams = new Set<Stream>()

  override async start(): Promise<void> {
    // A folder of its own: the stock one belongs to the process, and whichever server stops first deletes it.
    const registry = new WrittenRegistry({ storeDir: await mkdtemp(join(tmpdir(), 'simulator-files-')) })
    registry.init()
    ;(this as unknown as { urnRegistry: WrittenRegistry }).urnRegistry = registry
    await super.start()
    // PuppetServer shows its streams to nobody, so we stand in front of the handler that gRPC keeps for them.
    const handlers = (this.grpcServer as unknown as { handlers: Map<string, { func: (call: Stream) => void }> })
      .handlers
    const handler = handlers.get('/wechaty.Puppet/Event')
    if (!handler)
      throw new ZhangguiError({ code: 'no-event-handler', message: 'gRPC keeps its handlers elsewhere now' })
    const serve = handler.func
    handler.func = (call) => {
      this.streams.add(call)
      const gone = (): boolean => this.streams.delete(call)
      for (const end of ['close', 'finish', 'cancelled'] as const) call.once(end, gone)
      serve(call)
    }
  }
}
