/** Errors that say who failed, what to do, and whether trying again can help. Match on `code`, never on the text. */
export type Fault = {
  /** A fixed code in kebab-case. */
  code: string
  /** What is wrong, where, and what to do, in one or two sentences. */
  message: string
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable?: boolean
  cause?: unknown
  context?: Record<string, unknown>
}

export class ZhangguiError extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly context: Record<string, unknown>

  constructor({ code, message, retryable = false, cause, context = {} }: Fault) {
    super(message, { cause })
    this.name = new.target.name
    this.code = code
    this.retryable = retryable
    this.context = context
  }
}

/** A person must change something first: a wrong flag, a missing variable, bad content. Printed without a stack; exit 2. */
export class UsageError extends ZhangguiError {}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
