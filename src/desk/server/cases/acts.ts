/** Clicks: each becomes an event, and its answer is read where the event's transaction has written it. */
import type { FastifyInstance } from 'fastify'
import {
  type DeskAct,
  type DeskDone,
  deskEvent,
  deskKey,
  findDeskAct,
  openedByClick,
} from '../../../domains/handoff/index.ts'
import type { Act, ActAnswer } from '../../api.ts'
import { ActBody, AwayBody, OpenBody } from '../../api.ts'
import { type CasesHouse, type Viewer, viewerOf } from './house.ts'
import { lineFor } from './lines.ts'
import { badRequest, bodyOf, notFound, type NotHers, numberOf } from './refusals.ts'
import { type LineRow, lineByNumber, linesOf, wasGivenSince } from './repo/lines.ts'
import { caseOfKey, findUpload } from './repo/acts.ts'
import { sightOf } from './sight.ts'
import { mayReadCustomer } from './customer.ts'

/** So long the answer to a click is waited for. */
const patienceMs = 10_000
/** Whoever saw a case waiting so long ago at most is told who was quicker, and not that it is not there. */
const justNowMs = 120_000

export function registerActs(server: FastifyInstance, house: CasesHouse, notHers: NotHers): void {
  const { db, clock, ids } = house

  server.post<{ Params: { number: string } }>('/api/cases/:number/acts', async (request, reply) => {
    const viewer = viewerOf(request)
    const number = numberOf(request.params.number)
    const body = number === undefined ? undefined : bodyOf(ActBody, request.body, reply)
    if (number === undefined) return notFound(reply)
    if (!body) return reply
    const row = await lineByNumber(db.pool, number)
    if (!row || !(await mayTry(viewer, row, body.act))) return notHers(reply, viewer, `case:${number}`)
    const act = await actOf(body.act, row.id, viewer)
    if (!act) return badRequest(reply, 'no-file', 'This file is not yours, or is kept no more.')
    const done = await click(viewer, body.key, act)
    // The same key for another case is no repetition.
    if (done && done.caseId !== row.id) return badRequest(reply, 'key-used', 'This click was for another case.')
    return answer(viewer, done, row.id)
  })

  server.post('/api/cases', async (request, reply) => {
    const viewer = viewerOf(request)
    const body = bodyOf(OpenBody, request.body, reply)
    if (!body) return reply
    const { key, customerId, note } = body
    if (viewer.role !== 'manager' || !(await mayReadCustomer(db.pool, viewer, customerId))) {
      return notHers(reply, viewer, `customer:${customerId}`)
    }
    const done = await click(viewer, key, { act: 'open', customerId, note })
    return answer(viewer, done, await caseOfKey(db.pool, openedByClick(viewer.id, key)))
  })

  server.post('/api/me/away', async (request, reply) => {
    const viewer = viewerOf(request)
    const body = bodyOf(AwayBody, request.body, reply)
    if (!body) return reply
    const done = await click(viewer, ids.fresh(), { act: 'away', away: body.away })
    return reply.send(done ? { away: body.away } : { pending: true })
  })

  /** Reading is asked for here; whether it may be done is asked under the lock of all cases. */
  async function mayTry(viewer: Viewer, row: LineRow, { act }: Act): Promise<boolean> {
    const sight = sightOf(viewer, row)
    if (sight === 'whole' || act !== 'accept') return sight === 'whole'
    const since = new Date(clock.now().getTime() - justNowMs)
    return sight === 'redacted' || (row.closedAt === null && (await wasGivenSince(db.pool, row.id, since)))
  }

  async function actOf(act: Act, caseId: string, viewer: Viewer): Promise<DeskAct | undefined> {
    if (act.act !== 'say-media') return { ...act, caseId }
    const upload = await findUpload(db.pool, act.media, viewer.id)
    if (!upload) return undefined
    const { mime } = upload
    const as = mime.startsWith('image/') ? 'image' : mime.startsWith('video/') ? 'video' : 'file'
    return { ...act, as, caseId }
  }

  /** Hands the click in and waits for what becomes of it; undefined when that takes too long. */
  async function click(viewer: Viewer, key: string, act: DeskAct): Promise<DeskDone | undefined> {
    const began = clock.now()
    await house.accept(deskEvent(viewer.id, key, act, began))
    for (let pauseMs = 4; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      const done = await findDeskAct(db.pool, deskKey(viewer.id, key))
      if (done || clock.now().getTime() - began.getTime() > patienceMs) return done
      await new Promise<void>((resolve) => clock.after(pauseMs, resolve))
    }
  }

  async function answer(viewer: Viewer, done: DeskDone | undefined, caseId: string | undefined): Promise<ActAnswer> {
    if (!done) return { pending: true }
    if ('refused' in done.result) return { refused: done.result.refused }
    const [row] = caseId === undefined ? [] : await linesOf(db.pool, [caseId])
    const line = row && lineFor(viewer, row, house.content())
    // Given away in the same moment, to somebody who had it before her: what she did is done all the same.
    return line ? { done: true, line } : { pending: true }
  }
}
