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

/** Reads many keys in one statement. `keyOf` must tell two keys apart and call equal keys equal. */
export type BatchQuery<K, V> = {
  name: string
  keyOf: (key: K) => string
  /** Rows by `keyOf(key)`; a key without a row is left out. */
  run: (db: Queryable, keys: K[]) => Promise<Map<string, V>>
}

/** Writes many rows in one statement. `order` rises from what is pointed at to what points (customer 10, message 30 …). */
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
  load<K, V>(query: BatchQuery<K, V>, key: K): Promise<V | undefined>
  write<Row>(write: BatchWrite<Row>, row: Row): void
  /** Runs after the commit, never after a rollback; for waking loops. */
  afterCommit(then: () => void): void
}

type Waiting<K, V> = { key: K; resolve: (value: V | undefined) => void; reject: (error: unknown) => void }

export class Transaction implements Work {
  readonly now: Date
  readonly db: Queryable
  readonly #waiting = new Map<BatchQuery<never, unknown>, Waiting<unknown, unknown>[]>()
  readonly #writes = new Map<BatchWrite<never>, unknown[]>()
  readonly #afterCommit: (() => void)[] = []
  #scheduled = false

  constructor(db: Queryable, now: Date) {
    this.db = db
    this.now = now
  }

  load<K, V>(query: BatchQuery<K, V>, key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      const slot = query as unknown as BatchQuery<never, unknown>
      const list = this.#waiting.get(slot)
      const entry = { key, resolve, reject } as Waiting<unknown, unknown>
      if (list) list.push(entry)
      else this.#waiting.set(slot, [entry])
      if (!this.#scheduled) {
        this.#scheduled = true
        // After the promise jobs of this turn: every event of the batch has asked for its rows by then.
        setImmediate(() => void this.#dispatch())
      }
    })
  }

  write<Row>(write: BatchWrite<Row>, row: Row): void {
    const slot = write as unknown as BatchWrite<never>
    const list = this.#writes.get(slot)
    if (list) list.push(row)
    else this.#writes.set(slot, [row])
  }

  afterCommit(then: () => void): void {
    this.#afterCommit.push(then)
  }

  /** Sends the collected writes. Called by the handler, once, before it commits. */
  async flush(): Promise<void> {
    const writes = [...this.#writes].sort(([a], [b]) => a.order - b.order)
    this.#writes.clear()
    for (const [write, rows] of writes) await write.run(this.db, rows as never[])
  }

  /** Called by the handler once the commit has succeeded. */
  committed(): void {
    for (const then of this.#afterCommit) then()
  }

  async #dispatch(): Promise<void> {
    this.#scheduled = false
    const rounds = [...this.#waiting]
    this.#waiting.clear()
    for (const [query, entries] of rounds) {
      try {
        const distinct = new Map(entries.map((entry) => [query.keyOf(entry.key as never), entry.key]))
        const rows = await query.run(this.db, [...distinct.values()] as never[])
        for (const entry of entries) entry.resolve(rows.get(query.keyOf(entry.key as never)))
      } catch (error) {
        for (const entry of entries) entry.reject(error)
      }
    }
  }
}
