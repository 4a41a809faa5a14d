/** What the model is asked for an exchange: the part that talks to the network, outside of every transaction. */
import type { Content } from '../../../kernel/content.ts'
import type { Clock, Embedder, Ids, Model } from '../../../kernel/ports.ts'
import { guard } from '../guards/index.ts'
import { personaOf, promptFor } from '../persona/index.ts'
import { consider } from '../retrieval/ask.ts'
import { fuse, type Vectors } from '../retrieval/vectors/index.ts'
import { entriesNamed, withoutFacts } from './reading.ts'
import { answersSettings, type Exchange, type ModelAnswered, type Retrieved } from './schema.ts'

export type AskingWith = {
  model: Model
  content: () => Content
  clock: Clock
  ids: Ids
  /** Where there is a model of embeddings, and of which version of content. */
  embedder?: Embedder | undefined
  vectorsOf?: ((content: Content) => Vectors | undefined) | undefined
  proposable: (content: Content) => Readonly<Record<string, readonly string[]>>
}

/** Asks once. Never throws; takes at most `deadlineMs`. */
export async function askFor(
  exchange: Exchange,
  deadlineMs: number,
  on: AskingWith,
): Promise<Omit<ModelAnswered, 'exchange' | 'attempt'>> {
  const { model, ids, clock, proposable } = on
  const begun = clock.now().getTime()
  const content = on.content()
  const { talk, question, context, level, complaints, previous } = exchange
  const persona = personaOf(content, talk.rule)
  if (!persona) return { outcome: { kind: 'failed', why: 'refused', ms: 0 }, promptHash: null }
  const fused = await fusedFor(exchange, content, deadlineMs, on)
  const { messages, hash, schema } = promptFor(content, persona, {
    question,
    context: context.turns,
    quoted: harmless(context.quoted, content),
    entries: entriesNamed(fused ?? exchange.found, content),
    inGroup: talk.recipient.kind === 'group',
    level,
    proposable: proposable(content),
    complaints,
    previous,
    nonce: ids.fresh().replaceAll('-', ''),
  })
  const { maxTokens } = content.settings(answersSettings)
  const left = deadlineMs - (clock.now().getTime() - begun)
  const outcome = await model.ask({ messages, schema, maxTokens, deadlineMs: left })
  return { outcome, model: model.name, promptHash: hash, ...(fused && { found: fused }) }
}

/** The question as a vector may take so much of the time that there is. */
const vectorShare = 0.2

/** The entries that words and meaning find together; undefined where there are no vectors: those found by words stand. */
async function fusedFor(
  { talk, context }: Exchange,
  content: Content,
  deadlineMs: number,
  { embedder, vectorsOf, clock }: AskingWith,
): Promise<Retrieved[] | undefined> {
  const vectors = vectorsOf?.(content)
  if (!embedder || !vectors) return undefined
  const [vector] = (await embedder.embed([context.reading], deadlineMs * vectorShare)) ?? []
  if (!vector) return undefined
  const at = { now: clock.now(), group: talk.rule }
  const { found } = consider(content, context.reading, at)
  const { entries } = content.settings(answersSettings)
  return withoutFacts(fuse(content, found, vector, vectors, at), content).slice(0, entries)
}

/** Somebody else's words that she quotes, unless they are made to be obeyed. */
function harmless(quoted: string | null, content: Content): string | null {
  return quoted !== null && guard(quoted, content).kind === 'clear' ? quoted : null
}
