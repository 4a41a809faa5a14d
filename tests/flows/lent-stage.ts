/** What slices lend to journeys, asked as campaigns ask: queries over a window, with what is written in content. */
import { expect } from 'vitest'
import type { Content } from '../../src/kernel/content.ts'
import type { ClauseSql, GoalKind, JourneyTrigger } from '../../src/kernel/slice.ts'
import type { Queryable } from '../../src/kernel/work.ts'

export const dayMs = 86_400_000
const content = { zone: 'Asia/Shanghai' } as Content

export type Found = { person: string; cause: string; at: Date }
type Window = { after: Date; until: Date }

async function ask<Row extends object>(
  db: Queryable,
  window: Window,
  query: (sql: ClauseSql & Window) => string,
): Promise<Row[]> {
  const values: unknown[] = []
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`
  const text = query({ bind, now: window.until, content, ...window })
  return (await db.query<Row>(`SELECT * FROM (${text}) lent`, values)).rows
}

/** Whom a trigger finds, in the order of the instants. */
export async function due(
  db: Queryable,
  trigger: JourneyTrigger | undefined,
  written: unknown,
  window: Window,
): Promise<Found[]> {
  if (trigger?.on !== 'due') throw new TypeError('no trigger that is looked for')
  const args = trigger.schema.parse(written)
  type Row = { person_id: string; cause: string; at: Date }
  const rows = await ask<Row>(db, window, (sql) => trigger.persons(args, sql))
  for (const { at } of rows) {
    expect(at.getTime()).toBeGreaterThan(window.after.getTime())
    expect(at.getTime()).toBeLessThanOrEqual(window.until.getTime())
  }
  const found = rows.map(({ person_id: person, cause, at }) => ({ person, cause, at }))
  return found.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.person < b.person ? -1 : 1))
}

/** Who reached a goal, and when. */
export async function reached(
  db: Queryable,
  goal: GoalKind | undefined,
  written: unknown,
  window: Window,
): Promise<{ person: string; at: Date }[]> {
  if (!goal) throw new TypeError('no goal')
  const args = goal.schema.parse(written)
  const rows = await ask<{ person_id: string; at: Date }>(db, window, (sql) => goal.reached(args, sql))
  return rows
    .map(({ person_id: person, at }) => ({ person, at }))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.person < b.person ? -1 : 1))
}

/**
 * A trigger finds over windows that join, cut at `cuts`, whom it finds over the whole: nobody is missed, nobody found
 * twice, and a person has a cause once.
 */
export async function joins(
  db: Queryable,
  trigger: JourneyTrigger | undefined,
  written: unknown,
  { after, until, cuts }: Window & { cuts: readonly Date[] },
): Promise<Found[]> {
  const edges = [after, ...cuts.filter((cut) => cut > after && cut < until), until].toSorted(
    (a, b) => a.getTime() - b.getTime(),
  )
  const whole = await due(db, trigger, written, { after, until })
  const pieces: Found[] = []
  for (const [i, edge] of edges.slice(1).entries()) {
    pieces.push(...(await due(db, trigger, written, { after: edges[i] ?? after, until: edge })))
  }
  const order = (list: Found[]): string[] =>
    list.map(({ person, cause, at }) => `${person} ${cause} ${at.toISOString()}`).sort()
  expect(order(pieces)).toEqual(order(whole))
  const once = whole.map(({ person, cause }) => `${person} ${cause}`)
  expect(new Set(once).size).toBe(once.length)
  return whole
}
