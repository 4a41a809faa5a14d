/** Whether a summary of a conversation tells of nothing that was not said in it. Pure. */
import type { Content } from '../../../kernel/content.ts'
import { guardsOf } from '../guards/index.ts'
import { claimsOf } from './numbers/claims.ts'
import { plainly } from './numbers/normal.ts'
import { namedIn } from './products.ts'
import { promisesIn } from './promises.ts'
import { leaksIn } from './sayings.ts'

/**
 * Every amount, date, link, number to call, product and kind of promise in it occurs in the conversation, and it tells nothing of instructions. What a customer
 * wants and how she feels a summary may put in its own words: an adviser reads it beside hers, and no customer does.
 */
export function standsIn(summary: string, conversation: string, content: Content): boolean {
  const guards = guardsOf(content)
  const plain = plainly(summary)
  const said = plainly(conversation)
  const claimed = new Set(claimsOf(said, true).flatMap(({ keys }) => keys))
  const products = new Set(namedIn(said, guards.products).map(({ product }) => product))
  const promised = new Set(promisesIn(said, guards).map(({ kind }) => kind.id))
  return (
    leaksIn(plain, { entryIds: [], known: said, persona: undefined }).length === 0 &&
    claimsOf(plain).every(({ keys }) => keys.some((key) => claimed.has(key))) &&
    namedIn(plain, guards.products).every(({ product }) => products.has(product)) &&
    promisesIn(plain, guards).every(({ kind }) => promised.has(kind.id))
  )
}
