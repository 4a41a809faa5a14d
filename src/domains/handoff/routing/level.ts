/** What tags say of a customer, as far as it decides how her case is treated. */
import type { Content } from '../../../kernel/content.ts'
import type { FactKind } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { handoffKind } from '../schema.ts'

/** What tags say of a customer, as their slice lends it. */
export type Held = FactKind | undefined

/** Her values in the dimensions that handoff.yaml names; null where nothing is known. */
export async function standingOf(
  held: Held,
  customerId: string | null,
  db: Queryable,
  on: { now: Date; content: Content },
): Promise<{ level: string | null; region: string | null }> {
  const { levels, regions } = on.content.one(handoffKind)
  const known = customerId === null ? undefined : await held?.ask(db, customerId, on)
  const tag = (dimension: string | undefined): string | null => {
    const value = known?.kind === 'known' && dimension !== undefined ? known.values[dimension] : undefined
    return typeof value === 'string' ? value : null
  }
  return { level: tag(levels?.by), region: tag(regions) }
}

/** Known for customers of a level with `direct: true`: a human answers them as soon as the bot cannot. */
export function directFact(held: Held): FactKind {
  return {
    title: 'Whether a human answers her at once where nobody else can',
    placeholders: [],
    async ask(db, customerId, on) {
      const { levels } = on.content.one(handoffKind)
      // Most brands ask for no such thing: then no tags are read.
      if (!Object.values(levels?.of ?? {}).some(({ direct }) => direct)) return { kind: 'unknown' }
      const { level } = await standingOf(held, customerId, db, on)
      return level !== null && levels?.of[level]?.direct ? { kind: 'known', values: {} } : { kind: 'unknown' }
    },
  }
}
