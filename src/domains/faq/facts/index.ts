/** Answers with the asker's own figures: looked up by her key, filled in by code, said to her alone. */
import type { Content } from '../../../kernel/content.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Slice } from '../../../kernel/slice.ts'
import type { Work } from '../../../kernel/work.ts'
import { askerOf } from '../../members/index.ts'
import type { Facts, FaqEntry, Talk } from '../schema.ts'
import { type Own, refusal, tell, type Telling, type Told } from './decide.ts'

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
  /** Entries that answer the rest of her message: what has a fact is hers, the others are for everybody to read. */
  beside?: readonly FaqEntry[]
}

/**
 * Answers an entry that has a fact, once for each `inboxId`. In a group one line names her, and the rest goes to her
 * directly; what is unknown or late becomes a case. `dropped`: she is nobody to be told anything, and nothing is said.
 */
export async function answerFact(entry: FaqEntry, seen: FactAsked): Promise<Told> {
  const { talk, work, content, ids, facts, inboxId, answers, pick, beside = [] } = seen
  const asker = await askerOf({ work, ids }, talk.recipient.account, talk)
  const on: Telling = { talk, content, now: work.now, inboxId, answers, pick }
  const plain = beside.filter((one) => one.fact === undefined)
  const refused = refusal(asker, plain, on)
  if (refused) return refused
  const own: Own[] = []
  for (const { fact: name = '', ...rest } of [entry, ...beside.filter((one) => one.fact !== undefined)]) {
    // Two entries about the same matter would say it twice.
    if (own.some(({ entry: { fact } }) => fact === name)) continue
    // Content may name a fact that a newer program knows: then nothing is known, as for anybody.
    const fact = await facts[name]?.ask(work.db, asker.personId, { now: work.now, content })
    own.push({ entry: { ...rest, fact: name }, fact: fact ?? { kind: 'unknown' } })
  }
  return tell(own, plain, asker, on)
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
