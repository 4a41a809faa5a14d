/** Whether a request comes from our own pages, at an address that is ours. */
import type { IncomingHttpHeaders } from 'node:http'
import { Refused } from '../refused.ts'

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}

/** `origin`: of DESK_URL; without it loopback alone is ours, at any port (a tunnel may have its own). */
export type Address = { origin: string | undefined }

/**
 * Throws 421 `wrong-host` for a name that is not ours: a page of elsewhere whose name was turned to this machine (DNS
 * rebinding) would be of one origin with us. Throws 403 `cross-origin` for what another site has set going; browsers say
 * so in Sec-Fetch-Site and Origin, and whoever says neither may not change anything.
 */
export function checkOrigin(
  { method, headers, data }: { method: string; headers: IncomingHttpHeaders; data: boolean },
  { origin }: Address,
): void {
  const host = headers.host ?? ''
  const ours =
    origin === undefined ? isLoopback(host.replace(/:\d+$/, '')) : host.toLowerCase() === new URL(origin).host
  if (!ours) throw new Refused({ status: 421, error: 'wrong-host', message: 'The desk is not served by this name.' })
  if (!data) return
  const site = headers['sec-fetch-site']
  const from = headers.origin
  const reads = method === 'GET' || method === 'HEAD'
  const fromUs = from === undefined || from.toLowerCase() === (origin ?? `http://${host.toLowerCase()}`)
  const siteIsUs = site === undefined || site === 'same-origin' || (site === 'none' && reads)
  if (fromUs && siteIsUs && (reads || from !== undefined || site !== undefined)) return
  throw new Refused({ status: 403, error: 'cross-origin', message: 'Only pages of the desk may ask for this.' })
}
