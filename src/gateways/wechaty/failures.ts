/**
 * What a failed call means. The only place that reads the words of the wire: vendors put their own errors into the text
 * of gRPC's code 2, so a text is all there is.
 */
import { reasonOf } from '../../kernel/errors.ts'
import type { SendOutcome } from '../../kernel/ports.ts'

/** A call on a line that is not open: nothing went out. `code` is gRPC's UNAVAILABLE. */
export class LineClosed extends Error {
  readonly code = 14
}

/** gRPC status codes by which the line fails, and not what was asked for. */
const lineCodes = new Set([
  1, // CANCELLED
  4, // DEADLINE_EXCEEDED
  13, // INTERNAL: the stream of the call was reset
  14, // UNAVAILABLE
  15, // DATA_LOSS
])

/** «Too often», as the vendors say it; the last is Chinese for «frequent». */
const throttled = /\b20001\b|too (?:frequent|many|fast)|rate.?limit|\u9891\u7e41/iu

/** The vendor itself does not know how it ended. */
const undecided = /time.?d? ?-?out|deadline|ECONNRESET|EPIPE|socket hang up/iu

/** The gRPC status code of whatever was thrown. */
export function codeOf(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'number' ? code : undefined
}

/** Whether the line failed, so that the same call may work on the next connection. */
export function isLineFailure(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && lineCodes.has(code)
}

/**
 * How a send ended whose call failed. The reason of a refusal quotes the platform, for the human who looks at the row;
 * a platform may quote names and texts in turn, so it is nothing for a log line.
 */
export function outcomeOf(error: unknown): SendOutcome {
  if (isLineFailure(error)) return { kind: 'unknown', reason: `grpc-${codeOf(error)}` }
  const words = reasonOf(error)
  if (throttled.test(words)) return { kind: 'refused', reason: 'throttled', throttled: true }
  if (undecided.test(words)) return { kind: 'unknown', reason: 'platform-timeout' }
  return { kind: 'refused', reason: `refused: ${words.slice(0, 200)}`, throttled: false }
}
