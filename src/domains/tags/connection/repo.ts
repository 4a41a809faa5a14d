/** Connections for tagging many people: they read hundreds of thousands of rows, so that every column counts. */
import pg from 'pg'
import { inTransaction } from '../../../kernel/db.ts'
import type { Queryable } from '../../../kernel/work.ts'

const { INT8, TIMESTAMPTZ } = pg.types.builtins
const textArray: typeof pg.types.builtins.TEXT = 1009 as never
const uuidArray = 2951

const parsers = new Map<number, (text: string) => unknown>([
  [INT8, BigInt],
  [TIMESTAMPTZ, timeOf],
  [textArray, textsOf],
  [uuidArray, textsOf],
])

const settings = [
  // The parser of times below reads UTC only.
  'timezone=UTC',
  'plan_cache_mode=force_generic_plan',
  'jit=off',
  // Parallel workers would take the processors from replies.
  'max_parallel_workers_per_gather=0',
  // Some hundred people are looked up by key among a million, in tables that have just been filled and not yet been
  // counted: whatever the planner believes, reading all of them is never the way.
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]

/** What tagging needs of a database. */
export type TaggingDatabase = {
  /** For statements of their own. */
  pool: Queryable
  /** For several that travel together, on one connection. */
  session<T>(run: (db: Queryable) => Promise<T>): Promise<T>
  transaction<T>(run: (db: Queryable) => Promise<T>): Promise<T>
}

/**
 * Connections of its own for tagging, away from those that replies wait for. Times come as Date; bigint as bigint.
 */
export function openTaggingDatabase(
  url: string,
  onLost: (error: Error) => void,
): TaggingDatabase & { close(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    // What it does, it does one after the other; the other processors are for replies.
    max: 1,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'zhanggui-tagging',
    pipeline: true,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    types: {
      getTypeParser: (oid, format) => parsers.get(oid) ?? (pg.types.getTypeParser(oid, format) as unknown),
    },
  })
  pool.on('error', onLost)
  pool.on('connect', (client) => client.on('error', onLost))
  return {
    pool,
    session: (run) => inSession(pool, run),
    transaction: (run) => inTransaction(pool, run),
    close: () => pool.end(),
  }
}

async function inSession<T>(pool: pg.Pool, run: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken = true
  try {
    const result = await run(client)
    broken = false
    return result
  } finally {
    // Statements that were sent with the one that failed may still be under way.
    client.release(broken)
  }
}

function defaultParser(oid: typeof textArray): (text: string) => unknown {
  return pg.types.getTypeParser(oid, 'text') as (text: string) => unknown
}

/** Ten times as fast as the driver's own for what a session in UTC writes: 2026-11-22 13:04:51.123+00. */
function timeOf(text: string): Date {
  if (text.length < 22 || text.charCodeAt(4) !== 45 || !text.endsWith('+00')) {
    return defaultParser(TIMESTAMPTZ)(text) as Date
  }
  const digits = (from: number, to: number): number => {
    let number = 0
    for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48
    return number
  }
  const fraction = text.length > 22 ? Math.round(Number(`0.${text.slice(20, -3)}`) * 1_000) : 0
  const time = Date.UTC(digits(0, 4), digits(5, 7) - 1, digits(8, 10), digits(11, 13), digits(14, 16), digits(17, 19))
  return new Date(time + fraction)
}

/** Without quotes the text of an array says plainly what is in it. */
function textsOf(text: string): unknown {
  if (text === '{}') return []
  return text.includes('"') || text.includes('NULL') ? defaultParser(textArray)(text) : text.slice(1, -1).split(',')
}
