/** Texts as vectors, by an embeddings endpoint. */
import type { OpenAI } from 'openai'
import { z } from 'zod'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Embedder } from '../../kernel/ports.ts'
import { bodyFailureOf, type Failure, failure, failureOf, isFailure } from './failures.ts'
import type { Resilience } from './resilience.ts'

/** The smallest of the limits that the common endpoints have. */
const textsPerRequest = 10
const requestsAtOnce = 4

/** Of one request. */
type Vectors = { vectors: number[][] }

const Answer = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
})

type Parts = { client: OpenAI; name: string; resilience: Resilience; log: Log; clock: Clock | undefined }

export function createEmbedder(parts: Parts): Embedder {
  const { name, resilience, log } = parts
  return {
    name,
    async embed(texts, deadlineMs) {
      const started = performance.now()
      const left = () => deadlineMs - (performance.now() - started)
      const batches = batchesOf(texts)
      const all: number[][] = []
      for (let at = 0; at < batches.length; at += requestsAtOnce) {
        const some = batches.slice(at, at + requestsAtOnce)
        const results = await Promise.all(
          some.map((batch) => resilience.run(left(), (signal) => exchange(parts, batch, signal))),
        )
        const failed = results.find(isFailure)
        if (failed) {
          const { failed: why, code, status } = failed
          const ms = Math.round(performance.now() - started)
          log.warn({ model: name, why, code, status, ms, texts: texts.length }, 'The texts got no vectors')
          return undefined
        }
        all.push(...results.flatMap((result) => ('vectors' in result ? result.vectors : [])))
      }
      return all.every((vector) => vector.length === all[0]?.length) ? all : undefined
    },
  }
}

function batchesOf(texts: readonly string[]): string[][] {
  const count = Math.ceil(texts.length / textsPerRequest)
  return Array.from({ length: count }, (_, at) => texts.slice(at * textsPerRequest, (at + 1) * textsPerRequest))
}

async function exchange(parts: Parts, texts: string[], signal: AbortSignal): Promise<Vectors | Failure> {
  let response: Response
  try {
    response = await parts.client.embeddings
      // The package would ask for base64, which compatible endpoints do not know.
      .create({ model: parts.name, input: texts, encoding_format: 'float' }, { signal })
      .asResponse()
  } catch (error) {
    return failureOf(error, parts.clock)
  }
  try {
    return vectorsOf(await response.text(), texts.length)
  } catch (error) {
    return bodyFailureOf(error)
  }
}

/** In the order of the texts, which is not always that of the answer. */
function vectorsOf(body: string, count: number): Vectors | Failure {
  const read = Answer.safeParse(jsonOf(body))
  if (!read.success) return failure('garbled', 'no-vectors')
  const byIndex = new Map(read.data.data.map((vector) => [vector.index, vector.embedding]))
  const vectors = Array.from({ length: count }, (_, index) => byIndex.get(index)).filter(
    (vector) => vector !== undefined,
  )
  return vectors.length === count ? { vectors } : failure('garbled', 'missing-vectors')
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
