/** The desk's data over real HTTP. Whoever asks says in a header who she is: the doors have tests of their own. */
import fastify from 'fastify'
import { type CasesHouse, registerCases, type Viewer } from '../../src/desk/server/cases/index.ts'
import { type FeedHouse, registerFeed } from '../../src/desk/server/feed/index.ts'
import type { LiveEvent } from '../../src/desk/api.ts'
import { rosterOf } from '../../src/domains/handoff/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { afterFile } from './after-file.ts'
import { until } from './until.ts'

export type Answered = { status: number; headers: Headers; body: unknown }

/** A stream as a page reads it. */
export type Stream = {
  events: { id: string; event: LiveEvent }[]
  /** The last event that passes, once one does. */
  heard(passes: (event: LiveEvent) => boolean, what: string): Promise<LiveEvent>
  /** As when the network breaks: nothing is said goodbye. */
  drop(): void
  /** Resolves when the server has ended it. */
  ended: Promise<void>
}

export type Desk = {
  url: string
  get(who: string, path: string): Promise<Answered>
  post(who: string, path: string, body: unknown): Promise<Answered>
  /** Sends bytes as they are. */
  upload(who: string, bytes: Buffer, name: string): Promise<Answered>
  listen(who: string, after?: string): Promise<Stream>
  /** Whether the server still holds the connection that comes from this port. */
  holds(port: number): boolean
  close(): Promise<void>
}

export type DeskOptions = Pick<CasesHouse, 'db' | 'content' | 'accept'> & Pick<FeedHouse, 'isAlive'>

export async function openTestDesk(options: DeskOptions): Promise<Desk> {
  const house = { clock: systemClock, ids: systemIds(systemClock), log: silentLog, ...options }
  const server = fastify({ forceCloseConnections: true })
  server.decorateRequest('adviser', null)
  server.addHook('preHandler', async (request) => {
    const known = rosterOf(options.content()).get(String(request.headers['x-adviser']))
    if (!known) throw new Error('a test asks as nobody')
    const { id, name, role } = known
    ;(request as unknown as { adviser: Viewer }).adviser = { id, name, role }
  })
  registerCases(server, house)
  registerFeed(server, house)
  const ports = new Set<number | undefined>()
  server.server.on('connection', (socket) => {
    const { remotePort } = socket
    ports.add(remotePort)
    socket.on('close', () => ports.delete(remotePort))
  })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  const close = (): Promise<void> => server.close()
  afterFile.add(close)

  async function ask(who: string, path: string, init: RequestInit = {}): Promise<Answered> {
    const headers = { 'x-adviser': who, ...(init.headers as Record<string, string> | undefined) }
    const answer = await fetch(`${url}${path}`, { ...init, headers })
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false
    const body: unknown = isJson ? await answer.json() : Buffer.from(await answer.arrayBuffer())
    return { status: answer.status, headers: answer.headers, body }
  }

  return {
    url,
    get: (who, path) => ask(who, path),
    post: (who, path, body) =>
      ask(who, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    upload: (who, bytes, name) =>
      ask(who, `/api/media?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
      }),
    listen: (who, after) => openStream(`${url}/api/events`, who, after),
    holds: (port) => ports.has(port),
    close,
  }
}

async function openStream(url: string, who: string, after: string | undefined): Promise<Stream> {
  const broken = new AbortController()
  const headers = { 'x-adviser': who, ...(after === undefined ? {} : { 'last-event-id': after }) }
  const answer = await fetch(url, { headers, signal: broken.signal })
  const events: Stream['events'] = []
  const ended = read(answer.body!, events)
  return {
    events,
    ended,
    async heard(passes, what) {
      const found = await until(() => events.findLast(({ event }) => passes(event)), { within: 20_000, what })
      return found.event
    },
    drop: () => broken.abort(),
  }
}

/** Only whole events count: what was cut off in the middle was not heard. */
async function read(body: ReadableStream<Uint8Array>, events: Stream['events']): Promise<void> {
  let text = ''
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, id, data] = /^id: (\S+)\ndata: (.+)$/u.exec(text.slice(0, end)) ?? []
        if (id !== undefined && data !== undefined) events.push({ id, event: JSON.parse(data) as LiveEvent })
        text = text.slice(end + 2)
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error
  }
}
