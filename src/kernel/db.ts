/**
 * The database: one pool for everybody. The hot road speaks SQL through `pool` and `transaction`; what is rare
 * and rich reads through `prisma`, on the same pool.
 */
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './prisma/client.ts'
import type { Queryable } from './work.ts'

export type Database = {
  pool: pg.Pool
  prisma: PrismaClient
  /** Runs `run` in one READ COMMITTED transaction; commits what it returns, rolls back what it throws. */
  transaction<T>(run: (db: Queryable) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type DatabaseOptions = {
  /** Connections at most; default 10. */
  connections?: number
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  onLost?: (error: Error) => void
}

/**
 * bigint ids come back as bigint, not as text: they are compared and ordered. For our pool alone: Prisma's adapter reads
 * the text itself, and fails when pg was told to do otherwise everywhere.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? (text: string) => BigInt(text) : (pg.types.getTypeParser(oid, format) as unknown),
}

export function openDatabase(
  url: string,
  { connections = 10, onLost = () => undefined }: DatabaseOptions = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // A pool waits for ever unless told; a caller that cannot get a connection must hear of it.
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'zhanggui',
    // Statements that are sent together travel together; one by one they would cost a round trip each.
    pipeline: true,
    // Our statements take arrays and look rows up by key: planning them for each list of values costs more than it gains,
    // and compiling them always does.
    options: '-c plan_cache_mode=force_generic_plan -c jit=off',
    types,
  })
  pool.on('error', onLost)
  // A connection that breaks while checked out also emits `error` on itself; without a listener that ends the process.
  pool.on('connect', (client) => client.on('error', onLost))
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    pool,
    prisma,
    transaction: (run) => inTransaction(pool, run),
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** Runs `run` in one transaction on a connection of its own; commits what it returns, rolls back what it throws. */
export async function inTransaction<T>(pool: pg.Pool, run: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await run(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    broken = await rollBack(client)
    throw error
  } finally {
    client.release(broken)
  }
}

/** Returns an error when the rollback failed: the connection must not go back into the pool then. */
export async function rollBack(client: Queryable): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (lost) {
    return lost instanceof Error ? lost : new Error('the rollback failed')
  }
}

/**
 * Whether an error says that the database is away rather than that a statement is wrong: the same call may succeed
 * later. SQLSTATE classes 08 (connection), 57P (shutdown), 53 (no room, too many connections), Node's own codes, and
 * Prisma's for not reached, timed out, closed, no connection in the pool.
 */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return /^(08|57P|53|ECONN|EPIPE|ETIMEDOUT|ENOENT|P10(01|02|08|17)|P2024)/.test(code)
  // pg throws these without a code: a broken socket, one that broke while it waited in the pool, a pool that found no
  // connection in time. What is missing here is taken for a statement that is wrong, and its event for a bad one.
  return /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed))/.test(
    error.message,
  )
}

/** Whether the same transaction may succeed when run again: serialisation failures and deadlocks. */
export function isContention(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === '40001' || code === '40P01' || code === '55P03'
}
