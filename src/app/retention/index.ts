/** How long what people said and did is kept. What must outlive that, outlives it: tags, orders, consent, the audit. */
import { z } from 'zod'
import { deleteExpiredMedia } from '../../media/index.ts'
import { type Content, settingsSection } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { Duration } from '../../kernel/duration.ts'
import type { Slice } from '../../kernel/slice.ts'
import { sweepInteractions, sweepPage, type Swept } from './repo.ts'

export const retentionSettings = settingsSection({
  name: 'retention',
  title: 'How long data is kept',
  schema: z.strictObject({
    messages: Duration.prefault('730d').describe('What was said, in and out'),
    interactions: Duration.prefault('730d').describe(
      'Questions, praise, complaints and the like, as they were counted',
    ),
    inbox: Duration.prefault('30d').describe('Events of the platform as they came, once they are handled'),
    outbox: Duration.prefault('180d').describe('What was sent, once nobody wonders any more whether it was'),
  }),
})

export const slice: Slice = { name: 'retention', settings: [retentionSettings], rights: 'none' }

export type Sweep = { messages: number; interactions: number; inbox: number; outbox: number; media: number }

/**
 * Deletes what is past its time, at most 1,000 rows a transaction; broken off, the next call goes on. Once a day. Tags
 * stay: they say by themselves how long they hold. Files go when they expire.
 */
export async function sweepRetention(db: Database, content: Content, now: Date): Promise<Sweep> {
  const keep = content.settings(retentionSettings)
  const before = (ms: number): Date => new Date(now.getTime() - ms)
  return {
    messages: await sweepAll((after) => sweepPage(db.pool, 'message', before(keep.messages), after)),
    inbox: await sweepAll((after) => sweepPage(db.pool, 'inbox', before(keep.inbox), after)),
    outbox: await sweepAll((after) => sweepPage(db.pool, 'outbox', before(keep.outbox), after)),
    interactions: await sweepInteractions(db.pool, before(keep.interactions)),
    media: await deleteExpiredMedia(db.pool, now),
  }
}

async function sweepAll(page: (after: string | null) => Promise<Swept>): Promise<number> {
  let swept = 0
  for (let after: string | null = null; ; ) {
    const { deleted, last } = await page(after)
    swept += deleted
    if (last === null) return swept
    after = last
  }
}
