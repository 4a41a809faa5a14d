/** Interactions: what a customer does with us that counts, told from what she says or recorded by a slice. */
import type { Content } from '../../../kernel/content.ts'
import type { EffectOf } from '../../../kernel/effect.ts'
import type { Event, HappeningOf } from '../../../kernel/event.ts'
import type { Applying, InteractionKind } from '../../../kernel/slice.ts'
import type { On, Person, Thread } from '../schema.ts'
import { interactionsOf } from './decide.ts'
import { recordInteractions, recordInvitations, takeBackInteractions } from './repo.ts'
import { interactionRules } from './schema.ts'

export { exportInteractions, forgetInteractions, recordInteractions, rehomeInteractions } from './repo.ts'
export { type InteractionRow, interactionRules } from './schema.ts'

const invited = 'invited'
/** The kinds that members gives by itself. */
export const interactionKinds = {
  [invited]: { title: 'Brought somebody into a group', weight: 2 },
} satisfies Record<string, InteractionKind>

type Seen = {
  event: Event<HappeningOf<'MessageReceived'>>
  thread: Pick<Thread, 'kind' | 'rule'>
  person: Pick<Person, 'role' | 'customerId'>
}

/**
 * What a customer's message counts as, for every message that is kept: old ones too, but nothing in groups that nobody
 * asked us to serve. Call it before the message is answered, once.
 */
export function observeInteractions(on: Pick<On, 'content' | 'work'>, { event, thread, person }: Seen): void {
  if (person.role !== 'customer' || person.customerId === null) return
  if (thread.kind === 'group' && thread.rule === null) return
  const { message } = event.what
  const { interactions } = on.content.one(interactionRules)
  const kinds = interactionsOf(message.text, interactions, message.type)
  const source = sourceOf(event.account, message.id)
  for (const kind of kinds) {
    const row = { customerId: person.customerId, kind, at: event.at, source, data: null }
    const from = { account: event.account, platformId: message.id }
    on.work.write(recordInteractions, { ...row, message: from, weight: weightOf(on.content, kind, 1) })
  }
}

/** A recalled message counts as nothing any more; also when the recall is handled before it. */
export function recallInteractions(on: Pick<On, 'work'>, event: Event<HappeningOf<'MessageRecalled'>>): void {
  on.work.write(takeBackInteractions, sourceOf(event.account, event.what.messageId))
}

/** Somebody came in through somebody: identity and customer, as they were just met. */
export function observeInvitation(
  on: Pick<On, 'content' | 'work'>,
  { inviterId, customerId, at }: { inviterId: string; customerId: string; at: Date },
): void {
  const weight = weightOf(on.content, invited, interactionKinds[invited].weight)
  on.work.write(recordInvitations, { inviterId, customerId, at, kind: invited, weight })
}

export function applyRecordInteraction(effect: EffectOf<'RecordInteraction'>, { work, content }: Applying): void {
  const { customerId, interaction: kind, at, source, data = null } = effect
  const weight = weightOf(content, kind, effect.weight)
  work.write(recordInteractions, { customerId, kind, at, weight, source, data })
}

/** What a kind counts for: what content says of it goes before what its slice says. */
function weightOf(content: Content, kind: string, otherwise: number): number {
  const rule = content.one(interactionRules).interactions.find((one) => one.kind === kind)
  return rule?.weight ?? otherwise
}

function sourceOf(account: string, messageId: string): string {
  return `message:${account}:${messageId}`
}
