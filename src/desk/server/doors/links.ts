/** One-time links: printed on the server for the first manager, and for the day when WeChat cannot bring a code. */
import type { Queryable } from '../../../kernel/work.ts'
import { saveLink, takeLink } from './repo.ts'
import { freshToken, tokenHash } from './tokens.ts'

const linkForMs = 10 * 60_000

/** `path`: behind the desk's address. The token stands in the fragment, which no server, proxy or log ever gets. */
export async function issueLink(db: Queryable, adviser: string, now: Date): Promise<{ path: string; expiresAt: Date }> {
  const token = freshToken()
  const expiresAt = new Date(now.getTime() + linkForMs)
  await saveLink(db, { hash: tokenHash(token)!, adviser, expiresAt })
  return { path: `/sign-in#link=${token}`, expiresAt }
}

/** Whose link it is; it is used up by that. */
export async function useLink(db: Queryable, token: string, now: Date): Promise<string | undefined> {
  const hash = tokenHash(token)
  return hash === undefined ? undefined : takeLink(db, hash, now)
}
