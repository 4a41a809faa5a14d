/** The `openai` client on connections of our own: bounded, kept alive, deaf to proxy variables, following no redirect. */
import { OpenAI } from 'openai'
import { Agent, type BodyInit, fetch, type RequestInit, Response } from 'undici'

/** Where the key is for when nobody says otherwise. */
export const officialUrl = 'https://api.openai.com/v1'

/** A body that went beyond what we read. */
export class TooLarge extends Error {}

/**
 * Connections to the endpoint. More than the questions that `answers.inFlight` allows, so that none waits for another.
 * Deadlines are those of the calls; the times here only keep a connection that was given up from living on.
 */
export function openAgent(): Agent {
  return new Agent({
    connections: 1_024,
    // One call, one connection: a stream that stalls holds nobody up, and a broken one takes no other with it.
    allowH2: false,
    connect: { timeout: 5_000 },
    headersTimeout: 120_000,
    bodyTimeout: 120_000,
    keepAliveTimeout: 30_000,
  })
}

/** `maxBytes` bounds every body, also of errors and after unpacking. Neither retries nor logs: that is ours. */
export function openClient(to: { apiKey: string; baseUrl: string; agent: Agent; maxBytes: number }): OpenAI {
  return new OpenAI({
    apiKey: to.apiKey,
    baseURL: to.baseUrl,
    // Left out, the package would look for them in the environment, which env.ts alone reads.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    // At `debug`, which OPENAI_LOG can ask for, it would print prompts.
    logLevel: 'off',
    maxRetries: 0,
    fetch: boundedFetch(to.agent, to.maxBytes),
  })
}

/** The types of Node's own fetch and of the package's are two; the objects are of one shape. */
function boundedFetch(agent: Agent, maxBytes: number): typeof globalThis.fetch {
  const bounded = async (url: string, init: RequestInit): Promise<Response> => {
    // A redirect would carry words of customers to a place that nobody configured: it comes back as a status.
    const answer = await fetch(url, { ...init, dispatcher: agent, redirect: 'manual' })
    if (!answer.body) return answer
    return new Response(answer.body.pipeThrough(limit(maxBytes)) as BodyInit, {
      status: answer.status,
      headers: answer.headers,
    })
  }
  return bounded as unknown as typeof globalThis.fetch
}

function limit(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength
      // The error also cancels the source, which closes the connection.
      if (seen > maxBytes) controller.error(new TooLarge(`more than ${maxBytes} bytes`))
      else controller.enqueue(chunk)
    },
  })
}
