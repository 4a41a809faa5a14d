/**
 * An endpoint on loopback that speaks the chat-completions and embeddings protocol truly, and misbehaves as it is told.
 *
 *     const stub = await startModelStub()            // says the empty object until told otherwise
 *     const { model, close } = openLlm({ apiKey: stub.apiKey, baseUrl: stub.baseUrl, model: 'stub', log })
 *     stub.reply({ answer: '…', cites: ['a'] })       // an object or a text: what the model says, every time
 *     stub.reply(status(500), drop(), say('{}'))      // one behaviour a call; the last one stays
 *     stub.reply((request) => ({ answer: obey(request.question) }))   // a function sees the request; may be async
 *     stub.requests.at(-1)?.body.messages             // what was asked
 *     stub.refuse('json_schema')                      // 400, as endpoints do that do not know it
 *     await stub.close()
 *
 * Like a real endpoint it wants its key (401), refuses json_object when no message says «JSON», and a strict schema
 * with open objects or optional fields. Refused calls stand in `requests` and use up no behaviour.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { behave, type Behaviour, behaviourOf, type Format, json, say } from './model-behaviours.ts'

export {
  type Behaviour,
  drop,
  empty,
  emptyBody,
  fenced,
  type Format,
  hang,
  html,
  huge,
  malformed,
  raw,
  say,
  slow,
  sse,
  sseGarbage,
  status,
} from './model-behaviours.ts'

export type StubRequest = {
  path: string
  headers: IncomingMessage['headers']
  /** The parsed body: messages, response_format, max_tokens, … of a chat; input of embeddings. */
  body: {
    model: string
    messages: { role: 'system' | 'user' | 'assistant'; content: string }[]
    response_format?: {
      type: string
      json_schema?: { name: string; strict?: boolean; schema: Record<string, unknown> }
    }
    max_tokens?: number
    max_completion_tokens?: number
    stream?: boolean
    input?: string | string[]
    [key: string]: unknown
  }
  /** All system messages, by lines. */
  system: string
  /** The last message of the user. */
  question: string
}

/** A behaviour, or what the model says, or a function that finds either. */
export type Reply =
  | Behaviour
  | string
  | object
  | ((request: StubRequest) => Behaviour | string | object | Promise<Behaviour | string | object>)

export type ModelStub = {
  /** With /v1, as OPENAI_BASE_URL has it. */
  baseUrl: string
  /** The only key that it takes. */
  apiKey: string
  /** All that was asked, oldest first; refused ones and embeddings too. */
  requests: StubRequest[]
  /** Requests that it has not answered yet. */
  readonly inFlight: number
  /** The most that were in flight at once. */
  readonly mostInFlight: number
  /** What chat calls get from now on: one reply a call, the last one stays. */
  reply(...replies: Reply[]): void
  /** The same for embeddings; without any, vectors in which texts with common characters are near. */
  embed(...behaviours: Behaviour[]): void
  /** Formats that it answers with 400 from now on; none: it knows all. */
  refuse(...formats: Format[]): void
  /** Like newer models it refuses `max_tokens`; like older endpoints it refuses `max_completion_tokens`. */
  refuseCap(cap: 'max_tokens' | 'max_completion_tokens'): void
  close(): Promise<void>
}

