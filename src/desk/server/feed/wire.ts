/** One page's stream of server-sent events. */
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { LiveEvent } from '../../api.ts'

/** A page that has not read so much is not reading: it is dropped, and comes back by itself. */
const unreadAtMost = 1_024 * 1_024

export type Wire = {
  tell(place: string, event: LiveEvent): void
  /** A line that says nothing, so that nobody between takes the stream for dead. */
  beat(): void
  end(): void
}

/** Takes the answer over. `onEnded` is called once, whoever ended it. */
export function openWire(reply: FastifyReply, onEnded: () => void): Wire {
  const { raw } = reply
  // What the doors have set stands on an answer that we write ourselves, too.
  const headers = reply.getHeaders() as Record<string, string>
  reply.hijack()
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that gather answers would hold every event back.
    'x-accel-buffering': 'no',
  })
  raw.flushHeaders()
  raw.on('close', onEnded)
  raw.on('error', () => raw.destroy())
  return {
    tell: (place, event) => write(raw, `id: ${place}\ndata: ${JSON.stringify(event)}\n\n`),
    beat: () => write(raw, ':\n\n'),
    end: () => raw.end(),
  }
}

function write(raw: ServerResponse, text: string): void {
  if (raw.destroyed || raw.writableEnded) return
  if (raw.writableLength > unreadAtMost) raw.destroy()
  else raw.write(text)
}
