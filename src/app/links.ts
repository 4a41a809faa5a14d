/** Where tracked links lead through: GET /l/<token> answers with the address that was meant, and counts who followed it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clicked, findUrl, isReader, isToken, linkPath } from '../domains/campaigns/index.ts'
import type { Database } from '../kernel/db.ts'
import { UsageError } from '../kernel/errors.ts'
import type { NewEvent } from '../kernel/event.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock } from '../kernel/ports.ts'

export type LinksHouse = {
  port: number
  host: string
  db: Database
  clock: Clock
  log: Log
  accept: (event: NewEvent) => Promise<unknown>
}

/** A link that is followed again within a minute is the same visit: nor can anybody fill the inbox with one. */
const visitMs = 60_000

/** Serves until `close`. Throws a UsageError when the port cannot be had. */
export async function serveLinks(house: LinksHouse): Promise<{ port: number; close(): Promise<void> }> {
  const { port, host, log } = house
  const server = createServer((request, response) => {
    answer(house, request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a link was not followed')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // Whoever opens connections and says nothing is let go.
  server.requestTimeout = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `LINKS_PORT: the port ${port} cannot be had on ${host} (${cause.code}). Choose another one, 0 for any, or off.`
      reject(new UsageError({ code: 'links-port', message, cause }))
    })
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
}

async function answer(
  { db, clock, accept, log }: LinksHouse,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '' } = request
  if (method !== 'GET' && method !== 'HEAD') return end(response, 405, 'GET only\n')
  const token = url.startsWith(linkPath) ? url.slice(linkPath.length).split('?')[0]! : ''
  const leadsTo = isToken(token) ? await findUrl(db.pool, token) : undefined
  if (leadsTo === undefined) return end(response, 404, 'Not found\n')
  response.writeHead(302, { ...headers, location: leadsTo }).end()
  const header = (name: string): string => String(request.headers[name] ?? '')
  const purpose = `${header('purpose')} ${header('sec-purpose')} ${header('x-moz')}`
  if (!isReader({ method, userAgent: header('user-agent'), purpose })) return
  const now = clock.now()
  const what = {
    kind: 'SliceEvent' as const,
    name: clicked,
    lock: [`link:${token}`],
    payload: { token, at: now.toISOString() },
  }
  const key = `click:${token}:${Math.floor(now.getTime() / visitMs)}`
  // She is on her way already: what is counted must not keep her.
  await accept({ account: '', key, at: now, what }).catch((error: unknown) =>
    log.warn({ err: error }, 'a click was not counted'),
  )
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
