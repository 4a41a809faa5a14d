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

/** Writes JSON lines to standard error, so that what a command prints stays clean. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: secret, censor: '[kept out of logs]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

/** For tests and commands that print for people. */
export const silentLog: Log = pino({ level: 'silent' })
