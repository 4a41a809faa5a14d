/** What cannot be had: 404, as what there is not, and written down where somebody asked for what is not hers. */
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import { writeAudit } from '../../../kernel/audit.ts'
import type { ApiError } from '../../api.ts'
import type { CasesHouse, Viewer } from './house.ts'

const noteEveryMs = 60_000
const notesKept = 10_000

/** Answers 404. `target`: what she asked for, as an id: `case:12`. Each is in the audit once a minute at most. */
export type NotHers = (reply: FastifyReply, viewer: Viewer, target: string) => Promise<FastifyReply>

export function refusals(house: Pick<CasesHouse, 'db' | 'clock'>): NotHers {
  const note = refusalNotes(house)
  return async (reply, viewer, target) => {
    await note(viewer, target)
    return notFound(reply)
  }
}

/** Writes down that somebody asked for what is not hers. */
export function refusalNotes({
  db,
  clock,
}: Pick<CasesHouse, 'db' | 'clock'>): (viewer: Viewer, target: string) => Promise<void> {
  const noted = new Map<string, number>()
  return async (viewer, target) => {
    const now = clock.now()
    const key = `${viewer.id} ${target}`
    if (now.getTime() - (noted.get(key) ?? Number.NEGATIVE_INFINITY) >= noteEveryMs) {
      if (noted.size >= notesKept) noted.clear()
      noted.set(key, now.getTime())
      await writeAudit(db.pool, { at: now, by: `desk:${viewer.id}`, action: 'desk-refused', subject: target })
    }
  }
}

/** Of what nobody could have: a number that is none. */
export function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'not-found', message: 'There is no such thing here.' } satisfies ApiError)
}

export function badRequest(reply: FastifyReply, error: string, message: string): FastifyReply {
  return reply.code(400).send({ error, message } satisfies ApiError)
}

/** The body as its schema reads it; undefined when it was refused, and the answer is on its way. */
export function bodyOf<T>(schema: z.ZodType<T>, body: unknown, reply: FastifyReply): T | undefined {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const at = read.error.issues[0]?.path.join('.') ?? ''
  void badRequest(reply, 'bad-request', at === '' ? 'The request is not as expected.' : `«${at}» is not as expected.`)
  return undefined
}

/** A case number of an address. */
export function numberOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/u.test(text) ? Number(text) : undefined
}

export function uuidOf(text: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(text) ? text : undefined
}
