/**
 * One handling transaction, shared by the events of a batch.
 *
 * The handler takes several events whose lock keys are disjoint into one transaction, so that they share its commit.
 * Slices do not see that: each asks for its rows with `load` and writes with `write`; what several ask in the same
 * turn goes to PostgreSQL as one statement with arrays. Writes are flushed once, in `order`, just before the commit.
 *
 * The danger: `load` does not see what `write` was given in the same transaction. Carry state in memory within an
 * event; between events of a batch nothing is shared, since their lock keys are disjoint.
 */
import type pg from 'pg'
import { inOnePacket } from './packet.ts'

/** Reads many keys in one statement. `keyOf` must tell two keys apart and call equal keys equal. */
export type BatchQuery<K, V> = {
  name: string
  keyOf: (key: K) => string
  /** Rows by `keyOf(key)`; a key without a row is left out. */
  run: (db: Queryable, keys: K[]) => Promise<Map<string, V>>
}

/**
 * Writes many rows in one statement. `order` rises from what is pointed at to what points (customer 10, message 30 …).
 * All writes of a transaction and its COMMIT are sent together, so `run` may not wait between two statements.
 */
export type BatchWrite<Row> = {
  name: string
  order: number
  run: (db: Queryable, rows: Row[]) => Promise<void>
}

/** What statements need of a connection: a pooled client within a transaction, or the pool itself. */
export type Queryable = Pick<pg.ClientBase, 'query'>

export interface Work {
  /** The moment at which the batch is handled: the only business time there is (law 9). */
  readonly now: Date
  /** The connection inside the transaction, for what is too rare to batch. */
  readonly db: Queryable
  /** The same key asked for twice in one transaction is read once: ask early for what will be needed. */
  load<K, V>(query: BatchQuery<K, V>, key: K): Promise<V | undefined>
  write<Row>(write: BatchWrite<Row>, row: Row): void
  /** Runs after the commit, never after a rollback; for waking loops. */
  afterCommit(then: () => void): void
  /**
   * Runs when the transaction was given up, never after a commit that we heard of; for giving back what was kept for it.
   * `lost`: so was the connection, and it may have committed all the same.
   */
  afterRollback(then: (lost: boolean) => void): void
}

type Waiting = { key: unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void }
type AnyQuery = BatchQuery<unknown, unknown>
type AnyWrite = BatchWrite<unknown>

export class Transaction implements Work {
  readonly now: Date
  readonly db: Queryable
  readonly #loaded = new Map<AnyQuery, Map<string, Promise<unknown>>>()
  #waiting = new Map<AnyQuery, Waiting[]>()
  readonly #writes = new Map<AnyWrite, unknown[]>()
  readonly #afterCommit: (() => void)[] = []
  readonly #afterRollback: ((lost: boolean) => void)[] = []

  constructor(db: Queryable, now: Date) {
    this.db = db
    this.now = now
  }

  load<K, V>(query: BatchQuery<K, V>, key: K): Promise<V | undefined> {
    const asked = query as AnyQuery
    const loaded = this.#loaded.get(asked) ?? new Map<string, Promise<unknown>>()
    this.#loaded.set(asked, loaded)
    const name = query.keyOf(key)
    const known = loaded.get(name)
    if (known) return known as Promise<V | undefined>
    const row = new Promise((resolve, reject) => this.#ask(asked, { key, resolve, reject }))
    loaded.set(name, row)
    return row as Promise<V | undefined>
  }

  #ask(query: AnyQuery, waiting: Waiting): void {
    // After the promise jobs of this turn every event of the batch has asked for its rows.
    if (this.#waiting.size === 0) setImmediate(() => this.#dispatch())
    const list = this.#waiting.get(query)
    if (list) list.push(waiting)
    else this.#waiting.set(query, [waiting])
  }

  write<Row>(write: BatchWrite<Row>, row: Row): void {
    const slot = write as AnyWrite
    const list = this.#writes.get(slot)
    if (list) list.push(row)
    else this.#writes.set(slot, [row])
  }

  afterCommit(then: () => void): void {
    this.#afterCommit.push(then)
  }

  afterRollback(then: (lost: boolean) => void): void {
    this.#afterRollback.push(then)
  }

  /** Sends the collected writes and then `last`, in one packet. Called by the handler, once, at the end. */
  async flush(last: (db: Queryable) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    const writes = [...this.#writes].sort(([a], [b]) => a.order - b.order)
    this.#writes.clear()
    await inOnePacket(this.db, () =>
      Promise.all([...writes.map(([write, rows]) => write.run(this.db, rows)), last(this.db)]),
    )
  }

  /** Called by the handler once the commit has succeeded. */
  committed(): void {
    this.#afterRollback.length = 0
    for (const then of this.#afterCommit) then()
  }

  /** Called by the handler once PostgreSQL has rolled back, or cannot be asked to any more. */
  rolledBack(lost: boolean): void {
    for (const then of this.#afterRollback.splice(0)) then(lost)
  }

  #dispatch(): void {
    const rounds = [...this.#waiting]
    this.#waiting = new Map()
    inOnePacket(this.db, () => {
      for (const [query, entries] of rounds) void this.#run(query, entries)
    })
  }

  async #run(query: AnyQuery, entries: Waiting[]): Promise<void> {
    try {
      const keys = entries.map((entry) => entry.key)
      const rows = await query.run(this.db, keys)
      for (const { key, resolve } of entries) resolve(rows.get(query.keyOf(key)))
    } catch (error) {
      for (const { reject } of entries) reject(error)
    }
  }
}
