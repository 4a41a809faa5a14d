/**
 * The stock gRPC client, without what hurts in production. See docs/architecture.md, «What the wire really does».
 *
 * - No payload cache on disk: the stock one keeps contacts under the home folder for ever, in a path with the token.
 * - A lost event stream is told (`lost`); the stock client only logs it and stays deaf.
 * - `logout` from the server is not sent back to it: by then another user may have logged in, who would be logged out.
 * - `login` of another user without a logout before it is heard; the stock client throws it away.
 * - Closing hangs up only: the stock `stop` stops the account on the server, for every other client too.
 * - Calls with a deadline (`call`), a file that is sent once, and locations that arrive.
 */
import './quiet.ts'
import { type FileBoxInterface } from 'file-box'
import { grpc, puppet as pb } from 'wechaty-grpc'
import type { payloads } from 'wechaty-puppet'
import { PuppetService } from 'wechaty-puppet-service'
import type { Clock } from '../../kernel/ports.ts'
import { codeOf, LineClosed } from './failures.ts'

/** How to reach one account. `endpoint` is `host:port`; without it the token is looked up at the vendor's directory. */
export type Address = { token: string; endpoint?: string | undefined; tls?: boolean | undefined }

/** Why a line was lost: a fixed word, and the gRPC code where there was one. */
export type Loss = { reason: 'stream-ended' | 'stream-error' | 'ping-unanswered' | 'start-failed'; code?: number }

type Done<Response> = (error: grpc.ServiceError | null, response: Response) => void
type Call<Response> = (
  client: pb.PuppetClient,
  metadata: grpc.Metadata,
  options: Partial<grpc.CallOptions>,
  done: Done<Response>,
) => unknown

type Manager = PuppetService['grpcManager']

/** Longer than any process lives, and still a delay that setTimeout can hold: the supervisor is the only watchdog. */
const noWatchdog = 2_000_000

/** gRPC's connectivity state for «connected»; an enum that type stripping does not import. */
const channelReady = 2

export class Line extends PuppetService {
  readonly #clock: Clock
  readonly #lost: (loss: Loss) => void
  #manager: Manager | undefined
  #closed = false
  #started = false
  #refusal: number | undefined

  constructor(address: Address, clock: Clock, lost: (loss: Loss) => void) {
    super({
      token: address.token,
      ...(address.endpoint === undefined ? {} : { endpoint: address.endpoint }),
      ...(address.tls === undefined ? {} : { tls: { disable: !address.tls } }),
      timeoutSeconds: noWatchdog,
    })
    this.#clock = clock
    this.#lost = lost
  }

  /** True once `start` got through; the stock `start` of Wechaty resolves either way. */
  get started(): boolean {
    return this.#started
  }

  /** The gRPC code with which the server refused the start: 14 unreachable, 16 wrong token. */
  get refusal(): number | undefined {
    return this.#refusal
  }

  /** Whether a call made now would go out on an open connection: false means that nothing can have been sent. */
  isOpen(): boolean {
    if (this.#closed || !this.#manager) return false
    return this.#manager.client.getChannel().getConnectivityState(false) === channelReady
  }

  /** One RPC with a deadline in milliseconds; rejects with a gRPC ServiceError, code 4 at the deadline. */
  call<Response>(deadlineMs: number, start: Call<Response>): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (this.#closed || !this.#manager) throw new LineClosed('The line is closed.')
      const deadline = this.#clock.now().getTime() + deadlineMs
      start(this.#manager.client, new grpc.Metadata(), { deadline }, (error, response) =>
        error ? reject(error) : resolve(response),
      )
    })
  }

  /** Asks the server to answer on the event stream; the answer is a `dong` event. */
  async ping(data: string, deadlineMs: number): Promise<void> {
    const request = new pb.DingRequest()
    request.setData(data)
    await this.call<pb.DingResponse>(deadlineMs, (client, ...rest) => client.ding(request, ...rest))
  }

  /** What goes into a send: the file itself when small, else the id of an upload. Sends nothing to anybody. */
  packFile(file: FileBoxInterface): Promise<string> {
    return this.serializeFileBox(file)
  }

  /** Lets the server drop an event stream that it still believes in, so that the next one is let in. */
  async stopRemote(deadlineMs: number): Promise<void> {
    await this.call<pb.StopResponse>(deadlineMs, (client, ...rest) => client.stop(new pb.StopRequest(), ...rest))
  }

  /** Hangs up, for good. Calls under way end by themselves, at their deadline at the latest. */
  close(): void {
    this.#closed = true
    if (!this.#manager) return
    // Not `destroy`, as the stock client does it: that ends the stream here and leaves it open on the server, which
    // then lets no other in.
    this.#manager.eventStream?.cancel()
    // Before the stock start has made its client there is none, and the getter throws; its own failure closes it.
    if (this.#manager['_client']) this.#manager.client.close()
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
    const response = await this.call<pb.MessageLocationResponse>(10_000, (client, ...rest) =>
      client.messageLocation(request, ...rest),
    )
    const location = response.getLocation()?.toObject()
    return { accuracy: 0, address: '', latitude: 0, longitude: 0, name: '', ...location }
  }

  protected override hookPayloadStore(): void {}

  protected override bridgeGrpcEventStream(manager: Manager): void {
    this.#manager = manager
    super.bridgeGrpcEventStream(manager)
    const lose = (loss: Loss): void => {
      if (!this.#closed) this.#lost(loss)
    }
    manager
      .on('end', () => lose({ reason: 'stream-ended' }))
      .on('cancel', () => lose({ reason: 'stream-ended' }))
      .on('error', (error: { code?: number }) =>
        lose({ reason: 'stream-error', ...(error.code === undefined ? {} : { code: error.code }) }),
      )
  }
}
