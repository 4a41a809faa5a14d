/** Everything behind a person's tags, for those who ask why. */
import { writeAudit } from '../../../kernel/audit.ts'
import type { Database } from '../../../kernel/db.ts'
import { listSameCustomers, permits } from '../../members/index.ts'
import { findTarget } from '../hand/repo.ts'
import {
  findKeptScores,
  type KeptScores,
  type KeptTag,
  listKeptTags,
  listPastTags,
  type PastTag,
} from '../rights/repo.ts'
import type { TagRules } from '../rules.ts'
import type { Evidence } from '../schema.ts'
import { isWaiting, wordsOf } from './repo.ts'

/** Evidence, with her words where it is a message that is still there. */
type Shown = Evidence & { text?: string }

export type ExplainedTag = Omit<KeptTag, 'evidence'> & {
  title: string
  evidence: Shown[]
  /** Tags that say something else of the same and do hold; of a tag without effect. */
  overruledBy: { value: string; source: string; rule: string }[]
}

export type TagsExplained = {
  personId: string
  /** All customers who are this person. */
  customers: string[]
  /** Why nothing is kept of her, if so: one of us, deleted, or she did not let us. */
  untagged: 'staff' | 'forgotten' | 'refused' | null
  /** Something has happened that her tags do not show yet. */
  waiting: boolean
  scores: KeptScores | null
  tags: ExplainedTag[]
  /** The newest first. */
  history: PastTag[]
}

/** Undefined when there is no such customer. That somebody looked is written to the audit. */
export async function explainTags(
  db: Database,
  customerId: string,
  { rules, by, now }: { rules: TagRules; by: string; now: Date },
): Promise<TagsExplained | undefined> {
  const target = await findTarget(db.pool, customerId)
  if (!target) return undefined
  const { personId } = target
  await writeAudit(db.pool, { at: now, by, action: 'tags-explained', subject: customerId })
  const customers = await listSameCustomers(db.pool, customerId)
  const tags = await listKeptTags(db.pool, customers)
  const messages = tags.flatMap(({ evidence }) => evidence.filter(({ kind }) => kind === 'message'))
  const words = await wordsOf(
    db.pool,
    messages.map(({ ref }) => ref),
  )
  return {
    personId,
    customers,
    untagged: target.forgottenAt
      ? 'forgotten'
      : target.staff
        ? 'staff'
        : permits(target, rules).profiling
          ? null
          : 'refused',
    waiting: await isWaiting(db.pool, personId),
    scores: await findKeptScores(db.pool, customers),
    tags: tags.map((tag) => explained(tag, tags, { rules, words })),
    history: await listPastTags(db.pool, customers),
  }
}

function explained(
  tag: KeptTag,
  all: readonly KeptTag[],
  { rules, words }: { rules: TagRules; words: ReadonlyMap<string, string> },
): ExplainedTag {
  const title = rules.dimensions.find(({ id }) => id === tag.dimension)?.title ?? tag.dimension
  const holding = all.filter(({ dimension, effective }) => dimension === tag.dimension && effective)
  return {
    ...tag,
    title,
    evidence: tag.evidence.map((one) => {
      const text = one.kind === 'message' ? words.get(one.ref) : undefined
      return text === undefined ? one : { ...one, text }
    }),
    overruledBy: tag.effective ? [] : holding.map(({ value, source, rule }) => ({ value, source, rule })),
  }
}
