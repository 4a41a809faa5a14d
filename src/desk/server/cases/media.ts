/** Files: advisers put them on the desk to send them, and take those of customers. Never markup, never executed. */
import type { FastifyInstance } from 'fastify'
import { loadMedia, maxMediaBytes, mimeOf, storeMedia } from '../../../media/index.ts'
import type { Uploaded } from '../../api.ts'
import { mayReadCustomer } from './customer.ts'
import { type CasesHouse, type Viewer, viewerOf } from './house.ts'
import { badRequest, notFound, type NotHers } from './refusals.ts'
import { findUpload } from './repo/acts.ts'
import { saveUpload, whoseFile } from './repo/media.ts'

/** As long as what is sent is wondered about; where a customer's file was the same, the longer time holds. */
const keptMs = 180 * 86_400_000
const nameLength = 120

export function registerMedia(server: FastifyInstance, house: CasesHouse, notHers: NotHers): void {
  const { db, clock } = house

  // The body is bytes here, whatever its type says; elsewhere it stays JSON.
  void server.register((files, _, ready) => {
    files.removeAllContentTypeParsers()
    files.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxMediaBytes }, (_request, body, done) =>
      done(null, body),
    )
    files.post<{ Querystring: { name?: string } }>(
      '/api/media',
      { bodyLimit: maxMediaBytes },
      async (request, reply) => {
        const viewer = viewerOf(request)
        const { body } = request
        if (!Buffer.isBuffer(body) || body.length === 0) return badRequest(reply, 'empty-file', 'The file is empty.')
        const now = clock.now()
        const mime = mimeOf(body)
        const name = fileName(request.query.name)
        const id = await db.transaction(async (tx) => {
          const mediaId = await storeMedia(tx, body, mime, now, new Date(now.getTime() + keptMs))
          await saveUpload(tx, { mediaId, adviser: viewer.id, name, at: now })
          return mediaId
        })
        return { id, mime, name, bytes: body.length } satisfies Uploaded
      },
    )
    ready()
  })

  server.get<{ Params: { id: string } }>('/api/media/:id', async (request, reply) => {
    const viewer = viewerOf(request)
    const { id } = request.params
    if (!/^[0-9a-f]{64}$/u.test(id)) return notFound(reply)
    const name = await nameFor(viewer, id)
    const file = name === undefined ? undefined : await loadMedia(db.pool, id)
    if (name === undefined || !file) return notHers(reply, viewer, `media:${id}`)
    return reply
      .header('content-type', shownAs(file.bytes))
      .header('content-disposition', attachment(name))
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .header('content-security-policy', 'sandbox')
      .send(file.bytes)
  })

  /** What the file is called for her; undefined when it is nothing of hers. */
  async function nameFor(viewer: Viewer, id: string): Promise<string | undefined> {
    const own = await findUpload(db.pool, id, viewer.id)
    if (own) return own.name
    for (const { customerId, name } of await whoseFile(db.pool, id)) {
      if (await mayReadCustomer(db.pool, viewer, customerId)) return name
    }
    return undefined
  }
}

/** A name without ways into folders, and without what breaks lines. */
function fileName(given = ''): string {
  return given
    .replace(/^.*[\\/]/u, '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .toWellFormed()
    .trim()
    .slice(0, nameLength)
}

/** What the bytes show, and not what anybody said of them. Everything else is only to be kept. */
function shownAs(bytes: Buffer): string {
  const mime = mimeOf(bytes)
  return /^(image\/(png|jpeg|gif|webp)|video\/mp4|application\/pdf)$/u.test(mime) ? mime : 'application/octet-stream'
}

/** RFC 6266 with the name as RFC 5987 writes it: nothing of it can end the header or begin another. */
function attachment(name: string): string {
  const encoded = encodeURIComponent(fileName(name)).replaceAll(
    /['()*]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return encoded === '' ? 'attachment' : `attachment; filename*=UTF-8''${encoded}`
}
