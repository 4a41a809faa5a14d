/** Answers with the asker's own figures: looked up by her key, filled in by code, said to her alone. */
import type { Content } from '../../../kernel/content.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Fact, Slice } from '../../../kernel/slice.ts'
import type { Work } from '../../../kernel/work.ts'
import { askerOf } from '../../members/index.ts'
import type { Facts, FaqEntry, Talk } from '../schema.ts'
import { type FactEntry, refusal, tell, type Telling, type Told } from './decide.ts'

export { plainWords, unknownWords } from './decide.ts'

export type FactAsked = {
  talk: Talk
  work: Work
  content: Content
  ids: Ids
  facts: Facts
  /** Platform ids of the messages that are answered. */
  answers: readonly string[]
  inboxId: bigint
  /** Which heard it; what is said directly goes out from the account that speaks to her. */
  account: string
  pick: number
}

/**
 * Answers an entry that has a fact, once for each `inboxId`. In a group one line names her, and the rest goes to her
 * directly; what is unknown or late becomes a case. `dropped`: she is nobody to be told anything, and nothing is said.
 */
export async function answerFact(entry: FaqEntry, seen: FactAsked): Promise<Told> {
  const { talk, work, content, ids, facts, inboxId, answers, pick } = seen
  const asker = await askerOf({ work, ids }, talk.recipient.account, talk)
  const on: Telling = { talk, content, now: work.now, inboxId, answers, pick }
  const refused = refusal(asker, on)
  if (refused) return refused
  // Content may name a fact that a newer program knows: then nothing is known, as for anybody.
  const kind = facts[entry.fact ?? '']
  const fact: Fact = kind ? await kind.ask(work.db, asker.personId, { now: work.now, content }) : { kind: 'unknown' }
  return tell(withFact(entry), fact, asker, on)
}

function withFact(entry: FaqEntry): FactEntry {
  return { ...entry, fact: entry.fact ?? '' }
}

/** The facts that slices register. Throws when two register one name. */
export function factsOf(slices: readonly Slice[]): Facts {
  const all: Record<string, Facts[string]> = {}
  for (const { name: slice, facts = {} } of slices) {
    for (const [name, fact] of Object.entries(facts)) {
      if (all[name]) throw new Error(`The fact «${name}» of ${slice} is registered already.`)
      all[name] = fact
    }
  }
  return all
}
