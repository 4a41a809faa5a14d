/** The events of the world for a page, as they happen: server-sent, and gone on with after a break. */
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../kernel/ports.ts'
import type { Chronicle, Told } from './chronicle.ts'

/** Proxies and sleeping machines cut what is silent. */
const aliveMs = 20_000
/** A page that reads no more than this behind has gone away. */
const waitingAtMost = 8 * 1024 * 1024

export type Streams = {
  open(request: FastifyRequest, reply: FastifyReply): void
  close(): void
}

export function openStreams(chronicle: Chronicle, clock: Clock): Streams {
  const open = new Set<ServerResponse>()
  return {
    open(request, reply) {
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
      const send = ({ cursor, happening }: Told): void => {
        if (raw.writableLength > waitingAtMost) raw.destroy()
        else raw.write(`id: ${cursor}\ndata: ${JSON.stringify(happening)}\n\n`)
      }
      const missed = chronicle.since(cursorOf(request))
      // The headers go out with the first line.
      raw.write(': hello\n\n')
      if (missed) for (const told of missed) send(told)
      else send({ cursor: chronicle.cursor, happening: { kind: 'reset' } })
      const silence = chronicle.listen(send)
      let stop = beat()
      open.add(raw)
      raw.once('close', () => {
        stop()
        silence()
        open.delete(raw)
      })

      function beat(): () => void {
        return clock.after(aliveMs, () => {
          raw.write(': here\n\n')
          stop = beat()
        })
      }
    },
    close() {
      for (const raw of open) raw.end()
    },
  }
}

/** A browser that reconnects says what it saw last in a header; the first time the page says it in the address. */
function cursorOf({ headers, query }: FastifyRequest): string {
  const last = headers['last-event-id']
  const { after } = query as { after?: unknown }
  return typeof last === 'string' ? last : typeof after === 'string' ? after : ''
}
