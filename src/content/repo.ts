/** Versions of the content folder, and which of them was live when. */
import pg from 'pg'
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock } from '../kernel/ports.ts'
import type { Prisma } from '../kernel/prisma/client.ts'
import { mimeOf, storeMedia } from '../media/index.ts'
import type { FileSet, Folder } from './files.ts'

/** A row of the history, newest first; the first one is live. */
export type Publication = { version: string; at: Date; by: string; takesBack: string | null }

export type StoredVersion = { id: string; files: FileSet }

/** On which a publication is announced to all processes. */
const channel = 'content'
/** Before a lost listening connection is tried again. */
const reconnectMs = 1_000

/** Any number: publications of all processes happen one after the other. */
const publicationLock = 7_203_448

type Transaction = Prisma.TransactionClient

/** Keeps the media of a folder for good. What is kept already is not sent to the database again. */
async function keepMedia(db: Database, { bytes }: Folder, now: Date): Promise<void> {
  const kept = await db.prisma.media.findMany({
    where: { id: { in: [...bytes.keys()] }, expiresAt: null },
    select: { id: true },
  })
  const known = new Set(kept.map(({ id }) => id))
  for (const [id, content] of bytes) {
    if (!known.has(id)) await storeMedia(db.pool, content, mimeOf(content), now)
  }
}

async function storeVersion(tx: Transaction, id: string, { texts, media }: FileSet, now: Date): Promise<void> {
  const files = { texts: Object.fromEntries(texts), media: Object.fromEntries(media) }
  await tx.contentVersion.createMany({ data: [{ id, createdAt: now, files }], skipDuplicates: true })
}

async function announce(tx: Transaction, row: Omit<Publication, 'at'>, now: Date): Promise<void> {
  const { version, by, takesBack } = row
  await tx.contentPublication.create({ data: { versionId: version, at: now, by, takesBack } })
  await tx.$queryRaw`SELECT pg_notify(${channel}, ${version})::text`
}

async function alone<T>(db: Database, run: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(${publicationLock})::text`
      return run(tx)
    },
    { maxWait: 5_000, timeout: 20_000 },
  )
}

/** The audit names only people: what goes live by itself is in the history. */
async function audit(tx: Transaction, action: string, by: string, subject: string, now: Date): Promise<void> {
  await tx.audit.create({ data: { at: now, by, action, subject } })
}

/** Makes a folder's version live. False when it is live already. */
export async function publishVersion(
  db: Database,
  version: string,
  folder: Folder,
  { by, person, now }: { by: string; person: boolean; now: Date },
): Promise<boolean> {
  await keepMedia(db, folder, now)
  return alone(db, async (tx) => {
    const [live] = await historyOf(tx, 1)
    if (live?.version === version) return false
    await storeVersion(tx, version, folder.files, now)
    await announce(tx, { version, by, takesBack: null }, now)
    if (person) await audit(tx, 'content.publish', by, version, now)
    return true
  })
}

/** Goes back to what was live before; the version that is taken back does not go live again by itself. */
export async function rollBack(
  db: Database,
  { by, now }: { by: string; now: Date },
): Promise<{ kind: 'done'; version: string; takenBack: string } | { kind: 'refused'; reason: 'nothing-before' }> {
  return alone(db, async (tx) => {
    const stack = standing(await historyOf(tx))
    const [version, takenBack] = stack.slice(-2)
    if (version === undefined || takenBack === undefined) return { kind: 'refused', reason: 'nothing-before' }
    await announce(tx, { version, by, takesBack: takenBack }, now)
    await audit(tx, 'content.rollback', by, takenBack, now)
    return { kind: 'done', version, takenBack }
  })
}

/** What was published and not taken back, oldest first: the last one is live. */
export function standing(history: readonly Publication[]): string[] {
  const stack: string[] = []
  for (const { version, takesBack } of history.toReversed()) {
    if (takesBack === null) stack.push(version)
    else stack.pop()
  }
  return stack
}

/** Whether the last word about a version is that it was taken back. */
export async function isTakenBack(db: Database, version: string): Promise<boolean> {
  const last = await db.prisma.contentPublication.findFirst({
    where: { OR: [{ versionId: version }, { takesBack: version }] },
    orderBy: { id: 'desc' },
  })
  return last?.takesBack === version
}

/** The history, newest first. */
export function listPublications(db: Database, most = 20): Promise<Publication[]> {
  return historyOf(db.prisma, most)
}

async function historyOf(tx: Transaction, most?: number): Promise<Publication[]> {
  const rows = await tx.contentPublication.findMany({ orderBy: { id: 'desc' }, ...(most && { take: most }) })
  return rows.map(({ versionId, at, by, takesBack }) => ({ version: versionId, at, by, takesBack }))
}

/** The id of the live version; undefined when nothing was ever published. */
export async function liveVersion(db: Database): Promise<string | undefined> {
  const [live] = await listPublications(db, 1)
  return live?.version
}

export async function findVersion(db: Database, id: string): Promise<StoredVersion | undefined> {
  const row = await db.prisma.contentVersion.findUnique({ where: { id } })
  if (!row) return undefined
  const { texts, media } = row.files as { texts: Record<string, string>; media: Record<string, string> }
  return { id, files: { texts: new Map(Object.entries(texts)), media: new Map(Object.entries(media)) } }
}

/**
 * Calls `heard` on every publication of any process, and each time the listening connection is made: what was
 * announced while it was down is lost. It has a connection of its own, outside the pool.
 */
export function listenForPublications(
  db: Database,
  { clock, log, heard }: { clock: Clock; log: Log; heard: () => void },
): { close(): Promise<void> } {
  let client: pg.Client | undefined
  let closed = false
  let cancel = (): void => undefined
  const open = async (): Promise<void> => {
    const fresh = new pg.Client({ ...db.pool.options, application_name: 'zhanggui-content' })
    client = fresh
    fresh.on('notification', heard)
    fresh.on('error', (error) => log.warn({ err: error }, 'content listener lost its connection'))
    // Also comes after an error, and once only.
    fresh.once('end', again)
    await fresh.connect()
    await fresh.query(`LISTEN ${channel}`)
    heard()
  }
  const again = (): void => {
    cancel()
    if (!closed) cancel = clock.after(reconnectMs, start)
  }
  const start = (): void => {
    open().catch((error: unknown) => {
      log.warn({ err: error }, 'content listener cannot connect')
      // A client that never connected does not end.
      again()
    })
  }
  start()
  return {
    async close() {
      closed = true
      cancel()
      await client?.end().catch(() => undefined)
    },
  }
}
