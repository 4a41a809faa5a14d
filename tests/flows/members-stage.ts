/** Members and handoff on a real database: events in, effects out, rows to look at. */
import * as handoff from '../../src/domains/handoff/index.ts'
import * as members from '../../src/domains/members/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { Announce, Effect, EffectOf } from '../../src/kernel/effect.ts'
import type { Contact, Event, Happening, HappeningOf, Message, Place } from '../../src/kernel/event.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { virtualJobs } from '../../src/kernel/jobs.ts'
import { Transaction, type Work } from '../../src/kernel/work.ts'
import { virtualClock } from '../support/clock.ts'

const nothing: Record<string, unknown> = {}

export const person = (id: string, name = id, more: Partial<Contact> = {}): Contact => ({
  id,
  name,
  kind: 'person',
  ...more,
})

export const group = (roomId: string): Place => ({ kind: 'group', roomId })
export const direct = (contactId: string): Place => ({ kind: 'direct', contactId })

export class Stage {
  readonly db: Database
  readonly clock = virtualClock()
  readonly ids = systemIds(this.clock)
  settings: Record<string, Record<string, unknown>> = {}
  groups: Record<string, unknown>[] = []
  interactions: Record<string, unknown>[] = []
  realms: Record<string, string> = {}
  /** What journeys were told, since the stage was last emptied. */
  announced: Announce[] = []
  /** What the house does when a customer turns out to be staff, or no longer is; nothing unless a test says so. */
  roleChanged: (work: Work, customerId: string) => void = () => undefined
  #serial = 0
  readonly jobs = virtualJobs(this.clock)

  constructor(db: Database) {
    this.db = db
  }

  get now(): Date {
    return this.clock.now()
  }

  get content(): Content {
    const sections = this.settings
    const files: Record<string, unknown> = {
      groups: { groups: this.groups },
      interactions: { interactions: this.interactions },
    }
    return {
      version: 'test',
      zone: 'Asia/Shanghai',
      settings: (section: { name: string; schema: { parse(value: unknown): unknown } }) =>
        section.schema.parse(sections[section.name] ?? nothing),
      one: (kind: { name: string; schema: { parse(value: unknown): unknown } }) => kind.schema.parse(files[kind.name]),
      reply: (key: string, values: Record<string, unknown> = {}) => `${key} ${Object.values(values).join(' | ')}`,
    } as unknown as Content
  }

  /** A transaction of one event, or of several that share it. */
  async within<T>(run: (on: members.On) => Promise<T>, account = 'main'): Promise<T> {
    return this.db.transaction(async (db) => {
      const work = new Transaction(db, this.now)
      const realm = this.realms[account] ?? 'default'
      const roleChanged = (customerId: string): void => this.roleChanged(work, customerId)
      const result = await run({ work, content: this.content, ids: this.ids, account, realm, roleChanged })
      await work.flush()
      return result
    })
  }

  /**
   * Takes one event through members, as the route does. Gives the effects that neither members nor handoff apply, but for
   * announcements.
   */
  async happen(
    what: Happening,
    { account = 'main', at = this.now }: { account?: string; at?: Date } = {},
  ): Promise<Effect[]> {
    const event = this.event(what, account, at)
    return this.within(async (on) => {
      const effects =
        what.kind === 'SliceEvent'
          ? ((await members.slice.events?.[what.name]?.({ ...on, event: { ...event, what } })) ?? [])
          : await members.handle(on, event)
      return this.apply(on, effects)
    }, account)
  }

  async apply(on: members.On, effects: readonly Effect[]): Promise<Effect[]> {
    const appliers = { ...members.slice.applies, ...handoff.handoffSlice([]).applies }
    const left: Effect[] = []
    for (const effect of effects) {
      const apply = appliers[effect.kind] as ((effect: Effect, on: members.On) => unknown) | undefined
      if (apply) await apply(effect, on)
      else if (effect.kind === 'Announce') this.announced.push(effect)
      else left.push(effect)
    }
    return left
  }

  /** Somebody says something: stored unless it is a copy. Gives where, who, and whether it was a copy. */
  async say(
    sender: Contact,
    place: Place,
    text: string,
    {
      account = 'main',
      at = this.now,
      id = this.name('m'),
      ...more
    }: Partial<Message> & { account?: string; at?: Date } = {},
  ): Promise<{ person: members.Person; thread: members.Thread; copy: boolean }> {
    const event = this.event(this.message(sender, place, text, { id, at, ...more }), account, at)
    return this.within(async (on) => {
      const who = await members.meet(on, sender, at)
      const thread = await members.threadOf(on, place, who)
      const copy = thread.recipient.account !== account
      if (!copy) members.recordMessage(on, event, thread, who)
      return { person: who, thread, copy }
    }, account)
  }

  message(
    sender: Contact,
    place: Place,
    text: string,
    { id = this.name('m'), at = this.now, ...more }: Partial<Message> & { at?: Date } = {},
  ): HappeningOf<'MessageReceived'> {
    const plain = { id, type: 'text' as const, text, sentAt: at.toISOString(), mentions: [], mentionsSelf: false }
    return { kind: 'MessageReceived', place, sender, message: { ...plain, ...more } }
  }

  event<H extends Happening>(what: H, account = 'main', at = this.now): Event<H> {
    this.#serial += 1
    return { id: BigInt(this.#serial), account, key: `key:${this.#serial}`, at, receivedAt: this.now, what }
  }

  /** Runs the timer that an effect asked for, when it is due. */
  async due(effect: Effect | undefined): Promise<Effect[]> {
    if (effect?.kind !== 'ScheduleEvent') throw new TypeError('not a timer')
    await this.clock.advance(Math.max(0, effect.at.getTime() - this.now.getTime()))
    const { name, lock, payload, account } = effect
    return this.happen({ kind: 'SliceEvent', name, lock, payload }, { account })
  }

  name(prefix: string): string {
    this.#serial += 1
    return `${prefix}${this.#serial}`
  }

  async rows<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.db.pool.query<Row>(text, values)).rows
  }

  /** Everything away, for the next test. */
  async empty(): Promise<void> {
    await this.db.pool.query(
      `TRUNCATE account, inbox, customer, identity, room, group_account, membership, thread, message, open_question,
         burst, outbox, handoff_case, case_entry RESTART IDENTITY CASCADE`,
    )
    this.settings = {}
    this.groups = []
    this.interactions = []
    this.realms = {}
    this.announced = []
    this.roleChanged = () => undefined
  }
}

export function sent(effects: readonly Effect[]): EffectOf<'SendMessage'>[] {
  return effects.filter((effect) => effect.kind === 'SendMessage')
}
