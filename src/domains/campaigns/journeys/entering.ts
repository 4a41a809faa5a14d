/** Who enters a journey: whoever is announced, and whom the passing of time brings. */
import type { Content } from '../../../kernel/content.ts'
import type { Database } from '../../../kernel/db.ts'
import type { Announce } from '../../../kernel/effect.ts'
import type { Applying } from '../../../kernel/slice.ts'
import { frozenOf } from './frozen.ts'
import { journeysOf } from './kind.ts'
import { type Entrance, insertFound, newEnrolments } from './repo/entrances.ts'
import { listPausedJourneys, lockJourneyClock, saveVersion, windJourneyClock } from './repo/versions.ts'
import type { Journey, Lent } from './schema.ts'

/** Applies `Announce`: whoever it is about enters the journeys that wait for just that. */
export async function onAnnounced(
  { trigger, cause, customerId, data }: Announce,
  { work, content }: Pick<Applying, 'work' | 'content'>,
  { triggers }: Lent,
): Promise<void> {
  const kind = triggers[trigger]
  if (kind?.on !== 'announced') return
  const meant = journeysOf(content).filter((journey) =>
    journey.triggers.some(({ name, args }) => name === trigger && kind.matches(args, data, content)),
  )
  if (meant.length === 0) return
  const paused = await listPausedJourneys(work.db)
  for (const journey of meant.filter(({ id }) => !paused.has(id))) {
    await enter(journey, { cause, customerId, data }, { work, content })
  }
}

/** Lets somebody in unless something keeps her out. Whether she meets the journey's conditions is asked at its first step. */
export async function enter(
  journey: Journey,
  who: Pick<Entrance, 'cause' | 'customerId' | 'data'>,
  { work, content }: Pick<Applying, 'work' | 'content'>,
): Promise<void> {
  const version = frozenOf(journey, content)
  const { id, again } = journey
  await saveVersion(work.db, version, work.now)
  work.write(newEnrolments, { ...who, journey: id, fingerprint: version.fingerprint, again, now: work.now })
}

/** By time alone nobody enters more often: a birthday an hour late is one still. */
const lookEveryMs = 15 * 60_000
/** Whoever slept longer greets nobody for what is over. */
const catchUpMs = 2 * 24 * 60 * 60_000
/** No transaction covers more. */
const chunk = 1_000

/**
 * Looks for those to whom it has happened since the last look. Each chunk is committed by itself, the clock last: killed in
 * between, the next look finds the rest, and nobody twice. Chunks are found under the lock of the clock, so that of two
 * processes neither takes for the last one what the other was about to write.
 */
export async function enterDue(db: Database, content: Content, lent: Lent, now: Date): Promise<void> {
  for (const journey of journeysOf(content)) {
    const due = journey.triggers.filter(({ name }) => lent.triggers[name]?.on === 'due')
    if (due.length === 0) continue
    const clock = await db.transaction((tx) => lockJourneyClock(tx, journey.id, now))
    if (now.getTime() - clock.lookedAt.getTime() < lookEveryMs) continue
    const after = new Date(Math.max(clock.lookedAt.getTime(), now.getTime() - catchUpMs))
    for (const trigger of due) await enterBy(db, content, lent, { journey, trigger, after, now })
    await windJourneyClock(db.pool, journey.id, now)
  }
}

type Look = { journey: Journey; trigger: Journey['triggers'][number]; after: Date; now: Date }

async function enterBy(
  db: Database,
  content: Content,
  { triggers }: Lent,
  { journey, trigger, after, now }: Look,
): Promise<void> {
  const kind = triggers[trigger.name]
  if (kind?.on !== 'due') return
  const version = frozenOf(journey, content)
  const entrance = { journey: journey.id, fingerprint: version.fingerprint, again: journey.again, now, limit: chunk }
  // In front of theirs stand five values of the statement around.
  const values: unknown[] = []
  const bind = (value: unknown, type: string): string => `$${values.push(value) + 5}::${type}`
  const text = kind.persons(trigger.args, { now, content, bind, after, until: now })
  for (let found = chunk; found === chunk; ) {
    found = await db.transaction(async (tx) => {
      if ((await lockJourneyClock(tx, journey.id, now)).pausedAt) return 0
      await saveVersion(tx, version, now)
      return insertFound(tx, entrance, { text, values })
    })
  }
}
