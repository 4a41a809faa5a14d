/**
 * What the model stub can do with a call, as data. Tests import these from model-stub.ts:
 *
 *     stub.reply(status(500), say({ answer: '…', cites: ['delivery-time'], … }))
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'

/** The wire forms of response_format. */
export type Format = 'json_schema' | 'json_object'

type Completion = {
  /** Tokens as the stub counts them; `null`: it does not tell. Default: a count of characters. */
  usage?: { input: number; output: number } | null
  /** Default `stop`. */
  finish?: string
  /** The model that the answer names; default: the one that was asked for. */
  model?: string
}

/** One way to deal with a call. Made by the functions below. */
export type Behaviour =
  | ({ behaviour: 'say'; content: string | null } & Completion)
  | { behaviour: 'slow'; ms: number; then: Behaviour }
  | { behaviour: 'hang'; after: 'request' | 'headers' }
  | { behaviour: 'drop'; when: 'before-headers' | 'after-headers' }
  | { behaviour: 'status'; status: number; retryAfter?: string | number; error: Record<string, unknown> }
  | { behaviour: 'raw'; contentType: string; text: string }
  | { behaviour: 'huge'; bytes: number }

/** What the model says: text, or an object that becomes JSON. */
export const say = (content: string | object, completion: Completion = {}): Behaviour => ({
  behaviour: 'say',
  content: typeof content === 'string' ? content : JSON.stringify(content),
  ...completion,
})

/** The same, some ms later. */
export const slow = (ms: number, then: Behaviour | string | object): Behaviour => ({
  behaviour: 'slow',
  ms,
  then: behaviourOf(then),
})

/** Never answers, or sends headers and never a body; the connection stays open. */
export const hang = (after: 'request' | 'headers' = 'request'): Behaviour => ({ behaviour: 'hang', after })

/** Ends the connection before the first byte, or in the midst of the body. */
export const drop = (when: 'before-headers' | 'after-headers' = 'before-headers'): Behaviour => ({
  behaviour: 'drop',
  when,
})

/** An error as real endpoints send it. `retryAfter` in seconds, or the text of the header. */
export const status = (
  code: number,
  more: { retryAfter?: number | string; error?: Record<string, unknown> } = {},
): Behaviour => ({
  behaviour: 'status',
  status: code,
  ...(more.retryAfter === undefined ? {} : { retryAfter: more.retryAfter }),
  error: more.error ?? { message: `status ${code}`, type: 'stub_error', param: null, code: null },
})

/** JSON inside a fence, with words before and after it. */
export const fenced = (object: object): Behaviour =>
  say(`Here is the answer:\n\n\`\`\`json\n${JSON.stringify(object, null, 2)}\n\`\`\`\n\nAnything else?`)

/** A completion whose text is empty. */
export const empty = (): Behaviour => say('')

/** A completion whose text has this many bytes. */
export const huge = (bytes: number): Behaviour => ({ behaviour: 'huge', bytes })

/** Any body under 200. */
export const raw = (text: string, contentType = 'application/json'): Behaviour => ({
  behaviour: 'raw',
  contentType,
  text,
})

/** The JSON of a completion, cut off in the middle. */
export const malformed = (): Behaviour => raw('{"id":"chatcmpl-1","object":"chat.completion","choices":[{"mess')

/** A page of a proxy. */
export const html = (): Behaviour => raw('<!doctype html><title>502</title><h1>Bad Gateway</h1>', 'text/html')

/** 200 and no body. */
export const emptyBody = (): Behaviour => raw('')

/** A stream that nobody asked for, well-formed to its end. */
export const sse = (content: string | object): Behaviour => {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'stub', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const pieces = [...text].map((character) => chunk({ content: character }, null))
  return raw(
    [chunk({ role: 'assistant' }, null), ...pieces, chunk({}, 'stop'), 'data: [DONE]\n\n'].join(''),
    'text/event-stream',
  )
}

/** A stream of garbage. */
export const sseGarbage = (): Behaviour =>
  raw('data: {"choices":[{"delta":{"content":"Hel\n\ndata: \u0000\u0001lo\n\nevent: what\n\n', 'text/event-stream')

/** Texts and plain objects are what the model says. */
export function behaviourOf(reply: Behaviour | string | object): Behaviour {
  return typeof reply === 'object' && 'behaviour' in reply ? reply : say(reply)
}

/** Does it. Ends early when the stub closes. */
export async function behave(
  behaviour: Behaviour,
  call: { model: string; input: string; response: ServerResponse; closing: AbortSignal },
): Promise<void> {
  const { response } = call
  switch (behaviour.behaviour) {
    case 'say':
      return json(response, 200, completion(behaviour, call))
    case 'huge':
      return json(response, 200, completion({ content: 'x'.repeat(behaviour.bytes) }, call))
    case 'slow':
      await delay(behaviour.ms, undefined, { signal: call.closing })
      return behave(behaviour.then, call)
    case 'hang':
      if (behaviour.after === 'headers') response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":')
      return
    case 'drop':
      if (behaviour.when === 'before-headers') response.socket?.resetAndDestroy()
      else {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
        response.write('{"id":"chatcmpl-1","choices":[', () => response.socket?.destroy())
      }
      return
    case 'status':
      if (behaviour.retryAfter !== undefined) response.setHeader('retry-after', String(behaviour.retryAfter))
      return json(response, behaviour.status, { error: behaviour.error })
    case 'raw':
      response.writeHead(200, { 'content-type': behaviour.contentType }).end(behaviour.text)
  }
}

export function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function completion(said: { content: string | null } & Completion, call: { model: string; input: string }): object {
  const usage = said.usage === undefined ? { input: call.input.length, output: said.content?.length ?? 0 } : said.usage
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_772_416_800,
    model: said.model ?? call.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: said.content, refusal: null },
        logprobs: null,
        finish_reason: said.finish ?? 'stop',
      },
    ],
    ...(usage && {
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      },
    }),
  }
}
