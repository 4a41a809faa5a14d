/**
 * How the endpoint is told what the answer shall look like. Not every endpoint knows every way, and few say so alike: what
 * it refuses is found out by asking, in the order of `modes`, and remembered for a while: a refusal may have been a stray one,
 * and an endpoint learns.
 */
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { Log } from '../../kernel/log.ts'
import type { ModelCall, ModelMessage } from '../../kernel/ports.ts'
import type { Failure } from './failures.ts'
import { strictOf } from './strict.ts'

/** strict: the endpoint keeps to the schema. schema: it is given it. object: any JSON. plain: words about JSON. */
const modes = ['strict', 'schema', 'object', 'plain'] as const
type Mode = (typeof modes)[number]

/** One way of asking. Newer models of OpenAI want the second name of the cap, most other endpoints know only the first. */
export type Manner = { mode: Mode; cap: 'max_tokens' | 'max_completion_tokens' }

export type Manners = {
  /** How to ask first: as it worked before. */
  first(call: ModelCall): Manner
  /** How to ask when `manner` was refused; undefined when that had another reason, or nothing is left to try. */
  after(manner: Manner, refused: Failure, call: ModelCall): Manner | undefined
  /** This one was taken. */
  worked(manner: Manner, call: ModelCall): void
}

/** Statuses under which endpoints refuse a response_format. */
const unsupported = new Set([400, 404, 415, 422, 501])

/** Codes of the same statuses that have nothing to do with how we asked. */
const otherwise = new Set([
  'content_filter',
  'content_policy_violation',
  'context_length_exceeded',
  'data_inspection_failed',
  'invalid_api_key',
  'model_not_found',
])

/** How long a refused form is not asked for again, in ms: looking again costs one call two or three short refusals. */
const keptByDefaultMs = 600_000

/** `cap` is what the endpoint is asked with at first; after `keptMs` one call looks whether it takes more than it did. */
export function createManners(cap: Manner['cap'], log: Log, model: string, keptMs = keptByDefaultMs): Manners {
  const best: Manner = { mode: 'strict', cap }
  let known = best
  let looksAgainAt = Infinity
  const fitting = (mode: Mode, call: ModelCall): Mode =>
    mode === 'strict' && !strictOf(call.schema.json) ? 'schema' : mode

  return {
    first(call) {
      const looksAgain = performance.now() >= looksAgainAt
      // One call looks; the others go on as it is known to work.
      if (looksAgain) looksAgainAt = performance.now() + keptMs
      const { mode, cap } = looksAgain ? best : known
      return { mode: fitting(mode, call), cap }
    },
    after(manner, refused, call) {
      if (!unsupported.has(refused.status ?? 0) || otherwise.has(refused.code)) return undefined
      const other = manner.cap === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
      // Tried in one direction and once: the first cap is the one that this process began with.
      if (manner.cap === cap && (refused.refusal?.aboutCap || refused.refusal?.param === cap)) {
        return { ...manner, cap: other }
      }
      const mode = modes[modes.indexOf(fitting(manner.mode, call)) + 1]
      return mode && { ...manner, mode }
    },
    worked(manner, call) {
      // A schema that cannot be strict says nothing about the endpoint.
      const mode = manner.mode === fitting(known.mode, call) ? known.mode : manner.mode
      if (mode === known.mode && manner.cap === known.cap) return
      known = { mode, cap: manner.cap }
      looksAgainAt = mode === best.mode && manner.cap === best.cap ? Infinity : performance.now() + keptMs
      log.info({ model, ...known }, 'The endpoint is asked in another form than before')
    },
  }
}

/** The body of the request. Where the endpoint is not given the schema as such, it stands in the first message. */
export function bodyOf(call: ModelCall, manner: Manner, model: string): ChatCompletionCreateParamsNonStreaming {
  const { name, json } = call.schema
  const cap = manner.cap === 'max_tokens' ? { max_tokens: call.maxTokens } : { max_completion_tokens: call.maxTokens }
  switch (manner.mode) {
    case 'strict': {
      const json_schema = { name, strict: true, schema: strictOf(json) ?? json }
      return { model, messages: [...call.messages], ...cap, response_format: { type: 'json_schema', json_schema } }
    }
    case 'schema': {
      const json_schema = { name, schema: json }
      return { model, messages: [...call.messages], ...cap, response_format: { type: 'json_schema', json_schema } }
    }
    case 'object':
      return { model, messages: withSchema(call), ...cap, response_format: { type: 'json_object' } }
    case 'plain':
      return { model, messages: withSchema(call), ...cap }
  }
}

/** Some endpoints take one system message only, so it joins the first. */
function withSchema(call: ModelCall): ModelMessage[] {
  const wish = `Answer with one JSON object that fits this JSON Schema, and with nothing before or after it:\n${JSON.stringify(call.schema.json)}`
  const [first, ...others] = call.messages
  if (first?.role !== 'system') return [{ role: 'system', content: wish }, ...call.messages]
  return [{ role: 'system', content: `${first.content}\n\n${wish}` }, ...others]
}
