/**
 * The stock gRPC client, without what hurts in production. See docs/architecture.md, «The line».
 *
 * - No payload cache on disk: the stock one keeps contacts under the home folder for ever, in a path with the token.
 * - A lost event stream is told (`lost`); the stock client only logs it and stays deaf.
 * - `logout` from the server is not sent back to it: by then another user may have logged in, who would be logged out.
 * - `login` of another user without a logout before it is heard; the stock client throws it away.
 * - Closing hangs up only: the stock `stop` stops the account on the server, for every other client too.
 * - Calls with a deadline (`call`), a file that is sent once, and locations that arrive.
 * - A download whose line is lost fails, and does not end the process.
 */
import './quiet.ts'
import type { Readable } from 'node:stream'
import { type FileBoxInterface } from 'file-box'
import { grpc } from 'wechaty-grpc'
import type { payloads } from 'wechaty-puppet'
import { PuppetService } from 'wechaty-puppet-service'
import type { Clock } from '../../kernel/ports.ts'
import { codeOf, LineClosed } from './failures.ts'
import { type Calls, callOn, type Client, connectAlone, downloadOn, type Manager, pb } from './wire.ts'

/** How to reach one account. `endpoint` is `host:port`; without it the token is looked up at the vendor's directory. */
export type Address = { token: string; endpoint?: string | undefined; tls?: boolean | undefined }

/** Why a line was lost: a fixed word, and the gRPC code where there was one. */
export type Loss = { reason: 'stream-ended' | 'stream-error' | 'ping-unanswered' | 'start-failed'; code?: number }

/** Longer than any process lives, and still a delay that setTimeout can hold: the supervisor is the only watchdog. */
const noWatchdog = 2_000_000

const nowhere: payloads.Location = { accuracy: 0, address: '', latitude: 0, longitude: 0, name: '' }

export class Line extends PuppetService {
  readonly #clock: Clock
  readonly #lost: (loss: Loss) => void
  #manager: Manager | undefined
  #closed = false
  #started = false
  #refusal: number | undefined
  readonly #settled = Promise.withResolvers<void>()

  constructor(address: Address, clock: Clock, lost: (loss: Loss) => void) {
    super({
      token: address.token,
      ...(address.endpoint === undefined ? {} : { endpoint: address.endpoint }),
      ...(address.tls === undefined ? {} : { tls: { disable: !address.tls } }),
      timeoutSeconds: noWatchdog,
    })
    this.#clock = clock
    this.#lost = lost
    // Of this line alone: each stock client makes a class of its own for the files that its server keeps.
    const boxes = this.FileBoxUuid as unknown as { uuidToStream: (id: string) => Promise<Readable> }
    boxes.uuidToStream = async (id) => {
      const client = this.#client
      if (!client) throw new LineClosed('The line is closed.')
      return downloadOn(client, id)
    }
  }

  /** True once `start` got through; the stock `start` of Wechaty resolves either way, and late when it did not. */
  get started(): boolean {
    return this.#started
  }

  /** Resolves when the start is over, one way or the other: from then on no stream comes up any more. */
  get settled(): Promise<void> {
    return this.#settled.promise
  }

  /** The gRPC code with which the server refused the start: 14 unreachable, 16 wrong token. */
  get refusal(): number | undefined {
    return this.#refusal
  }

  /** Whether a call made now would go out on an open connection: false means that nothing can have been sent. */
  isOpen(): boolean {
    return this.#client?.getChannel().getConnectivityState(false) === grpc.connectivityState.READY
  }

  /** One RPC with a deadline in milliseconds; rejects with a gRPC ServiceError, code 4 at the deadline. */
  call<K extends keyof Calls>(name: K, request: Calls[K]['request'], ms: number): Promise<Calls[K]['response']> {
    return new Promise((resolve, reject) => {
      const client = this.#client
      if (!client) throw new LineClosed('The line is closed.')
      const deadline = this.#clock.now().getTime() + ms
      callOn(client, name, request, new grpc.Metadata(), { deadline }, (error, response) => {
        if (error) reject(error)
        else resolve(response)
      })
    })
  }

  /** Asks the server to answer on the event stream; the answer is a `dong` event. */
  async ping(data: string, ms: number): Promise<void> {
    const request = new pb.DingRequest()
    request.setData(data)
    await this.call('ding', request, ms)
  }

  /** What goes into a send: the file itself when small, else the id of an upload. Sends nothing to anybody. */
  packFile(file: FileBoxInterface): Promise<string> {
    return this.serializeFileBox(file)
  }

  /** Lets the server drop an event stream that it still believes in, so that the next one is let in. */
  async stopRemote(ms: number): Promise<void> {
    await this.call('stop', new pb.StopRequest(), ms)
  }

  /** Hangs up, for good. Calls under way end by themselves, at their deadline at the latest. */
  close(): void {
    this.#closed = true
    // Not `destroy`, as the stock client does it: that ends the stream here and leaves it open on the server, which
    // then lets no other in.
    this.#manager?.eventStream?.cancel()
    this.#manager?._client?.close()
  }

  /** The generated client, from the start until the line is closed. */
  get #client(): Client | undefined {
    return this.#closed ? undefined : this.#manager?._client
  }

  override async onStart(): Promise<void> {
    try {
      await super.onStart()
      this.#started = true
    } catch (error) {
      this.#refusal = codeOf(error)
      throw error
    } finally {
      // The stock client feeds every event through a redux store that nobody reads.
      for (const unsubscribe of this._cleanupCallbackList.splice(0)) unsubscribe()
      // Closed while starting: the stream came up after `close` looked for it.
      if (this.#closed) this.close()
      this.#settled.resolve()
    }
  }

  override async onStop(): Promise<void> {
    this.close()
    this._grpcManager = undefined
  }

  /** Rebuilding in place overlaps two clients and leaks listeners; the supervisor makes a fresh one. */
  override async reset(): Promise<void> {}

  override login(contactId: string): void {
    if (this.__currentUserId === contactId) return
    this.__currentUserId = contactId
    this.emit('login', { contactId })
  }

  override async logout(reason = 'told by the server'): Promise<void> {
    const contactId = this.__currentUserId
    if (contactId === undefined) return
    this.__currentUserId = undefined
    this.emit('logout', { contactId, data: reason })
  }

  override async messageLocation(messageId: string): Promise<payloads.Location> {
    const request = new pb.MessageLocationRequest()
    request.setId(messageId)
    const response = await this.call('messageLocation', request, 10_000)
    return response.getLocation()?.toObject() ?? nowhere
  }

  protected override hookPayloadStore(): void {}

  protected override bridgeGrpcEventStream(stock: PuppetService['grpcManager']): void {
    super.bridgeGrpcEventStream(stock)
    const manager = stock as unknown as Manager
    this.#manager = manager
    manager.initClient = async () => {
      manager._client = connectAlone(manager)
    }
    const lose = (loss: Loss): void => {
      if (!this.#closed) this.#lost(loss)
    }
    manager
      .on('end', () => lose({ reason: 'stream-ended' }))
      .on('cancel', () => lose({ reason: 'stream-ended' }))
      .on('error', ({ code }) => lose({ reason: 'stream-error', ...(code === undefined ? {} : { code }) }))
  }
}
