/** The fifths of the whole base, over the population of the segments bench. */
import { computeBars, tagsKind } from '../../src/domains/tags/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { Row } from './row.ts'

const seconds = 60

/** Measures every person, makes the bars and marks whoever's scores move by them; leaves the population as it was. */
export async function measureBars(
  db: Database,
  { content, now }: { content: Content; now: Date },
  say: (progress: string) => void,
): Promise<Row> {
  const started = performance.now()
  const computed = await computeBars(db, content.one(tagsKind).rfm, now)
  const value = (performance.now() - started) / 1_000
  await db.pool.query('TRUNCATE rfm_bars, tag_due')
  say(`RFM: ${computed?.people ?? 0} people, ${computed?.moved ?? 0} of them moved, ${value.toFixed(1)} s`)
  return { name: 'RFM bars of the whole base', value, unit: 's', bar: `< ${seconds} s`, ok: value < seconds }
}
