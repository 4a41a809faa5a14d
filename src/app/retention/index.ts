/** How long what people said and did is kept. What must outlive that, outlives it: tags, orders, consent, the audit. */
import { z } from 'zod'
import * as campaigns from '../../domains/campaigns/index.ts'
import * as faq from '../../domains/faq/index.ts'
import { deleteExpiredMedia } from '../../media/index.ts'
import { type Content, settingsSection } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { Duration } from '../../kernel/duration.ts'
import type { Slice } from '../../kernel/slice.ts'
import { dayIn } from '../../kernel/zone.ts'
import { sweepAnswers, sweepInteractions, sweepPage, type Swept, sweepSpend } from './repo.ts'

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
    campaigns: Duration.prefault('400d').describe(
      'Who was to get what in which run, and the steps of journeys. The reports of runs stay',
    ),
    exchanges: Duration.prefault('180d').describe(
      'What was asked and how it was answered, with what the model was given: questions without answers are found in it',
    ),
  }),
})

export const slice: Slice = { name: 'retention', settings: [retentionSettings], rights: 'none' }

/** Rows that are gone, by what they were. */
export type Sweep = Record<
  | 'messages'
  | 'interactions'
  | 'inbox'
  | 'outbox'
  | 'media'
  | 'exchanges'
  | 'answers'
  | 'spend'
  | 'vectors'
  | 'recipients'
  | 'journeys'
  | 'links',
  number
>

const dayMs = 86_400_000
/** Months of spending can be compared with those of the year before. */
const spendKeptMs = 400 * dayMs
/** Vectors of wordings that content no longer has: for as long it may be rolled back for nothing. */
const vectorsKeptMs = 30 * dayMs

/**
 * Deletes what is past its time, at most 1,000 rows a transaction; broken off, the next call goes on. Once a day. Tags
 * stay: they say by themselves how long they hold. Files and remembered answers go when they expire. `embeddingModel`
 * made the vectors that are in use; with `goals` the reports of runs are counted once more before their rows go.
 */
export async function sweepRetention(
  db: Database,
  content: Content,
  now: Date,
  { goals, embeddingModel }: { goals: campaigns.Goals; embeddingModel?: string | undefined },
): Promise<Sweep> {
  const keep = content.settings(retentionSettings)
  const before = (ms: number): Date => new Date(now.getTime() - ms)
  const linksKeptFor = content.settings(campaigns.campaignsSettings).links.keepFor
  const on = { content, now, goals }
  // First: the reports are counted from messages and links, too.
  const recipients = await campaigns.sweepRuns(db, on, { keepFor: keep.campaigns, linksKeptFor })
  return {
    recipients,
    journeys: await campaigns.sweepVisits(db.pool, before(keep.campaigns)),
    links: await campaigns.sweepLinks(db.pool, before(linksKeptFor)),
    messages: await sweepAll((after) => sweepPage(db.pool, 'message', before(keep.messages), after)),
    inbox: await sweepAll((after) => sweepPage(db.pool, 'inbox', before(keep.inbox), after)),
    outbox: await sweepAll((after) => sweepPage(db.pool, 'outbox', before(keep.outbox), after)),
    exchanges: await sweepAll((after) => sweepPage(db.pool, 'exchange', before(keep.exchanges), after)),
    interactions: await sweepInteractions(db.pool, before(keep.interactions)),
    answers: await sweepAnswers(db.pool, now),
    spend: await sweepSpend(db.pool, dayIn(content.zone, before(spendKeptMs))),
    vectors: await faq.sweepVectors(db.pool, embeddingModel, content, before(vectorsKeptMs)),
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
