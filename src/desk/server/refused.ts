/** What the desk answers when it does not do what was asked: a code for the pages, and nothing of the inside. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { isConnectionLoss } from '../../kernel/db.ts'
import type { Log } from '../../kernel/log.ts'
import type { ApiError } from '../api.ts'

type Why = { status: number; error: string; message: string; retryAfterSeconds?: number }

/** Thrown by a route; becomes the answer. `error` is a key of the locale files. */
export class Refused extends Error {
  readonly why: Why

  constructor(why: Why) {
    super(why.error)
    this.name = 'Refused'
    this.why = why
  }
}

/** What there is not, and what she may not see: the same. */
export function notFound(): Refused {
  return new Refused({ status: 404, error: 'not-found', message: 'There is nothing here.' })
}

export function signedOut(): Refused {
  return new Refused({ status: 401, error: 'signed-out', message: 'Sign in first.' })
}

export function tooMany(retryAfterSeconds: number): Refused {
  const message = 'Too many tries. Wait a little.'
  return new Refused({ status: 429, error: 'too-many', message, retryAfterSeconds })
}

/** The body as the contract has it. Throws 400 `bad-input` without repeating anything of it. */
export function bodyOf<S extends z.ZodType>(schema: S, request: FastifyRequest): z.output<S> {
  const read = schema.safeParse(request.body)
  if (read.success) return read.data
  throw new Refused({ status: 400, error: 'bad-input', message: 'What was sent is not what is expected here.' })
}

/** A caller's mistakes as Fastify finds them, by status, in our words: a parser's repeat what was sent. */
const mistakes: Readonly<Record<number, Omit<Why, 'status'>>> = {
  400: { error: 'bad-input', message: 'What was sent cannot be read.' },
  403: { error: 'not-found', message: 'There is nothing here.' },
  404: { error: 'not-found', message: 'There is nothing here.' },
  413: { error: 'too-large', message: 'That is too large.' },
  415: { error: 'bad-input', message: 'content-type application/json is expected.' },
}

function whyOf(error: FastifyError | Refused): Why {
  if (error instanceof Refused) return error.why
  if (isConnectionLoss(error)) {
    const message = 'The database is away. Nothing is lost; try again.'
    return { status: 503, error: 'unavailable', message, retryAfterSeconds: 2 }
  }
  const { statusCode = 500 } = error
  const mistake = mistakes[statusCode]
  // A path that the file server forbids is told apart from one that is not there by nobody.
  if (mistake) return { status: statusCode === 403 ? 404 : statusCode, ...mistake }
  if (statusCode < 500) return { status: statusCode, error: 'bad-input', message: 'That cannot be done here.' }
  return { status: 500, error: 'internal', message: 'Something failed here. Try again.' }
}

export function answerError(log: Log, error: FastifyError | Refused, reply: FastifyReply): FastifyReply {
  const { status, ...said } = whyOf(error)
  if (status === 500) log.error({ err: error }, 'desk request failed')
  if (said.retryAfterSeconds !== undefined) void reply.header('retry-after', said.retryAfterSeconds)
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(said satisfies ApiError)
}
