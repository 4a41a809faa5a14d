/** Whoever asks the model in this process: the slice hands over what a committed transaction wants asked. */
import type { DraftRequest } from '../drafting/schema.ts'
import type { Exchange } from './schema.ts'

export type Asker = {
  /** Whether it asks on behalf of this account. */
  serves(account: string): boolean
  /**
   * Asks the model, and brings its outcome back as the slice event `faq.model-answered`. Called after the commit that made
   * the exchange durable: should the process die meanwhile, it is found as overdue.
   */
  ask(exchange: Exchange): void
  /** Asks it for drafts, which come back as `faq.drafted`; after the questions of customers, who wait for an answer. */
  draft(request: DraftRequest): void
}

/** Those that are open; none where there is no model. */
export const askers = new Set<Asker>()

export function askerFor(account: string): Asker | undefined {
  return [...askers].find((asker) => asker.serves(account))
}
