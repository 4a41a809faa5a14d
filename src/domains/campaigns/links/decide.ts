/** Whether a visit is a person's, and what a tracked link looks like. Pure. */
import { linkPath, type Visit } from './schema.ts'
import { programs } from './vocabulary.ts'

/**
 * Whether somebody followed the link, rather than a program that looks where it leads: previews, scanners, and browsers
 * that fetch ahead say so, or say nothing of themselves.
 */
export function isReader({ method, userAgent, purpose }: Visit): boolean {
  if (method !== 'GET' || userAgent === '' || /prefetch|preview|prerender/iu.test(purpose)) return false
  const named = userAgent.toLowerCase()
  return !programs.some((program) => named.includes(program))
}

/** The address that a reader gets. `baseUrl` without the path: https://go.example.cn */
export function trackedUrl(baseUrl: string, token: string): string {
  return `${baseUrl.replace(/\/+$/u, '')}${linkPath}${token}`
}

/** A UUID as a token for an address: 22 letters, of which nothing can be read. */
export function tokenOf(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
}

/** Whether it may be one of ours; anything else is not looked up. */
export function isToken(text: string): boolean {
  return /^[\w-]{22}$/u.test(text)
}
