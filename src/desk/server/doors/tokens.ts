/** Secrets that a browser holds: 256 random bits; we keep the hash alone, which needs no salt, as nobody guesses those. */
import { createHash, randomBytes } from 'node:crypto'

export function freshToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Undefined for what cannot be one, so that no rubbish is looked up. */
export function tokenHash(token: string | undefined): string | undefined {
  if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined
  return createHash('sha256').update(token).digest('hex')
}
