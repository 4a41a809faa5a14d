/**
 * The door for the shop's own programs: JSON over HTTP, with a key in the header of every request and an idempotency
 * key, so that a request that is sent again because nobody heard the answer is done once and answered the same.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isContention } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import type { Queryable } from '../../kernel/work.ts'
import { takeEvents } from './events.ts'
import type { ApiHouse, Request } from './house.ts'
import { takeOrders } from './orders.ts'
import { keepAnswer, lockRequest } from './repo.ts'
import { type Answer, refused } from './schema.ts'

export type { ApiHouse } from './house.ts'
export { sweepRequests } from './repo.ts'

export type ApiOptions = ApiHouse & {
  /** From API_PORT: 0 takes a free one. */
  port: number
  /** From API_HOST. */
  host: string
  /** From API_KEY. */
  key: string | undefined
  /** Requests that one address may make in a minute. */
  perMinute?: number
}

export type Api = { port: number; close(): Promise<void> }

const keyAtLeast = 32
const bodyAtMost = 1024 * 1024
const perMinuteAtMost = 600
const triesAtMost = 3
/** How an idempotency key may look: it becomes part of where a row comes from. */
const idempotencyKey = /^[\w.:-]{8,100}$/

/** Serves until `close`. Throws a UsageError when API_KEY is missing or short, or the port cannot be had. */
export async function openApi({ port, host, key, perMinute = perMinuteAtMost, ...house }: ApiOptions): Promise<Api> {
  if (key === undefined || key.length < keyAtLeast) {
    const message = `API_KEY must have at least ${keyAtLeast} characters: it opens every customer's record to whoever knows it. Make one with: openssl rand -base64 48`
    throw new UsageError({ code: 'api-key', message })
  }
  // Requests are told of by ourselves: the log of the framework repeats addresses and headers.
  const server = Fastify({ logger: false, bodyLimit: bodyAtMost, forceCloseConnections: true })
  server.setErrorHandler((error: FastifyError, _, reply) => answerError(house, error, reply))
  server.setNotFoundHandler((_, reply) =>
    send(reply, refused(404, [{ path: '', message: 'there is POST /api/orders and POST /api/events' }])),
  )
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request
    house.log.info(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'api request',
    )
    done()
  })
  await server.register(rateLimit, {
    max: perMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: (_, { ttl }) => tooMany(ttl),
  })
  const expected = digest(`Bearer ${key}`)
  // Behind the rate limit, and before the body is read.
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return done(null, payload)
    void send(reply, refused(401, [{ path: 'authorization', message: 'Bearer and the API key are expected' }]))
  })
  route(server, '/api/orders', house, takeOrders)
  route(server, '/api/events', house, takeEvents)
  await listen(server, port, host)
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() }
}

type Take = (house: ApiHouse, db: Queryable, request: Request) => Promise<Answer>

function route(server: FastifyInstance, path: string, house: ApiHouse, take: Take): void {
  server.post(path, async (request: FastifyRequest, reply) => {
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string' || !idempotencyKey.test(key)) {
      const message = 'an own one for each request, of 8 to 100 letters, digits and . _ : -'
      return send(reply, refused(400, [{ path: 'idempotency-key', message }]))
    }
    return send(reply, await once(house, { path, key, body: request.body }, take))
  })
}

/** Does what is asked once: the same request again gets the same answer, another one under its key is refused. */
async function once(
  house: ApiHouse,
  { path, key, body }: { path: string; key: string; body: unknown },
  take: Take,
): Promise<Answer> {
  // A plain hash of an order would let who sees the table try out phone numbers.
  const hash = house.secrets.hash('api-request', `${path}\n${JSON.stringify(body)}`)
  const attempt = (): Promise<Answer> =>
    house.db.transaction(async (db) => {
      const before = await lockRequest(db, key)
      if (before?.hash === hash) return { status: before.status, body: before.body }
      if (before) return refused(409, [{ path: 'idempotency-key', message: 'another request was made under this key' }])
      const now = house.clock.now()
      const answer = await take(house, db, { body, key, now })
      // What was wrong may be sent again under its key, corrected.
      if (answer.status !== 400) await keepAnswer(db, { key, hash, at: now, answer })
      return answer
    })
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!isContention(error) || tries >= triesAtMost) throw error
    }
  }
}

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send(body)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function tooMany(ttl: number): Error {
  const message = `too many requests; again in ${Math.ceil(ttl / 1_000)} s`
  return Object.assign(new Error(message), { statusCode: 429, code: 'too-many-requests' })
}

/** The caller's mistakes in our words, since a parser's repeat what was sent; ours are in the log, and nobody else's business. */
function answerError({ log }: ApiHouse, error: FastifyError, reply: FastifyReply): FastifyReply {
  const { statusCode: status = 500 } = error
  const said: Partial<Record<number, string>> = {
    400: 'no JSON',
    413: `more than ${bodyAtMost} bytes`,
    415: 'content-type application/json is expected',
    429: error.message,
  }
  if (status >= 500) log.error({ err: error }, 'api request failed')
  const message =
    status >= 500 ? 'something failed here; send it again under the same key' : (said[status] ?? 'refused')
  return send(reply, refused(status, [{ path: '', message }]))
}

async function listen(server: FastifyInstance, port: number, host: string): Promise<void> {
  try {
    await server.listen({ port, host })
  } catch (cause) {
    await server.close()
    const { code = 'an error' } = cause as NodeJS.ErrnoException
    const message = `API_PORT: ${host}:${port} cannot be had (${code}). Choose another port or API_HOST.`
    throw new UsageError({ code: 'api-port', message, cause })
  }
}
