/** The desk's server: pages, doors, and behind them what other parts register. */
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { UsageError } from '../../kernel/errors.ts'
import { registerCampaigns } from './campaigns/index.ts'
import { registerCases } from './cases/index.ts'
import { barestHeaders } from './doors/headers.ts'
import { openDoors } from './doors/index.ts'
import { isLoopback } from './doors/origin.ts'
import { registerFeed } from './feed/index.ts'
import type { DeskHouse } from './house.ts'
import { registerPages } from './pages.ts'
import { answerError, notFound } from './refused.ts'

export { resetTotp, sweepDoors } from './doors/index.ts'
export { issueLink } from './doors/links.ts'
export type { CampaignsLent, PlayRehearsal, RehearsalPlayed } from './campaigns/lent.ts'
export type { DeskHouse } from './house.ts'

export type Desk = {
  port: number
  /** Where a browser finds it. */
  url: string
  /** Ends at once, whatever streams are open: parts end theirs in `preClose`, and what is left is cut. */
  close(): Promise<void>
}

/** JSON from our own pages; a part that takes files says so at its route. */
const bodyAtMost = 64 * 1024
/** Whoever sends a request more slowly than this is no browser, also where it is a large picture on a slow line. */
const requestWithinMs = 300_000
/** Only a proxy near us may say for whom it asks; what others claim is not believed. */
const nearby = ['loopback', 'linklocal', 'uniquelocal']

/**
 * Serves until `close`. Throws a UsageError when the pages are not built, the port cannot be had, or the desk would be open to
 * the network without https (`desk-url`).
 */
export async function openDesk(house: DeskHouse): Promise<Desk> {
  const { host, publicUrl, log } = house
  if (!isLoopback(host) && publicUrl === undefined) {
    const message = `DESK_HOST=${host} opens the desk to the network, and its cookies go over https alone: put a proxy with a certificate before it and say in DESK_URL under which address, such as https://desk.example.com.`
    throw new UsageError({ code: 'desk-url', message })
  }
  const server = Fastify({
    // Requests are told of by ourselves: the log of the framework repeats addresses and headers.
    logger: false,
    bodyLimit: bodyAtMost,
    requestTimeout: requestWithinMs,
    forceCloseConnections: true,
    trustProxy: publicUrl === undefined ? false : nearby,
    // Addresses that cannot be read meet no hook, and get their headers here.
    frameworkErrors: (error, _, reply) => void answerError(log, error, reply.headers(barestHeaders)),
  })
  server.removeContentTypeParser('text/plain')
  server.setErrorHandler((error: FastifyError, _, reply) => answerError(log, error, reply))
  server.setNotFoundHandler((_, reply) => answerError(log, notFound(), reply))
  tellRequests(server, house)
  await openDoors(server, house)
  await registerPages(server, house)
  registerCases(server, house)
  registerFeed(server, house)
  await registerCampaigns(server, house)
  for (const register of house.plugins ?? []) await register(server)
  await listen(server, house)
  const { port } = server.server.address() as AddressInfo
  return { port, url: deskUrl({ publicUrl, host, port }), close: () => server.close() }
}

/** The desk's address without a slash at its end. */
export function deskUrl({ publicUrl, host, port }: Pick<DeskHouse, 'publicUrl' | 'host' | 'port'>): string {
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The pattern of the route, never the address: there are ids in it, and words that somebody looked for. */
function tellRequests(server: FastifyInstance, { log }: DeskHouse): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request
    if (routeOptions.config.door !== 'page') {
      const ms = Math.round(reply.elapsedTime)
      log.info({ method, route: routeOptions.url, status: reply.statusCode, ms }, 'desk request')
    }
    done()
  })
}

async function listen(server: FastifyInstance, { port, host }: DeskHouse): Promise<void> {
  try {
    await server.listen({ port, host })
  } catch (cause) {
    await server.close()
    const { code = 'an error' } = cause as NodeJS.ErrnoException
    const message = `DESK_PORT: ${host}:${port} cannot be had (${code}). Choose another port, 0 for any, or off.`
    throw new UsageError({ code: 'desk-port', message, cause })
  }
}
