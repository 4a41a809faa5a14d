/** Who may speak to the simulated world: pages of this very address, from this machine. */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Loopback by name, so that no other name can be turned to this machine (DNS rebinding). */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/** The code of the refusal; undefined lets it pass. Browsers tell where a request was set going; whoever tells nothing changes nothing. */
export function refusal({
  method,
  headers,
  ip,
}: Pick<FastifyRequest, 'method' | 'headers' | 'ip'>): string | undefined {
  const { host = '', origin } = headers
  if (!loopback.test(host) || !/^(?:127\.|::1$|::ffff:127\.)/.test(ip)) return 'wrong-host'
  const site = headers['sec-fetch-site']
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return 'cross-origin'
  if (site !== undefined && site !== 'same-origin') return 'cross-origin'
  return method === 'GET' || method === 'HEAD' || origin !== undefined ? undefined : 'cross-origin'
}

export async function guard(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const error = refusal(request)
  if (error === undefined) return undefined
  return reply.code(403).send({ error, message: 'Only the simulator’s own page may ask for this.' })
}
