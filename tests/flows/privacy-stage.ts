/** The part of the route that concerns privacy, on a real database, with the example brand's words. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as handoff from '../../src/domains/handoff/index.ts'
import * as members from '../../src/domains/members/index.ts'
import type { Effect, EffectOf } from '../../src/kernel/effect.ts'
import type { Contact, Message, Place } from '../../src/kernel/event.ts'
import { Stage } from './members-stage.ts'

const settingsFile = new URL('../../content/settings.yaml', import.meta.url)
const example = (parse(readFileSync(settingsFile, 'utf8')) as { privacy: Record<string, unknown> }).privacy

/** What somebody heard: the key of the reply and its values, in one line. */
export type Heard = { words: string; to: 'direct' | 'group'; purpose: string; mentions: string[]; key: string }

export type Said = {
  effects: Effect[]
  heard: Heard[]
  /** Whether the words were taken for a word about her data. */
  taken: boolean
  customerId: string
  threadId: string
}

export class PrivacyStage extends Stage {
  readonly marked: string[] = []

  override async empty(): Promise<void> {
    await this.db.pool.query('TRUNCATE audit')
    await super.empty()
    this.marked.length = 0
    this.settings['privacy'] = structuredClone(example)
    this.groups = [{ id: 'care', title: 'Care', match: { rooms: ['r1'] } }]
  }

  set(changes: Record<string, unknown>): void {
    this.settings['privacy'] = { ...this.settings['privacy'], ...changes }
  }

  /** As the route does it: privacy words, then whether a human has the thread, then what follows beside the answer. */
  async talk(
    sender: Contact,
    place: Place,
    text: string,
    { quiet = false, ...more }: Partial<Message> & { quiet?: boolean } = {},
  ): Promise<Said> {
    const event = this.event(this.message(sender, place, text, more))
    return this.within(async (on) => {
      const person = await members.meet(on, sender, event.at)
      const thread = await members.threadOf(on, place, person)
      members.recordMessage(on, event, thread, person)
      const question = await members.questionOf(on, thread.id, person.customerId)
      const seen = { ...on, event, thread, person, question }
      const taken = await members.privacy.respond(on, seen, this.doors, { quiet })
      const owned = handoff.owns(thread, on.work.now)
      const effects = taken ?? (owned || quiet ? [] : await members.privacy.observe(on, seen))
      await this.apply(on, effects)
      const ids = { customerId: String(person.customerId), threadId: thread.id }
      return { effects, heard: heardOf(effects), taken: taken !== undefined, ...ids }
    })
  }

  get doors(): members.privacy.Doors {
    return {
      markDue: (customerId) => void this.marked.push(customerId),
      summarise: async (db, customerId, content) => [
        ...(await members.privacy.summaryOf(db, customerId, content)),
        `tags of ${customerId}`,
      ],
    }
  }

  /** Lets a timer go off, when it is due. */
  async ring(effect: Effect | undefined): Promise<Effect[]> {
    if (effect?.kind !== 'ScheduleEvent') throw new TypeError('not a timer')
    await this.clock.advance(Math.max(0, effect.at.getTime() - this.now.getTime()))
    const { name, lock, payload, account } = effect
    const what = { kind: 'SliceEvent' as const, name, lock, payload: JSON.parse(JSON.stringify(payload)) as unknown }
    const event = this.event(what, account)
    return this.within(async (on) => {
      const effects = (await members.privacy.slice.events?.[name]?.({ ...on, event })) ?? []
      await this.apply(on, effects)
      return effects
    }, account)
  }

  /** Delivery has sent it: the words stand in the thread. */
  async sent(threadId: string, text: string): Promise<void> {
    await this.db.pool.query(
      `INSERT INTO message (id, thread_id, account, platform_id, direction, type, text, sent_at)
       VALUES ($1, $2, 'main', $3, 'out', 'text', $4, $5)`,
      [this.ids.fresh(), threadId, this.name('o'), text, this.now],
    )
  }

  async consent(customerId: string): Promise<Record<string, boolean>> {
    const [row = {}] = await this.rows(
      `SELECT opted_out_at IS NOT NULL AS "optedOut", profiling_refused_at IS NOT NULL AS "profilingRefused",
         consented_at IS NOT NULL AS consented, sensitive_consent_at IS NOT NULL AS sensitive,
         noticed_at IS NOT NULL AS noticed
       FROM person_consent WHERE person_id = (SELECT person_id FROM customer WHERE id = $1)`,
      [customerId],
    )
    return row as Record<string, boolean>
  }

  async audit(): Promise<string[]> {
    return (await this.rows<{ by: string; action: string }>('SELECT by, action FROM audit ORDER BY id')).map(
      (row) => `${row.by} ${row.action}`,
    )
  }
}

export function heardOf(effects: readonly Effect[]): Heard[] {
  return effects
    .filter((effect): effect is EffectOf<'SendMessage'> => effect.kind === 'SendMessage')
    .map(({ to, purpose, key, body: [body] }) => {
      if (body?.type !== 'text') throw new TypeError('not a text')
      return { words: body.text.trim(), to: to.kind, purpose, key, mentions: body.mentions ?? [] }
    })
}
