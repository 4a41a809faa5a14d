import { userInfo } from 'node:os'

/** Who works at the command line, for the audit. A container may have a user without a name. */
export function operator(): string {
  try {
    return `cli:${userInfo().username}`
  } catch {
    return `cli:${process.getuid?.() ?? 'unknown'}`
  }
}
