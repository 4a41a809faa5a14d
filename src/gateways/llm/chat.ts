/** Questions to a language model behind a chat-completions endpoint. */
import type { OpenAI } from 'openai'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Model, ModelCall } from '../../kernel/ports.ts'
import { bodyFailureOf, type Failure, failureOf, isFailure } from './failures.ts'
import { bodyOf, type Manner, type Manners } from './modes.ts'
import { estimatedUsage, type Read, readCompletion } from './reading.ts'
import type { Resilience } from './resilience.ts'

type Parts = {
  client: OpenAI
  name: string
  resilience: Resilience
  manners: Manners
  log: Log
  clock: Clock | undefined
}

export function createChat(parts: Parts): Model {
  const { name, resilience, manners, log } = parts

  /** Asks in the manner that is known to work, and at once in the next when the endpoint does not take it. */
  const attempt = async (call: ModelCall, signal: AbortSignal): Promise<Read | Failure> => {
    let manner: Manner | undefined = manners.first(call)
    for (;;) {
      const result = await exchange(parts, call, manner, signal)
      const next: Manner | undefined = isFailure(result) ? manners.after(manner, result, call) : undefined
      if (!isFailure(result)) manners.worked(manner, call)
      if (!next) return result
      manner = next
    }
  }

  return {
    name,
    async ask(call) {
      const started = performance.now()
      const result = await resilience.run(call.deadlineMs, (signal) => attempt(call, signal))
      const ms = Math.round(performance.now() - started)
      if (isFailure(result)) {
        const { failed: why, code, status } = result
        // While the model rests, every question would say so.
        const level = code === 'resting' || code === 'breaker-open' ? 'debug' : 'warn'
        log[level]({ model: name, why, code, status, ms }, 'The model gave no answer')
        return { kind: 'failed', why, ms }
      }
      const usage = result.usage ?? estimatedUsage(call.messages, result.text)
      return { kind: 'said', text: result.text, model: result.model ?? name, usage, ms }
    },
  }
}

/** One request and its answer. */
async function exchange(parts: Parts, call: ModelCall, manner: Manner, signal: AbortSignal): Promise<Read | Failure> {
  let response: Response
  try {
    // The raw answer: whatever an endpoint may send is read by us, within bounds.
    response = await parts.client.chat.completions.create(bodyOf(call, manner, parts.name), { signal }).asResponse()
  } catch (error) {
    return failureOf(error, parts.clock)
  }
  try {
    return readCompletion(await response.text())
  } catch (error) {
    return bodyFailureOf(error)
  }
}
