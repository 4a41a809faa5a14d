/** The desk's data: queue, cases, customers, search, files and acts. Whoever comes here has passed the doors. */
import type { FastifyInstance } from 'fastify'
import { listSeats } from '../../../domains/handoff/index.ts'
import { type CaseDetail, type Found, type Queue, type SeatLine, TagBody, type Timeline } from '../../api.ts'
import { readHorizon } from '../feed/repo.ts'
import { registerActs } from './acts.ts'
import { mayReadCustomer, setTag } from './customer.ts'
import { detailOf } from './detail.ts'
import { type CasesHouse, type Viewer, viewerOf } from './house.ts'
import { inOrder, lineFor } from './lines.ts'
import { registerMedia } from './media.ts'
import { badRequest, bodyOf, notFound, type NotHers, numberOf, refusals, uuidOf } from './refusals.ts'
import { type LineRow, lineByNumber, linesOf, listQueue } from './repo/lines.ts'
import { searchCases } from './repo/search.ts'
import { conversationOf, readBelow, saidByPerson } from './said.ts'
import { sightOf } from './sight.ts'
import { wordsOf } from './words.ts'

export type { CasesHouse, Viewer } from './house.ts'

const dayMs = 86_400_000
const foundAtMost = 50
const longestSearch = 100

export function registerCases(server: FastifyInstance, house: CasesHouse): void {
  const notHers = refusals(house)
  const { db, content, clock } = house

  server.get('/api/queue', async (request): Promise<Queue> => {
    const viewer = viewerOf(request)
    const now = clock.now()
    const live = content()
    // Before the lines: what happens meanwhile comes once more by the stream, and is not missed.
    const cursor = await readHorizon(db.pool)
    const [rows, seats] = await Promise.all([
      listQueue(db.pool, viewer.id, new Date(now.getTime() - dayMs)),
      listSeats(db.pool, live, now),
    ])
    const cases = rows.flatMap((row) => lineFor(viewer, row, live) ?? []).sort(inOrder)
    return { cases, team: seats as SeatLine[], cursor, now: now.toISOString() }
  })

  server.get('/api/words', async () => wordsOf(content()))

  server.get<{ Params: { number: string } }>('/api/cases/:number', async (request, reply) => {
    const viewer = viewerOf(request)
    const number = numberOf(request.params.number)
    if (number === undefined) return notFound(reply)
    const row = await readable(viewer, number)
    const line = row && lineFor(viewer, row, content())
    if (!row || !line) return notHers(reply, viewer, `case:${number}`)
    const on = { content: content(), now: clock.now(), facts: house.facts }
    return (await detailOf(db.pool, { row, line }, on)) satisfies CaseDetail
  })

  type Before = { before?: string }
  server.get<{ Params: { number: string }; Querystring: Before }>(
    '/api/cases/:number/conversation',
    async (request, reply) => {
      const viewer = viewerOf(request)
      const number = numberOf(request.params.number)
      if (number === undefined) return notFound(reply)
      const row = await readable(viewer, number)
      if (!row) return notHers(reply, viewer, `case:${number}`)
      const below = readBelow(request.query.before)
      if (below === undefined) return badRequest(reply, 'bad-request', '«before» is none of ours.')
      return conversationOf(db.pool, row, below, content())
    },
  )

  server.get<{ Querystring: { q?: string } }>('/api/search', async (request): Promise<Found> => {
    const viewer = viewerOf(request)
    const words = (request.query.q ?? '').replaceAll('\0', '').toWellFormed().trim().slice(0, longestSearch)
    const rows = words === '' ? [] : await found(viewer, words)
    return { cases: rows.flatMap((row) => lineFor(viewer, row, content()) ?? []) }
  })

  registerCustomers(server, house, notHers)
  registerActs(server, house, notHers)
  registerMedia(server, house, notHers)

  async function readable(viewer: Viewer, number: number): Promise<LineRow | undefined> {
    const row = await lineByNumber(db.pool, number)
    return row && sightOf(viewer, row) === 'whole' ? row : undefined
  }

  /** «#12» and «12» are a case where there is one that she may read; and words like any others. */
  async function found(viewer: Viewer, words: string): Promise<LineRow[]> {
    const number = numberOf(words.replace(/^[#＃]\s*/u, ''))
    const named = number === undefined ? undefined : await readable(viewer, number)
    const adviser = viewer.role === 'manager' ? null : viewer.id
    const ids = await searchCases(db.pool, { adviser, words, limit: foundAtMost })
    const rows = new Map((await linesOf(db.pool, ids)).map((row) => [row.id, row]))
    const others = ids.flatMap((id) => rows.get(id) ?? []).filter(({ id }) => id !== named?.id)
    return named ? [named, ...others] : others
  }
}

function registerCustomers(server: FastifyInstance, house: CasesHouse, notHers: NotHers): void {
  const { db, content } = house

  server.post<{ Params: { id: string } }>('/api/customers/:id/tags', async (request, reply) => {
    const viewer = viewerOf(request)
    const id = uuidOf(request.params.id)
    if (id === undefined) return notFound(reply)
    if (!(await mayReadCustomer(db.pool, viewer, id))) return notHers(reply, viewer, `customer:${id}`)
    const body = bodyOf(TagBody, request.body, reply)
    if (!body) return reply
    const set = await setTag(house, viewer, id, body)
    return 'refused' in set ? badRequest(reply, `tag-${set.refused}`, 'This tag cannot be set.') : set
  })

  server.get<{ Params: { id: string }; Querystring: { before?: string } }>(
    '/api/customers/:id/timeline',
    async (request, reply) => {
      const viewer = viewerOf(request)
      const id = uuidOf(request.params.id)
      if (id === undefined) return notFound(reply)
      if (!(await mayReadCustomer(db.pool, viewer, id))) return notHers(reply, viewer, `customer:${id}`)
      const below = readBelow(request.query.before)
      if (below === undefined) return badRequest(reply, 'bad-request', '«before» is none of ours.')
      const { lines, earlier } = await saidByPerson(db.pool, id, below, content())
      return { lines: lines.map((line) => ({ ...line, place: line.group })), earlier } satisfies Timeline
    },
  )
}
