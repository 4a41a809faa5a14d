/** What every answer says to browsers: nothing inline, nothing from elsewhere, in nobody's frame. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const nonces = new WeakMap<IncomingMessage, string>()

/** One for each request: in the policy of the answer, and in the page that it carries. */
export function nonceOf(raw: IncomingMessage): string {
  const known = nonces.get(raw)
  if (known !== undefined) return known
  const nonce = randomBytes(16).toString('base64')
  nonces.set(raw, nonce)
  return nonce
}

/** What the pages never ask of the device. */
const denied = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'midi', 'display-capture', 'browsing-topics']
const permissions = denied.map((feature) => `${feature}=()`).join(', ')
const yearSeconds = 365 * 86_400

/** `https`: whoever came by https once is never to come by http again. */
export async function wearHeaders(server: FastifyInstance, { https }: { https: boolean }): Promise<void> {
  const ofThis = (raw: IncomingMessage): string => `'nonce-${nonceOf(raw)}'`
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", ofThis],
        // antd writes its styles into <style> elements, which carry the nonce of the page.
        'style-src': ["'self'", ofThis],
        // blob: what she has just chosen to send, before it is sent.
        'img-src': ["'self'", 'blob:'],
        'media-src': ["'self'", 'blob:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        // A rehearsal is a page of its own, shown in a frame that may do nothing.
        'frame-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: https ? { maxAge: yearSeconds, includeSubDomains: false } : false,
  })
  server.addHook('onRequest', (_, reply, next) => {
    // On the raw answer, as helmet does: a stream that takes the answer over keeps them.
    reply.raw.setHeader('permissions-policy', permissions)
    reply.raw.setHeader('cache-control', 'no-store')
    next()
  })
}

/** For what is refused before any hook has run: an address that cannot be read. */
export const barestHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': permissions,
  'cache-control': 'no-store',
}
