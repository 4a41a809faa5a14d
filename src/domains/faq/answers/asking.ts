/** What the model is asked for an exchange: the part that talks to the network, outside of every transaction. */
import type { Content } from '../../../kernel/content.ts'
import type { Ids, Model } from '../../../kernel/ports.ts'
import { guard } from '../guards/index.ts'
import { personaOf, promptFor } from '../persona/index.ts'
import { entriesNamed } from './decide.ts'
import { answersSettings, type Exchange, type ModelAnswered } from './schema.ts'

export type AskingWith = {
  model: Model
  content: () => Content
  ids: Ids
  proposable: (content: Content) => Readonly<Record<string, readonly string[]>>
}

/** Asks once. Never throws; takes at most `deadlineMs`. */
export async function askFor(
  exchange: Exchange,
  deadlineMs: number,
  { model, content: current, ids, proposable }: AskingWith,
): Promise<Omit<ModelAnswered, 'exchange' | 'attempt'>> {
  const content = current()
  const { talk, question, context, found, level, complaints, previous } = exchange
  const persona = personaOf(content, talk.rule)
  if (!persona) return { outcome: { kind: 'failed', why: 'refused', ms: 0 }, promptHash: null }
  const { messages, hash, schema } = promptFor(content, persona, {
    question,
    context: context.turns,
    quoted: harmless(context.quoted, content),
    entries: entriesNamed(found, content),
    inGroup: talk.recipient.kind === 'group',
    level,
    proposable: proposable(content),
    complaints,
    previous,
    nonce: ids.fresh().replaceAll('-', ''),
  })
  const { maxTokens } = content.settings(answersSettings)
  return { outcome: await model.ask({ messages, schema, maxTokens, deadlineMs }), promptHash: hash }
}

/** Somebody else's words that she quotes, unless they are made to be obeyed. */
function harmless(quoted: string | null, content: Content): string | null {
  return quoted !== null && guard(quoted, content).kind === 'clear' ? quoted : null
}
