/** Journeys as they were when somebody entered, and up to when it was looked who should. */
import type { Queryable } from '../../../../kernel/work.ts'
import type { FrozenJourney } from '../schema.ts'

export async function saveVersion(
  db: Queryable,
  { frozen, fingerprint }: { frozen: FrozenJourney; fingerprint: string },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'journeys-version',
    text: `INSERT INTO journey_version (journey, fingerprint, data, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (journey, fingerprint) DO NOTHING`,
    values: [frozen.id, fingerprint, JSON.stringify(frozen), now],
  })
}

const nameOf = (journey: string): string => `journey:${journey}`
/** The clock by which it is looked whether what people wait for has happened. */
const waiting = 'waiting'

export type JourneyClock = { lookedAt: Date; pausedAt: Date | null }

/** The clock of a journey, made when there is none; locked until the transaction ends. */
export function lockJourneyClock(db: Queryable, journey: string, now: Date): Promise<JourneyClock> {
  return lockClock(db, nameOf(journey), now)
}

export function lockWaitingClock(db: Queryable, now: Date): Promise<JourneyClock> {
  return lockClock(db, waiting, now)
}

async function lockClock(db: Queryable, name: string, now: Date): Promise<JourneyClock> {
  await db.query({
    name: 'journeys-clock-new',
    text: 'INSERT INTO campaign_clock (name, looked_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
    values: [name, now],
  })
  const { rows } = await db.query<{ looked_at: Date; paused_at: Date | null }>({
    name: 'journeys-clock',
    text: 'SELECT looked_at, paused_at FROM campaign_clock WHERE name = $1 FOR UPDATE',
    values: [name],
  })
  return { lookedAt: rows[0]!.looked_at, pausedAt: rows[0]!.paused_at }
}

export function windJourneyClock(db: Queryable, journey: string, now: Date): Promise<void> {
  return wind(db, nameOf(journey), now)
}

export function windWaitingClock(db: Queryable, now: Date): Promise<void> {
  return wind(db, waiting, now)
}

async function wind(db: Queryable, name: string, now: Date): Promise<void> {
  await db.query({
    name: 'journeys-wind',
    text: 'UPDATE campaign_clock SET looked_at = $2 WHERE name = $1 AND looked_at < $2',
    values: [name, now],
  })
}

export async function setJourneyPaused(
  db: Queryable,
  journey: string,
  pausedAt: Date | null,
  now: Date,
): Promise<void> {
  await db.query(
    `INSERT INTO campaign_clock (name, looked_at, paused_at) VALUES ($1, $3, $2)
     ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at`,
    [nameOf(journey), pausedAt, now],
  )
}

export async function listPausedJourneys(db: Queryable): Promise<Map<string, Date>> {
  const { rows } = await db.query<{ name: string; paused_at: Date }>({
    name: 'journeys-paused',
    text: "SELECT name, paused_at FROM campaign_clock WHERE name LIKE 'journey:%' AND paused_at IS NOT NULL",
  })
  return new Map(rows.map((row) => [row.name.slice('journey:'.length), row.paused_at]))
}