export async function startModelStub(): Promise<ModelStub> {
  const requests: StubRequest[] = []
  const closing = new AbortController()
  let replies: Reply[] = [say('{}')]
  let embeddings: Behaviour[] = []
  let refused: Format[] = []
  let refusedCap: string | undefined
  let inFlight = 0
  let mostInFlight = 0
  const next = <T>(list: T[]): T | undefined => (list.length > 1 ? list.shift() : list[0])

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = requestOf(message, await text(message))
    requests.push(request)
    const { body } = request
    if (message.headers.authorization !== `Bearer ${stub.apiKey}`) {
      return refusal(response, 401, 'Incorrect API key provided.', { code: 'invalid_api_key' })
    }
    const call = { model: body.model, input: JSON.stringify(body.messages), response, closing: closing.signal }
    if (request.path === '/v1/embeddings') {
      const behaviour = next(embeddings)
      return behaviour ? behave(behaviour, call) : json(response, 200, vectorsOf(body))
    }
    if (request.path !== '/v1/chat/completions') return refusal(response, 404, `Invalid URL (POST ${request.path})`)
    const wrong = complaintOf(body, refused, refusedCap)
    if (wrong) return refusal(response, 400, wrong.message, wrong)
    const reply = next(replies) ?? say('{}')
    return behave(behaviourOf(typeof reply === 'function' ? await (reply as Seeing)(request) : reply), call)
  }

  const server = createServer((message, response) => {
    inFlight++
    mostInFlight = Math.max(mostInFlight, inFlight)
    response.once('close', () => inFlight--)
    // A test whose reply throws sees a dropped connection; one that closes the stub, nothing.
    answer(message, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const stub: ModelStub = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    apiKey: 'sk-stub-0123456789abcdef',
    requests,
    get inFlight() {
      return inFlight
    },
    get mostInFlight() {
      return mostInFlight
    },
    reply: (...given) => void (replies = [...given]),
    embed: (...given) => void (embeddings = [...given]),
    refuse: (...formats) => void (refused = formats),
    refuseCap: (cap) => void (refusedCap = cap),
    close: async () => {
      closing.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  return stub
}

type Seeing = Extract<Reply, (request: StubRequest) => unknown>

function requestOf(message: IncomingMessage, given: string): StubRequest {
  const body = JSON.parse(given) as StubRequest['body']
  const messages = Array.isArray(body.messages) ? body.messages : []
  const from = (role: string) => messages.filter((turn) => turn.role === role).map((turn) => turn.content)
  return {
    path: message.url ?? '',
    headers: message.headers,
    body,
    system: from('system').join('\n'),
    question: from('user').at(-1) ?? '',
  }
}

function refusal(response: ServerResponse, code: number, message: string, more: object = {}): void {
  json(response, code, { error: { type: 'invalid_request_error', param: null, code: null, ...more, message } })
}

type Complaint = { message: string; param?: string; code?: string }

/** What a real endpoint would not take. */
function complaintOf(body: StubRequest['body'], refused: Format[], refusedCap?: string): Complaint | undefined {
  const format = body.response_format
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    return { message: "'messages' must be a non-empty array.", param: 'messages' }
  }
  if (refusedCap !== undefined && body[refusedCap] !== undefined) {
    const message = `Unsupported parameter: '${refusedCap}' is not supported with this model.`
    return { message, param: refusedCap, code: 'unsupported_parameter' }
  }
  // Word for word what one of the large endpoints says, without a param.
  if (refused.some((known) => known === format?.type))
    return { message: 'This response_format type is unavailable now' }
  if (format?.type === 'json_object' && !/json/i.test(JSON.stringify(body.messages))) {
    return { message: "'messages' must contain the word 'json' in some form.", param: 'messages' }
  }
  if (format?.type === 'json_schema' && format.json_schema?.strict && !isClosed(format.json_schema.schema)) {
    return {
      message: `Invalid schema for response_format '${format.json_schema.name}'.`,
      param: 'response_format',
    }
  }
  return undefined
}

/** Strict schemas: every object is closed and all its fields are required. */
function isClosed(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>
  const fields = Object.keys((properties as object | undefined) ?? {})
  const closed =
    type !== 'object' ||
    (additionalProperties === false && fields.every((field) => (required as string[] | undefined)?.includes(field)))
  return closed && Object.values(schema).every((part) => isClosed(part))
}

/** One vector of 64 numbers for each text: how often characters occur in it, of length 1. */
function vectorsOf(body: StubRequest['body']): object {
  const texts = typeof body.input === 'string' ? [body.input] : (body.input ?? [])
  const data = texts.map((given, index) => {
    const vector = Array<number>(64).fill(0)
    for (const character of given) vector[(character.codePointAt(0) ?? 0) % 64]! += 1
    const length = Math.hypot(...vector) || 1
    return { object: 'embedding', index, embedding: vector.map((value) => value / length) }
  })
  const tokens = texts.join('').length
  return { object: 'list', data, model: body.model, usage: { prompt_tokens: tokens, total_tokens: tokens } }
}
