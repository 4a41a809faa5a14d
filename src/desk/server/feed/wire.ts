/** One page's stream of server-sent events. */
import type { FastifyReply } from 'fastify'
import type { LiveEvent } from '../../api.ts'

export type Wire = {
  tell(place: string, event: LiveEvent): void
  /** A line that says nothing, so that nobody between takes the stream for dead. */
  beat(): void
  /** False while what was told before waits to be read: then nothing more is put before it. */
  isRead(): boolean
  end(): void
  /** Breaks it off: whoever comes back goes on where she was. */
  drop(): void
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
  const write = (text: string): void => {
    if (!raw.destroyed && !raw.writableEnded) raw.write(text)
  }
  return {
    tell: (place, event) => write(`id: ${place}\ndata: ${JSON.stringify(event)}\n\n`),
    beat: () => write(':\n\n'),
    isRead: () => !raw.writableNeedDrain,
    end: () => void raw.end(),
    drop: () => void raw.destroy(),
  }
}
