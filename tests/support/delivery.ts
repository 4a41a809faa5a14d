/** Delivery on a real database, with a virtual clock and a scripted gateway. */
import { openDelivery, settleEcho, slice } from '../../src/delivery/index.ts'
import type { DeliveryOptions } from '../../src/delivery/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { Body, Effect, Purpose, Recipient, SendMessage } from '../../src/kernel/effect.ts'
import type { Message } from '../../src/kernel/event.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import type { Alarm, Alarms } from '../../src/kernel/ports.ts'
import type { Applying } from '../../src/kernel/slice.ts'
import { Transaction } from '../../src/kernel/work.ts'
import { virtualClock } from './clock.ts'
import { ScriptedGateway } from './gateway.ts'
import { until } from './until.ts'

export type Row = {
  id: bigint
  key: string
  part: number
  state: string
  reason: string | null
  deferred: string | null
  sending_at: Date | null
  not_before: Date | null
  settled_by: string | null
  message_id: string | null
  body: Body
}

export function keptAlarms(): Alarms & { codes(): string[] } {
  const raised = new Map<string, Alarm & { since: Date }>()
  return {
    raise: (alarm) => void raised.set(alarm.key, { ...alarm, since: new Date(0) }),
    clear: (key) => void raised.delete(key),
    current: () => [...raised.values()],
    codes: () => [...raised.values()].map(({ code }) => code),
  }
}

export class DeliveryWorld {
  readonly db: Database
  readonly clock = virtualClock()
  readonly ids = systemIds(this.clock)
  readonly alarms = keptAlarms()
  readonly cases: { reason: string; key: string; customerId: string | null }[] = []
  /** The section `delivery` of settings.yaml. */
  settings: Record<string, unknown> = { pace: { enabled: false } }
  /** Its other sections, by name. */
  sections: Record<string, Record<string, unknown>> = {}
  readonly content = {
    version: 'test',
    zone: 'Asia/Shanghai',
    settings: ({ name, schema }: { name: string; schema: { parse(value: unknown): unknown } }) =>
      schema.parse(name === 'delivery' ? this.settings : (this.sections[name] ?? {})),
  } as unknown as Content
  readonly #stops: (() => Promise<void>)[] = []

  constructor(db: Database) {
    this.db = db
  }

  /** Takes the account as a new owner does, and gives the epoch. */
  async take(account = 'main'): Promise<number> {
    const { rows } = await this.db.pool.query<{ epoch: number }>(
      `INSERT INTO account (name, epoch) VALUES ($1, 1)
       ON CONFLICT (name) DO UPDATE SET epoch = account.epoch + 1 RETURNING epoch`,
      [account],
    )
    return rows[0]?.epoch ?? 0
  }

  /** A process that owns the account, under a fresh epoch unless one is given. */
  async open(
    gateway = new ScriptedGateway(),
    options: Partial<DeliveryOptions> & { epoch?: () => number | null } = {},
  ): Promise<{ gateway: ScriptedGateway; wake: () => void; stop: () => Promise<void> }> {
    const epoch = options.epoch ? undefined : await this.take(gateway.account)
    const delivery = openDelivery({
      db: this.db,
      gateways: [gateway],
      content: () => this.content,
      clock: this.clock,
      ids: this.ids,
      log: silentLog,
      alarms: this.alarms,
      openCase: async (_db, { reason, key, customerId }) => {
        if (!this.cases.some((known) => known.key === key)) this.cases.push({ reason, key, customerId })
      },
      epochOf: options.epoch ?? (() => epoch ?? null),
      ...options,
    })
    const stop = (): Promise<void> => delivery.stop(24 * 60 * 60_000)
    this.#stops.push(stop)
    return { gateway, wake: () => delivery.wake(), stop }
  }

