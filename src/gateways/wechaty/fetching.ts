/**
 * The file of a message, read in a stream and no further than is wanted: how large it is, nobody tells before.
 *
 * The danger: a file of hundreds of megabytes, or a stream that never ends, must cost neither memory nor the line.
 */
import './quiet.ts'
import type { Readable } from 'node:stream'
import type { Clock, FetchOutcome } from '../../kernel/ports.ts'
import { within } from './deadline.ts'
import { isLineFailure } from './failures.ts'
import type { Line } from './line.ts'
import { cleanText } from './text.ts'

type Fetching = { messageId: string; maxBytes: number; deadlineMs: number; clock: Clock }

/** Never rejects. */
export async function fetchOne(
  line: Line,
  { messageId, maxBytes, deadlineMs, clock }: Fetching,
): Promise<FetchOutcome> {
  const until = clock.now().getTime() + deadlineMs
  let stream: Readable | undefined
  try {
    const box = await within(clock, deadlineMs, line.messageFile(messageId))
    stream = await within<Readable>(clock, deadlineMs, box.toStream())
    const left = Math.max(1, until - clock.now().getTime())
    const bytes = await within(clock, left, readUpTo(stream, maxBytes))
    if (bytes === 'too-large') return { kind: 'too-large' }
    if (bytes.length === 0) return { kind: 'gone' }
    return { kind: 'fetched', file: { filename: cleanText(box.name) || messageId, bytes } }
  } catch (error) {
    return isLineFailure(error) || !line.isOpen() ? { kind: 'unreachable' } : { kind: 'gone' }
  } finally {
    stream?.destroy()
  }
}

async function readUpTo(stream: Readable, maxBytes: number): Promise<Buffer | 'too-large'> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) return 'too-large'
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}
