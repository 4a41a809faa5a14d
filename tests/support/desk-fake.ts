/**
 * The built pages with a morning of fixtures behind them, under the same content policy as the desk's own. For looking at
 * pages; what the desk does is tested with its real server.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'
import type { ActBody, CaseDetail, LiveEvent, Queue } from '../../src/desk/api.ts'
import { at, began, detailOf, lines, me, team, words } from './desk-fixtures.ts'

export const pagesFolder = fileURLToPath(new URL('../../dist/desk', import.meta.url))
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' }
const nonce = 'bm9uY2Utb2YtdGhlLWZha2U='
const policy = [
  ...["default-src 'none'", `script-src 'self' 'nonce-${nonce}'`, `style-src 'self' 'nonce-${nonce}'`],
  ...["img-src 'self' blob:", "media-src 'self' blob:", "font-src 'self'", "connect-src 'self'", "form-action 'self'"],
  ...["base-uri 'none'", "frame-ancestors 'none'"],
].join('; ')

export type FakeDesk = {
  url: string
  /** Whether anybody is signed in; false answers everything with 401. */
  signedIn: boolean
  /** Acts are not reached: the connection is cut. */
  cut: boolean
  /** The bodies of acts, in order. */
  acts: { number: number; body: (typeof ActBody)['_output'] }[]
  tell(event: LiveEvent): void
  close(): Promise<void>
}

export async function openFakeDesk(): Promise<FakeDesk> {
  const details = new Map<number, CaseDetail>(lines.map((line) => [line.number, detailOf(line)]))
  const streams = new Set<ServerResponse>()
  let told = 0
  const desk: FakeDesk = {
    ...{ url: '', signedIn: true, cut: false, acts: [] },
    tell(event) {
      told += 1
      for (const stream of streams) stream.write(`id: ${told}\ndata: ${JSON.stringify(event)}\n\n`)
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  desk.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return desk

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', desk.url)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    response.setHeader('content-security-policy', policy)
    if (!pathname.startsWith('/api/')) return page(pathname, response)
    const json = (said: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
    }
    if (pathname === '/api/sign-in') return json({ sent: true, forSeconds: 300 }, 202)
    if (pathname === '/api/sign-in/code') {
      return json({ next: 'enrol', uri: 'otpauth://totp/desk:lin?secret=JBSWY3DPEHPK3PXP', secret: 'JBSWY3DPEHPK3PXP' })
    }
    if (!desk.signedIn) return json({ error: 'signed-out', message: '' }, 401)
    if (pathname === '/api/me') return json(me)
    if (pathname === '/api/words') return json(words)
    if (pathname === '/api/events') return stream(response)
    if (pathname.startsWith('/api/media/')) {
      response.writeHead(200, { 'content-type': 'image/png' }).end(onePicture)
      return
    }
    if (pathname === '/api/queue') {
      const cases = [...details.values()].map(({ line }) => line)
      return json({ cases, team, cursor: String(told), now: new Date(began).toISOString() } satisfies Queue)
    }
    if (pathname.endsWith('/timeline')) {
      const all = details.get(121)!.conversation
      return json({ lines: all.map((line) => ({ ...line, place: line.group })).reverse(), earlier: null })
    }
    if (pathname === '/api/search') return json({ cases: [...details.values()].slice(0, 2).map(({ line }) => line) })
    const number = Number(/^\/api\/cases\/(\d+)/.exec(pathname)?.[1] ?? 0)
    const detail = details.get(number)
    if (!detail) return json({ error: 'not-found', message: '' }, 404)
    if (pathname.endsWith('/conversation')) return json({ lines: [], earlier: null })
    if (!pathname.endsWith('/acts')) return json(detail)
    if (desk.cut) return void request.socket.destroy()
    const taken = JSON.parse(body.toString()) as (typeof ActBody)['_output']
    desk.acts.push({ number, body: taken })
    done(detail, taken)
    return json({ done: true, line: detail.line })
  }

  function done(detail: CaseDetail, { key, act }: (typeof ActBody)['_output']): void {
    if (act.act === 'accept')
      detail.line = { ...detail.line, state: 'owned', owner: me.id, readable: true, offeredTo: null }
    if (act.act !== 'say' || detail.conversation.some(({ id }) => id === key)) return
    const mine = {
      ...detail.conversation[3]!,
      id: key,
      at: at(0),
      text: act.text,
      quoted: null,
      say: `handoff-say:${key}`,
    }
    detail.conversation = [...detail.conversation, mine]
    detail.line = { ...detail.line, unread: 0 }
  }

  function stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(`id: ${told}\ndata: ${JSON.stringify({ kind: 'hello', cursor: String(told) })}\n\n`)
    streams.add(response)
    response.on('close', () => streams.delete(response))
  }

  function page(path: string, response: ServerResponse): void {
    const file = path.startsWith('/assets/') ? join(pagesFolder, path) : join(pagesFolder, 'index.html')
    if (!existsSync(file)) return void response.writeHead(404).end()
    const type = types[extname(file)] ?? 'application/octet-stream'
    const text = readFileSync(file, 'utf8')
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` })
    response.end(type === 'text/html' ? text.replaceAll('__NONCE__', nonce) : text)
  }
}

/** A PNG of one colour, 200 by 140. */
const onePicture = ((): Buffer => {
  const [width, height] = [200, 140]
  const chunk = (type: string, data: Buffer): Buffer => {
    const whole = Buffer.concat([Buffer.from(type), data])
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(whole))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(data.length)
    return Buffer.concat([size, whole, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([231, 180, 165]))])
  const rows = Buffer.concat(Array.from({ length: height }, () => row))
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
})()
