/** The desk's data over real HTTP, through the real doors: whoever asks has come in by a link. */
import { factsOf } from '../../src/domains/handoff/index.ts'
import { slices } from '../../src/app/slices.ts'
import type { LiveEvent } from '../../src/desk/api.ts'
import { type DeskHouse, issueLink, openDesk } from '../../src/desk/server/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { afterFile } from './after-file.ts'
import { testSecrets } from './secrets.ts'
import { until } from './until.ts'

export type Answered = { status: number; headers: Headers; body: unknown }

/** What waits for the desk asks no more often than a page may. */
export const unhurried = { every: 150 }

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
  /** The headers of a page of hers. */
  as(who: string): Promise<Record<string, string>>
  /** Ends her session; she comes in again when she next asks. */
  signOut(who: string): Promise<void>
  /** Whether the server still holds the connection that comes from this port. */
  holds(port: number): boolean
  close(): Promise<void>
}

export type DeskOptions = Pick<DeskHouse, 'db' | 'content' | 'accept'> &
  Partial<Pick<DeskHouse, 'clock' | 'campaigns' | 'pages'>>

export async function openTestDesk(options: DeskOptions): Promise<Desk> {
  const { db, clock = systemClock } = options
  const ports = new Set<number | undefined>()
  const { url, close } = await openDesk({
    ...{ ...options, clock, ids: systemIds(clock), log: silentLog, facts: factsOf(slices) },
    ...{ secrets: await testSecrets(db), port: 0, host: '127.0.0.1', demo: false },
    alarms: { raise: () => undefined, clear: () => undefined, current: () => [] },
    plugins: [
      ({ server }) =>
        void server.on('connection', (socket) => {
          const { remotePort } = socket
          ports.add(remotePort)
          socket.on('close', () => ports.delete(remotePort))
        }),
    ],
  })
  afterFile.add(close)
  const own = { origin: url, 'sec-fetch-site': 'same-origin' }
  const sessions = new Map<string, Promise<string>>()

  async function comeIn(who: string): Promise<string> {
    const token = (await issueLink(db.pool, who, clock.now())).path.split('=')[1] ?? ''
    const answer = await fetch(`${url}/api/sign-in/link`, {
      ...{ method: 'POST', headers: { ...own, 'content-type': 'application/json' }, body: JSON.stringify({ token }) },
    })
    const [cookie] = answer.headers.getSetCookie()
    if (answer.status !== 200 || cookie === undefined) throw new Error(`${who} did not come in: ${answer.status}`)
    return cookie.split(';')[0] ?? ''
  }

  async function as(who: string): Promise<Record<string, string>> {
    const session = sessions.get(who) ?? comeIn(who)
    sessions.set(who, session)
    return { ...own, cookie: await session }
  }

  async function ask(who: string, path: string, init: RequestInit = {}): Promise<Answered> {
    const headers = { ...(await as(who)), ...(init.headers as Record<string, string> | undefined) }
    const answer = await fetch(`${url}${path}`, { ...init, headers })
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false
    const body: unknown = isJson ? await answer.json() : Buffer.from(await answer.arrayBuffer())
    return { status: answer.status, headers: answer.headers, body }
  }

  const post = (who: string, path: string, body: unknown): Promise<Answered> =>
    ask(who, path, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })

  return {
    ...{ url, as, post, close },
    get: (who, path) => ask(who, path),
    upload: (who, bytes, name) =>
      ask(who, `/api/media?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
      }),
    listen: async (who, after) => openStream(`${url}/api/events`, await as(who), after),
    async signOut(who) {
      await post(who, '/api/sign-out', { everywhere: false })
      sessions.delete(who)
    },
    holds: (port) => ports.has(port),
  }
}

async function openStream(url: string, hers: Record<string, string>, after: string | undefined): Promise<Stream> {
  const broken = new AbortController()
  const headers = { ...hers, ...(after === undefined ? {} : { 'last-event-id': after }) }
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
