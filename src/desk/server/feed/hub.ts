/** Everybody who listens, and the one loop that reads for all of them. It runs while anybody is there. */
import { listSeats } from '../../../domains/handoff/index.ts'
import { reasonOf } from '../../../kernel/errors.ts'
import type { SeatLine } from '../../api.ts'
import type { CasesHouse, Viewer } from '../cases/house.ts'
import { type LineRow, linesOf } from '../cases/repo/lines.ts'
import { sightOf } from '../cases/sight.ts'
import { type EntrySeen, isBehind, listLastWords, type Place, placeText, readEntries } from './repo.ts'
import { eventFor, runsOf } from './runs.ts'
import type { Wire } from './wire.ts'

const roundMs = 100
/** Who is there and whose session still holds is looked at less often. */
const lookMs = 1_000
const beatMs = 15_000
/** More than this is not put before a page at once; and who has not read it for so long is not there any more. */
const entriesAtOnce = 1_000
const unreadMs = 10_000

export type Client = {
  viewer: Viewer
  wire: Wire
  /** Up to there she has been told everything. */
  place: Place
  isAlive: () => Promise<boolean>
  /** The team as she was told of it. */
  team?: string
  /** Since when what she was told waits to be read. */
  unreadSince?: number | undefined
}

export type Hub = { join(client: Client): void; leave(client: Client): void; close(): void }

export function createHub({ db, content, clock, log }: CasesHouse): Hub {
  const clients = new Set<Client>()
  let running = false
  let closed = false
  let looked = 0
  /** What was last said in each case that nobody has. */
  let words: ReadonlyMap<string, string> = new Map()
  let beaten = 0

  async function run(): Promise<void> {
    running = true
    for (let failed = false; clients.size > 0 && !closed; ) {
      try {
        const more = await round()
        failed = false
        if (more) continue
      } catch (error) {
        // The streams stay: when the database is back they go on where they were.
        if (!failed) log.warn({ reason: reasonOf(error) }, 'the desk’s streams wait for the database')
        failed = true
      }
      await new Promise<void>((resume) => clock.after(failed ? lookMs : roundMs, resume))
    }
    running = false
  }

  /** Whether more waits to be told. */
  async function round(): Promise<boolean> {
    const now = clock.now().getTime()
    // Whoever comes while we read may come from further back than we read from: her turn is the next round.
    const listening = [...clients].filter((client) => reads(client, now))
    const [first, ...others] = listening.map(({ place }) => place)
    const after = first && others.reduce((least, place) => (isBehind(place, least) ? place : least), first)
    const entries = after ? await readEntries(db.pool, after, entriesAtOnce) : []
    if (entries.length > 0) await tell(entries, listening)
    if (now - looked >= lookMs) {
      looked = now
      await Promise.all([tellTeam(), tellWords(), dropEnded()])
    }
    if (now - beaten >= beatMs) {
      beaten = now
      for (const { wire } of listening) wire.beat()
    }
    return entries.length === entriesAtOnce
  }

  /** Who does not read holds nobody up: she is passed over until she does, and dropped when she does not. */
  function reads(client: Client, now: number): boolean {
    if (client.wire.isRead()) client.unreadSince = undefined
    else client.unreadSince ??= now
    if (client.unreadSince !== undefined && now - client.unreadSince > unreadMs) client.wire.drop()
    return client.unreadSince === undefined
  }

  /** One read of the lines for everybody; each is told what she may see, from where she was on. */
  async function tell(entries: readonly EntrySeen[], listening: readonly Client[]): Promise<void> {
    const ids = [...new Set(entries.map(({ caseId }) => caseId))]
    const rows = new Map((await linesOf(db.pool, ids)).map((row) => [row.id, row]))
    for (const client of listening) if (clients.has(client)) tellOne(client, entries, rows)
  }

  function tellOne(client: Client, entries: readonly EntrySeen[], rows: ReadonlyMap<string, LineRow>): void {
    // The entries are read from where the last of all was.
    const news = entries.filter((entry) => isBehind(client.place, entry))
    const live = content()
    for (const { caseId, kinds, end } of runsOf(news)) {
      client.place = end
      const row = rows.get(caseId)
      const event = row && eventFor(client.viewer, row, kinds, live)
      if (event) client.wire.tell(placeText(end), event)
    }
  }

  async function tellTeam(): Promise<void> {
    const team = (await listSeats(db.pool, content(), clock.now())) as SeatLine[]
    const text = JSON.stringify(team)
    for (const client of clients) {
      if (client.team === text || client.unreadSince !== undefined) continue
      client.team = text
      client.wire.tell(placeText(client.place), { kind: 'team', team })
    }
  }

  /** Of cases that nobody has the bot takes care, and no entry tells what is said: whoever looks at one sees it all the same. */
  async function tellWords(): Promise<void> {
    const latest = new Map((await listLastWords(db.pool)).map(({ caseId, message }) => [caseId, message]))
    // One that is seen for the first time was told of when it was opened, or stood in the queue.
    const ids = [...latest].filter(([id, message]) => (words.get(id) ?? message) !== message).map(([id]) => id)
    words = latest
    const live = content()
    for (const row of ids.length > 0 ? await linesOf(db.pool, ids) : []) {
      for (const client of clients) {
        if (client.unreadSince !== undefined || sightOf(client.viewer, row) !== 'whole') continue
        const event = eventFor(client.viewer, row, ['customer-said'], live)
        if (event) client.wire.tell(placeText(client.place), event)
      }
    }
  }

  async function dropEnded(): Promise<void> {
    await Promise.all(
      [...clients].map(async (client) => {
        if (await client.isAlive()) return
        client.wire.tell(placeText(client.place), { kind: 'over' })
        client.wire.end()
        clients.delete(client)
      }),
    )
  }

  return {
    join(client) {
      clients.add(client)
      if (!running && !closed) void run()
    },
    leave: (client) => void clients.delete(client),
    close() {
      closed = true
      for (const { wire } of clients) wire.end()
      clients.clear()
    },
  }
}
