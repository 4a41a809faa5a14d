/**
 * Logs: a fixed message and fields. No message text, name, phone or token above debug; the redaction below is the net
 * under that rule, not the rule.
 */
import pino from 'pino'

export type Log = pino.Logger

const secret = [
  'token',
  'password',
  'text',
  'phone',
  'url',
  'DATABASE_URL',
  '*.token',
  '*.password',
  '*.text',
  '*.phone',
]

type Told = { type: string; code?: unknown; message: string; stack?: string | undefined; cause?: Told }

/**
 * What may be said of an error. PostgreSQL puts whole rows into `detail`, and what it cannot read into the message of a
 * class 22 error: both are customers' words.
 */
function toldOf(error: unknown): Told {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no error was thrown' }
  const { code } = error as { code?: unknown }
  const quotes = typeof code === 'string' && code.startsWith('22')
  return {
    type: error.name === 'error' ? error.constructor.name : error.name,
    ...(code === undefined ? {} : { code }),
    message: quotes ? 'a value that the database cannot take' : error.message,
    stack: quotes ? undefined : error.stack,
    ...(error.cause === undefined ? {} : { cause: toldOf(error.cause) }),
  }
}

/** Writes JSON lines to standard error, so that what a command prints stays clean. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      serializers: { err: toldOf },
      redact: { paths: secret, censor: '[kept out of logs]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

/** For tests and commands that print for people. */
export const silentLog: Log = pino({ level: 'silent' })
