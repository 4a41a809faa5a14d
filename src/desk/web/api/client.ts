/** The one way to the server. Cookies go along by themselves; what fails is an ApiFailure with a key of the locale files. */
import type { ApiError } from '../../api.ts'
import { type Fills, isKey, type Key } from '../locale/speak.ts'

export class ApiFailure extends Error {
  readonly code: string
  readonly status: number
  readonly retryAfterSeconds: number

  /** `status` is 0 when the server was not reached. */
  constructor(status: number, { error, message, retryAfterSeconds = 0 }: ApiError) {
    super(message)
    this.name = 'ApiFailure'
    this.code = error
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }

  /** Whether the same may succeed without anybody doing anything. */
  get passes(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504
  }
}

export const get = <T>(path: string): Promise<T> => ask<T>(path, { method: 'GET' })

export const post = <T>(path: string, body: unknown): Promise<T> =>
  ask<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** What is said while the page is being left: nobody waits for the answer. */
export function postLast(path: string): void {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}', keepalive: true }
  void ask<undefined>(path, init).catch(() => undefined)
}

export const upload = <T>(path: string, file: Blob): Promise<T> =>
  ask<T>(path, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file })

/** What to tell her about a failure. */
export function whyOf(error: unknown): [Key, Fills] {
  if (!(error instanceof ApiFailure)) return ['error.internal', {}]
  const key = `error.${error.code}`
  if (error.code.startsWith('tag-') && !isKey(key)) return ['error.tag', {}]
  return [isKey(key) ? key : 'error.internal', { seconds: error.retryAfterSeconds || 60 }]
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch {
    throw new ApiFailure(0, { error: 'offline', message: 'The server was not reached.' })
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
  const said: unknown = await response.json().catch(() => null)
  throw new ApiFailure(response.status, isApiError(said) ? said : { error: 'internal', message: response.statusText })
}

function isApiError(said: unknown): said is ApiError {
  return typeof said === 'object' && said !== null && 'error' in said && typeof said.error === 'string'
}
