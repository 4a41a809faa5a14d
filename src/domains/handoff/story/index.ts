/** The story of a case, for a card in WeChat and for the desk. */
import type { z } from 'zod'
import type { Content } from '../../../kernel/content.ts'
import type { FactKind } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Stored } from '../cases/index.ts'
import { findCase } from '../cases/repo.ts'
import { dueNow } from '../clock/wind.ts'
import { areCurrent, questionIn } from '../drafts/decide.ts'
import { listSaid, readDrafts } from '../drafts/repo.ts'
import { handoffKind, reasonOf } from '../schema.ts'
import { readKnown } from '../talk/repo.ts'
import { evidenceOf } from './decide.ts'
import { type CaseStory, Lately, LastOrders, Shown } from './schema.ts'

export type { CaseStory } from './schema.ts'

/** What other slices know of a customer, by name: `tags.shown`, `order.last`, `faq.lately`. */
export type Facts = Readonly<Record<string, FactKind | undefined>>

export type Told = { content: Content; now: Date; facts: Facts }

/** Undefined when there is no such case. What a slice does not lend is told as unknown. */
export async function readStory(db: Queryable, caseId: string, on: Told): Promise<CaseStory | undefined> {
  const found = (await findCase.run(db, [caseId])).get(caseId)
  return found && storyOf(db, found, on)
}

/** The same of a case that is in hand, as it is there. */
export async function storyOf(db: Queryable, now: Stored, on: Told): Promise<CaseStory> {
  const { content } = on
  const known = await readKnown(db, now.id)
  const person = known?.personId ?? null
  const tags = (await asked('tags.shown', Shown, person, db, on))?.tags ?? []
  const orders = (await asked('order.last', LastOrders, person, db, on))?.orders ?? []
  const lately = await asked('faq.lately', Lately, person, db, on)
  const { levels, regions } = content.one(handoffKind)
  const tagged = (is: (tag: (typeof tags)[number]) => boolean): string | null => tags.find(is)?.valueTitle ?? null
  return {
    customer: {
      ...{ name: known?.name ?? '', tags, orders },
      level: tagged(({ dimension }) => dimension === levels?.by) ?? now.wanted.level ?? null,
      region: tagged(({ dimension }) => dimension === regions) ?? now.wanted.region ?? null,
      valueGroup: tagged(({ kind }) => kind === 'valueGroup'),
    },
    group: known?.topic ?? null,
    reason: {
      ...{ code: now.reason, title: reasonOf(content, now.reason).title },
      evidence: evidenceOf(now, lately?.unanswered.map(({ question }) => question) ?? []),
    },
    mood: lately?.mood ?? null,
    ...(await draftedFor(db, now)),
    targets: dueNow(now, content),
  }
}

async function asked<T>(
  name: string,
  shape: z.ZodType<T>,
  person: string | null,
  db: Queryable,
  { content, now, facts }: Told,
): Promise<T | undefined> {
  const fact = person === null ? undefined : await facts[name]?.ask(db, person, { content, now })
  return fact?.kind === 'known' ? shape.safeParse(fact.values).data : undefined
}

/** Among so many of the last lines is her last one. */
const linesAtMost = 30

/** A summary is of use also when she has gone on since; drafts are not. */
async function draftedFor(db: Queryable, now: Stored): Promise<Pick<CaseStory, 'summary' | 'drafts'>> {
  const known = await readDrafts(db, now.id)
  const { customerId } = now
  if (!known || customerId === null) return { summary: null, drafts: { state: 'none', list: [] } }
  if (known.state === 'asked') return { summary: null, drafts: { state: 'asked', list: [] } }
  const last = questionIn(await listSaid(db, { ...now, customerId }, linesAtMost))?.last
  const isEmpty = known.drafts.length === 0
  const state = isEmpty ? 'none' : areCurrent(known, last) ? 'ready' : 'stale'
  return { summary: known.summary, drafts: { state, list: known.drafts } }
}
