/**
 * What we use of the generated gRPC client. Its package ships no types for it, and everything taken from it would be
 * `any`; so here is what the .proto files say, and the one cast.
 */
import './quiet.ts'
import { pipeline, type Readable } from 'node:stream'
import { chunkDecoder, grpc, puppet } from 'wechaty-grpc'

type Id = { setId(id: string): void }
type Contact = { setContactId(id: string): void }
type Conversation = { setConversationId(id: string): void }
type Sent = { getId(): string }
type Done = Record<string, never>

export type UrlLink = {
  setTitle(title: string): void
  setUrl(url: string): void
  setDescription(description: string): void
  setThumbnailUrl(url: string): void
}
export type MiniProgram = {
  setAppid(id: string): void
  setTitle(title: string): void
  setPagePath(path: string): void
  setUsername(name: string): void
  setDescription(description: string): void
  setThumbUrl(url: string): void
  setThumbKey(key: string): void
}
export type Location = { accuracy: number; address: string; latitude: number; longitude: number; name: string }

/** Calls by name: what goes in and what comes out. */
export type Calls = {
  ding: { request: { setData(data: string): void }; response: Done }
  stop: { request: object; response: Done }
  friendshipAccept: { request: Id; response: Done }
  roomInvitationAccept: { request: Id; response: Done }
  messageLocation: { request: Id; response: { getLocation(): { toObject(): Location } | undefined } }
  messageRecall: { request: Id; response: { getSuccess(): boolean } }
  tagContactAdd: { request: Id & Contact; response: Done }
  tagContactRemove: { request: Id & Contact; response: Done }
  tagContactList: { request: Contact; response: { getIdsList(): string[] } }
  messageSendText: {
    request: Conversation & { setText(text: string): void; setMentionalIdsList(ids: string[]): void }
    response: Sent
  }
  messageSendFile: { request: Conversation & { setFileBox(json: string): void }; response: Sent }
  messageSendUrl: {
    request: Conversation & { setUrlLink(link: UrlLink): void; setUrlLinkDeprecated(json: string): void }
    response: Sent
  }
  messageSendMiniProgram: {
    request: Conversation & { setMiniProgram(card: MiniProgram): void; setMiniProgramDeprecated(json: string): void }
    response: Sent
  }
}

type Request<K extends keyof Calls> = new () => Calls[K]['request']

export const pb = puppet as unknown as {
  DingRequest: Request<'ding'>
  StopRequest: Request<'stop'>
  FriendshipAcceptRequest: Request<'friendshipAccept'>
  RoomInvitationAcceptRequest: Request<'roomInvitationAccept'>
  MessageLocationRequest: Request<'messageLocation'>
  MessageRecallRequest: Request<'messageRecall'>
  TagContactAddRequest: Request<'tagContactAdd'>
  TagContactRemoveRequest: Request<'tagContactRemove'>
  TagContactListRequest: Request<'tagContactList'>
  DownloadRequest: new () => Id
  MessageSendTextRequest: Request<'messageSendText'>
  MessageSendFileRequest: Request<'messageSendFile'>
  MessageSendUrlRequest: Request<'messageSendUrl'>
  MessageSendMiniProgramRequest: Request<'messageSendMiniProgram'>
  UrlLinkPayload: new () => UrlLink
  MiniProgramPayload: new () => MiniProgram
  PuppetClient: new (endpoint: string, credentials: grpc.ChannelCredentials, options: grpc.ChannelOptions) => Client
}

type Methods = { [K in keyof Calls]: Unary<K> }

export type Client = Methods & {
  getChannel(): grpc.Channel
  close(): void
  /** The bytes of a file that the server names by an id, in chunks. */
  download(request: Id): grpc.ClientReadableStream<unknown>
}

type Unary<K extends keyof Calls> = (
  request: Calls[K]['request'],
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  done: (error: grpc.ServiceError | null, response: Calls[K]['response']) => void,
) => unknown

/**
 * The file that the server keeps under an id. The stock client pipes the stream and hears none of its errors: a line that is
 * lost half-way would end the process, and whoever reads would wait for ever.
 */
export function downloadOn(client: Client, id: string): Readable {
  const request = new pb.DownloadRequest()
  request.setId(id)
  const response = client.download(request)
  // Reading it on after the pipeline has ended, such as when we hang up, fails once more.
  response.on('error', () => undefined)
  return pipeline(response, chunkDecoder(), () => undefined)
}

/** Starts the call on the client. */
export function callOn<K extends keyof Calls>(client: Methods, name: K, ...how: Parameters<Unary<K>>): void {
  client[name](...how)
}

/** What we use of the stock client's manager, which its package does not export. */
export type Manager = {
  /** From `initClient` on. */
  _client?: Client
  initClient(): Promise<void>
  endpoint: string
  disableTls: boolean
  caCert: Buffer
  /** For TLS: the name in the server's certificate, which comes with the token. */
  serverName: string
  token: { token: string }
  eventStream?: { cancel(): void }
  on(event: 'end' | 'cancel', listener: () => void): Manager
  on(event: 'error', listener: (error: { code?: number }) => void): Manager
}

/**
 * The stock client's client, but with connections of its own. gRPC shares them between all clients of an address, with
 * the pause before the next try, which grows to two minutes: a fresh attempt would wait out the failures of the last.
 */
export function connectAlone({ endpoint, disableTls, caCert, serverName, token }: Manager): Client {
  const authorize = grpc.credentials.createFromMetadataGenerator((_, done) => {
    const metadata = new grpc.Metadata()
    metadata.add('authorization', `Wechaty ${token.token}`)
    done(null, metadata)
  })
  const credentials = disableTls
    ? grpc.credentials.createInsecure()
    : grpc.credentials.combineChannelCredentials(grpc.credentials.createSsl(caCert), authorize)
  return new pb.PuppetClient(endpoint, credentials, {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.ssl_target_name_override': serverName,
    // Where there is no TLS the server takes the token from here.
    'grpc.default_authority': token.token,
  })
}
