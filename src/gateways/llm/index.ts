/**
 * A language model behind any OpenAI-compatible endpoint. Nothing here throws once it is open, whatever the endpoint does;
 * and no word of a prompt or an answer, and no key, reaches a log line.
 */
import type { Log } from '../../kernel/log.ts'
import type { Clock, Embedder, Model } from '../../kernel/ports.ts'
import { createChat } from './chat.ts'
import { officialUrl, openAgent, openClient } from './client.ts'
import { createEmbedder } from './embeddings.ts'
import { createManners } from './modes.ts'
import { createResilience, defaultResilience, type ResilienceSettings } from './resilience.ts'

export type LlmSettings = {
  apiKey: string
  /** With its /v1; undefined: the official endpoint. */
  baseUrl?: string | undefined
  model: string
  embeddingModel?: string | undefined
  log: Log
  /** For a Retry-After that names a date; without a clock such a date counts as none. */
  clock?: Clock | undefined
  resilience?: Partial<ResilienceSettings> | undefined
  /** How long a form that the endpoint refused is not asked for again. */
  formsKeptMs?: number | undefined
}

export type Llm = {
  model: Model
  /** Absent when no embedding model is named. */
  embedder: Embedder | undefined
  /** Ends what is under way, as `unreachable`, and lets the connections go. */
  close: () => void
}

/** Of one completion: far more than an answer needs. */
const completionBytes = 256 * 1_024
/** Of ten vectors of 4,096 numbers in their longest notation. */
const vectorsBytes = 2 * 1_024 * 1_024

export function openLlm(settings: LlmSettings): Llm {
  const { apiKey, baseUrl = officialUrl, model, embeddingModel, log, clock } = settings
  const agent = openAgent()
  const resilient = { ...defaultResilience, ...settings.resilience }
  const chatting = createResilience(resilient, log, model)
  const embedding = embeddingModel === undefined ? undefined : createResilience(resilient, log, embeddingModel)
  return {
    model: createChat({
      client: openClient({ apiKey, baseUrl, agent, maxBytes: completionBytes }),
      name: model,
      resilience: chatting,
      manners: createManners(
        baseUrl === officialUrl ? 'max_completion_tokens' : 'max_tokens',
        log,
        model,
        settings.formsKeptMs,
      ),
      log,
      clock,
    }),
    embedder:
      embeddingModel !== undefined && embedding
        ? createEmbedder({
            client: openClient({ apiKey, baseUrl, agent, maxBytes: vectorsBytes }),
            name: embeddingModel,
            resilience: embedding,
            log,
            clock,
          })
        : undefined,
    close() {
      chatting.close()
      embedding?.close()
      // What is still on the wire was given up just now; nobody waits for its end.
      void agent.destroy()
    },
  }
}