  /** Stops every process and waits for all that it does; what hangs runs into its deadline. */
  async close(): Promise<void> {
    let stopped = false
    const all = Promise.all(this.#stops.map((stop) => stop())).then(() => (stopped = true))
    await until(async () => {
      await this.clock.advance(1_000)
      return stopped
    })
    await all
  }

  async customer(columns: { optedOutAt?: Date; forgottenAt?: Date; mergedInto?: string } = {}): Promise<string> {
    const id = this.ids.fresh()
    await this.db.pool.query(
      `INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, opted_out_at, forgotten_at, merged_into)
       VALUES ($1, coalesce((SELECT person_id FROM customer WHERE id = $5), $1), $2, $2, $3, $4, $5)`,
      [id, this.clock.now(), columns.optedOutAt, columns.forgottenAt, columns.mergedInto],
    )
    return id
  }

  /** A direct thread with a customer of her own. */
  async direct(contactId: string, { account = 'main', customerId = '' } = {}): Promise<Recipient & { kind: 'direct' }> {
    const threadId = this.ids.fresh()
    const customer = customerId || (await this.customer())
    await this.db.pool.query(
      `INSERT INTO thread (id, kind, account, contact_id, customer_id, created_at) VALUES ($1, 'direct', $2, $3, $4, $5)`,
      [threadId, account, contactId, customer, this.clock.now()],
    )
    return { kind: 'direct', account, contactId, threadId, customerId: customer }
  }

  async group(roomId: string, account = 'main'): Promise<Recipient & { kind: 'group' }> {
    const threadId = this.ids.fresh()
    await this.db.pool.query(`INSERT INTO thread (id, kind, created_at) VALUES ($1, 'group', $2)`, [
      threadId,
      this.clock.now(),
    ])
    return { kind: 'group', account, roomId, threadId }
  }

  /** Asks for sends in one handling transaction, as the route does. */
  async ask(...effects: Effect[]): Promise<void> {
    const asked = await this.asking(...effects)
    await asked.commit()
    asked.committed()
  }

  /** As `ask`, step by step: all is written, nothing committed, and nobody has heard of it. */
  async asking(...effects: Effect[]) {
    const client = await this.db.pool.connect()
    await client.query('BEGIN')
    const work = new Transaction(client, this.clock.now())
    for (const effect of effects) {
      const apply = slice.applies?.[effect.kind] as ((asked: Effect, on: Applying) => unknown) | undefined
      await apply?.(effect, { work, content: this.content, ids: this.ids })
    }
    const end = async (how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
      await client.query(how)
      client.release()
    }
    return {
      write: () => work.flush(),
      commit: async () => {
        await work.flush()
        await end('COMMIT')
      },
      rollback: () => end('ROLLBACK'),
      committed: () => work.committed(),
      rolledBack: (lost = false) => work.rolledBack(lost),
    }
  }

  /** Shows an own message to delivery; whether it is one of its sends. */
  async echo(
    threadId: string,
    message: Partial<Message> & { id: string },
    { account = 'main', echoes = true } = {},
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const work = new Transaction(tx, this.clock.now())
      const seen = {
        type: 'text',
        text: '',
        sentAt: this.clock.now().toISOString(),
        mentions: [],
        mentionsSelf: false,
        ...message,
      } as const
      return (
        (await settleEcho({ work, ids: this.ids }, { account, threadId, message: seen as Message, echoes })) !==
        undefined
      )
    })
  }

  async rows(key?: string): Promise<Row[]> {
    const { rows } = await this.db.pool.query<Row>(
      `SELECT id, key, part, state, reason, deferred, sending_at, not_before, settled_by, message_id, body FROM outbox WHERE $1::text IS NULL OR key = $1 ORDER BY id`,
      [key ?? null],
    )
    return rows
  }

  /** «sent», or «cancelled: expired»; the parts of a key one after the other. */
  async states(key?: string): Promise<string[]> {
    return (await this.rows(key)).map(({ state, reason }) => (reason ? `${state}: ${reason}` : state))
  }

  /** With `ticking` a second passes at each look: what waits for a timer moves. */
  async untilStates(key: string, states: string[], { ticking = false } = {}): Promise<void> {
    let seen: string[] = []
    const reached = async (): Promise<boolean> => {
      if (ticking) await this.clock.advance(1_000)
      seen = await this.states(key)
      return JSON.stringify(seen) === JSON.stringify(states)
    }
    await until(reached, { within: 30_000 }).catch((error: unknown) => {
      throw new Error(`${key} is ${seen.join(', ')} and not ${states.join(', ')}`, { cause: error })
    })
  }

  async empty(): Promise<void> {
    await this.db.pool.query(
      'TRUNCATE outbox, outbox_hold, message, thread, customer, account, audit, media, identity, handoff_case, case_entry RESTART IDENTITY CASCADE',
    )
  }
}

export function send(
  to: Recipient,
  key: string,
  text: string | Body[],
  {
    purpose = 'reply',
    ...rest
  }: { purpose?: Purpose } & Partial<Omit<SendMessage, 'kind' | 'to' | 'key' | 'body'>> = {},
): SendMessage {
  return {
    kind: 'SendMessage',
    to,
    purpose,
    key,
    body: typeof text === 'string' ? [{ type: 'text', text }] : text,
    ...rest,
  }
}
