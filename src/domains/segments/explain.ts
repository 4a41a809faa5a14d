/** Why somebody is in a segment, or is not: the rule as it is written, true or false at each place, with the facts. */
import type { Content } from '../../kernel/content.ts'
import type { Queryable } from '../../kernel/work.ts'
import { keyOf, type Rules } from './decide.ts'
import { findPerson, type PersonSeen } from './repo/person.ts'
import type { ClauseRule, Rule } from './rule.ts'

/** One place of a rule. `fact` stands behind clauses; segments and junctions have their parts. */
export type Reason = {
  holds: boolean
  /** `all`, `any`, `not`, `segment`, or the clause's name. */
  name: string
  /** What is written there: the arguments of a clause, the id of a segment. */
  args?: unknown
  fact?: string
  data?: Readonly<Record<string, unknown>>
  parts?: Reason[]
}

export type Explanation = {
  segment: string
  person: PersonSeen
  /** Whether she is in it: the rule holds, and she can be in a segment at all. */
  holds: boolean
  reason: Reason
}

type On = { db: Queryable; now: Date; content: Content; rules: Rules }

/** `customerId` may be of a customer who was merged into another. Undefined when there is none of that id. */
export async function explainRule(
  on: On,
  segment: string,
  rule: Rule,
  customerId: string,
): Promise<Explanation | undefined> {
  const person = await findPerson(on.db, customerId)
  if (!person) return undefined
  const reason = await reasonOf(rule, person.id, on, new Map())
  return { segment, person, holds: reason.holds && !person.staff && !person.forgotten, reason }
}

/** Clauses are asked all at once, so that their statements travel together, and each once however often it stands there. */
async function reasonOf(rule: Rule, personId: string, on: On, asked: Map<string, Promise<Reason>>): Promise<Reason> {
  const partsOf = (rules: readonly Rule[]) => Promise.all(rules.map((one) => reasonOf(one, personId, on, asked)))
  switch (rule.kind) {
    case 'all':
    case 'any': {
      const parts = await partsOf(rule.of)
      const holds = rule.kind === 'all' ? parts.every((part) => part.holds) : parts.some((part) => part.holds)
      return { holds, name: rule.kind, parts }
    }
    case 'not': {
      const parts = await partsOf([rule.of])
      return { holds: !parts[0]!.holds, name: 'not', parts }
    }
    case 'segment': {
      const named = on.rules.get(rule.id)
      const parts = await partsOf(named ? [named] : [])
      return { holds: parts[0]?.holds ?? false, name: 'segment', args: rule.id, parts }
    }
    case 'clause': {
      const key = keyOf({ kind: 'leaf', rule, negated: false })
      const reason = asked.get(key) ?? seen(rule, personId, on)
      asked.set(key, reason)
      return reason
    }
    default:
      return rule satisfies never
  }
}

async function seen({ name, clause, args }: ClauseRule, personId: string, { db, now, content }: On): Promise<Reason> {
  return { name, args, ...(await clause.seen(db, personId, args, { now, content })) }
}
