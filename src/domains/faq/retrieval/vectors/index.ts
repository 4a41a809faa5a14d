/** Keeps a vector of each wording that may be answered, and asks for those alone that are new. */
import { createHash } from 'node:crypto'
import type { Content } from '../../../../kernel/content.ts'
import type { Embedder } from '../../../../kernel/ports.ts'
import type { Queryable } from '../../../../kernel/work.ts'
import { entriesOf } from '../../schema.ts'
import { unitOf, type Vectors } from './decide.ts'
import { deleteVectors, listVectors, saveVectors } from './repo.ts'

export { fuse, type Vectors } from './decide.ts'

/** `missing`: wordings without a vector, since the endpoint failed. They are found lexically, and asked for next time. */
export type Refreshed = { vectors: Vectors; asked: number; missing: number }

const atOnce = 64

/**
 * To be run behind everything else when content has changed: it calls the network, so never in a transaction. Of wordings
 * that were seen before with this model nothing is asked, also after a restart. At the first failure it leaves the rest.
 * Never throws for the endpoint; errors of the database are thrown.
 */
export async function refreshVectors(
  db: Queryable,
  embedder: Embedder,
  content: Content,
  { now, deadlineMs = 30_000 }: { now: Date; deadlineMs?: number },
): Promise<Refreshed> {
  const wordings = new Map(
    entriesOf(content).flatMap(({ questions }) => questions.map((text) => [keyOf(embedder.name, text), text])),
  )
  const vectors = new Map<string, Float32Array>()
  for (const { key, vector } of await listVectors(db, [...wordings.keys()]))
    vectors.set(wordings.get(key)!, unitOf(vector))
  const fresh = [...wordings].filter(([, text]) => !vectors.has(text))
  let asked = 0
  while (asked < fresh.length) {
    const some = fresh.slice(asked, asked + atOnce)
    const given = await embedder.embed(
      some.map(([, text]) => text),
      deadlineMs,
    )
    if (!given || !fits(given, some.length)) break
    await saveVectors(
      db,
      some.map(([key], i) => ({ key, vector: given[i]! })),
      now,
    )
    for (const [i, [, text]] of some.entries()) vectors.set(text, unitOf(given[i]!))
    asked += some.length
  }
  return { vectors, asked, missing: fresh.length - asked }
}

/** Deletes vectors from before a moment that this model did not make, or that no wording of content has any more. */
export function sweepVectors(
  db: Queryable,
  model: string | undefined,
  content: Content,
  before: Date,
): Promise<number> {
  const wordings = model === undefined ? [] : entriesOf(content).flatMap(({ questions }) => questions)
  return deleteVectors(
    db,
    wordings.map((text) => keyOf(model ?? '', text)),
    before,
  )
}

/** Another model makes another vector of the same text. */
function keyOf(model: string, text: string): string {
  return createHash('sha256').update(`${model}\n${text}`).digest('hex')
}

/** One vector for each text, all of one length, of numbers: what an endpoint sends is not believed. */
function fits(given: readonly number[][], count: number): boolean {
  const length = given[0]?.length ?? 0
  return (
    given.length === count && length > 0 && given.every((one) => one.length === length && one.every(Number.isFinite))
  )
}
