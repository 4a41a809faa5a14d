/** What can go wrong with a call, told apart by codes and statuses; the words of an endpoint go no further than here. */
import { APIConnectionError, APIError, APIUserAbortError } from 'openai'
import type { Clock, ModelOutcome } from '../../kernel/ports.ts'
import { TooLarge } from './client.ts'

/** Why a call failed, and whether the same may be asked once more. */
export type Failure = {
  failed: Extract<ModelOutcome, { kind: 'failed' }>['why']
  /** For the log: a code of ours, of Node or of the endpoint. */
  code: string
  status?: number | undefined
  /** Nothing came back, or the endpoint said «later»: asking again does no harm. */
  again: boolean
  /** What Retry-After said, in ms. */
  afterMs?: number | undefined
  /** What the endpoint says that it does not take, when it names it. */
  refusal?: { param: string | null; aboutCap: boolean } | undefined
}

export const isFailure = (result: object): result is Failure => 'failed' in result

export const failure = (failed: Failure['failed'], code: string, more: Partial<Failure> = {}): Failure => ({
  failed,
  code,
  again: false,
  ...more,
})

/** Errors of a connection that broke, or never stood, before a byte of the answer came. */
const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET'])

/** Of the request up to the headers of its answer. `clock` is for a Retry-After that names a date. */
export function failureOf(error: unknown, clock: Clock | undefined): Failure {
  if (error instanceof APIUserAbortError) return failure('timeout', 'aborted')
  if (error instanceof APIConnectionError) {
    const code = codeOf(error)
    return failure('unreachable', code, { again: lost.has(code) })
  }
  if (error instanceof APIError && error.status !== undefined) return refusalOf(error as Answered, clock)
  // What the openai package itself would not send.
  return failure('refused', 'not-sent')
}

/** Of the body: headers have come, so the model may have worked for it. */
export function bodyFailureOf(error: unknown): Failure {
  return error instanceof TooLarge ? failure('garbled', 'too-large') : failure('unreachable', codeOf(error))
}

type Answered = APIError<number, Headers>

function refusalOf(error: Answered, clock: Clock | undefined): Failure {
  const { status } = error
  const code = wordOf(error.code) ?? wordOf(error.type) ?? `status-${status}`
  const afterMs = retryAfterOf(error.headers, clock)
  if (status === 429) return failure('throttled', code, { status, again: true, afterMs })
  if (status >= 500 && status !== 501) return failure('unreachable', code, { status, again: true, afterMs })
  // The endpoint gave up waiting, which is a timeout too.
  if (status === 408) return failure('unreachable', code, { status })
  // Newer models answer max_tokens with «use max_completion_tokens», not all of them with a `param`. Only the wire says so.
  const aboutCap = error.param === 'max_tokens' || error.message.includes('max_completion_tokens')
  return failure('refused', code, { status, refusal: { param: error.param ?? null, aboutCap } })
}

/** Milliseconds, from `retry-after-ms` or from `retry-after` in seconds or as a date; undefined when there is none. */
function retryAfterOf(headers: Headers | undefined, clock: Clock | undefined): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const said = headers?.get('retry-after')?.trim()
  if (!said) return undefined
  const seconds = Number(said)
  const ms = Number.isNaN(seconds) ? Date.parse(said) - (clock?.now().getTime() ?? Number.NaN) : seconds * 1_000
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** The code at the bottom of the chain of causes: `fetch failed` says nothing. */
function codeOf(error: unknown): string {
  let code: string | undefined
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    code = wordOf((at as { code?: unknown }).code) ?? code
  }
  return code ?? 'connection'
}

/** An endpoint may put anything into its codes, also what it was asked. */
function wordOf(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Za-z][\w.-]{0,47}$/.test(code) ? code : undefined
}
