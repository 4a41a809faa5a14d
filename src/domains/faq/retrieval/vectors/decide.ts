/**
 * Retrieval by meaning beside the lexical one: wordings and the question as vectors of an embedding model. Pure.
 *
 * What is decided when a message is heard (answer, «did you mean», own up) stays lexical: it is decided in the transaction
 * that handles the message, where nothing may wait for a network, and it is the same without a key and while the endpoint
 * is away. Before the model is asked there is time for one more call: there `fuse` settles which entries it is given.
 */
import type { Content } from '../../../../kernel/content.ts'
import type { Retrieved } from '../../answers/schema.ts'
import { entriesOf } from '../../schema.ts'
import { allowedAt, type Circumstances } from '../ask.ts'
import type { Candidate } from '../confidence.ts'

/** Vectors of length 1, by the wording that they were made from. */
export type Vectors = ReadonlyMap<string, Float32Array>

const atMost = 10
/** Of reciprocal rank fusion: the first places differ, the later ones hardly (Cormack and others, 2009). */
const evenness = 60

/**
 * The entries that are likely in both ways, best first: by the sum of the reciprocals of their places in each. An entry
 * that only one of them found has its place there alone. What is the very text of the question stays first.
 *
 * How likely the first place is to be right is known of the lexical order alone, so chances stay with the places and the
 * entries change: they are a little too low then, since an order that two ways agree on is right more often.
 *
 * Without vectors, and where the question's has another length than theirs, the lexical order stands.
 */
export function fuse(
  content: Content,
  found: readonly Candidate[],
  queryVector: readonly number[] | undefined,
  vectors: Vectors,
  at: Circumstances,
): Retrieved[] {
  const near = queryVector ? nearest(content, queryVector, vectors, at) : []
  const points = new Map<string, number>()
  const rank = (ids: readonly string[]): void => {
    for (const [place, id] of ids.entries()) points.set(id, (points.get(id) ?? 0) + 1 / (evenness + place + 1))
  }
  rank(found.map(({ entry }) => entry.id))
  rank(near)
  for (const { entry, score } of found) if (score === 1) points.set(entry.id, 1)
  // Sorting keeps the order of equals: the lexical one.
  const fused = [...points].sort(([, a], [, b]) => b - a).slice(0, atMost)
  return fused.map(([entry], place) => ({ entry, chance: found[place]?.score ?? 0 }))
}

/** Ids of the entries whose wordings come nearest, best first. */
function nearest(content: Content, asked: readonly number[], vectors: Vectors, at: Circumstances): string[] {
  const allow = allowedAt(content, at)
  const unit = unitOf(asked)
  const best: { id: string; near: number }[] = []
  for (const entry of entriesOf(content)) {
    if (!allow(entry)) continue
    let near = 0
    for (const question of entry.questions) {
      const vector = vectors.get(question)
      if (vector?.length === unit.length) near = Math.max(near, dot(vector, unit))
    }
    if (near > 0) best.push({ id: entry.id, near })
  }
  return best
    .sort((a, b) => b.near - a.near)
    .slice(0, atMost)
    .map(({ id }) => id)
}

/** The same direction, length 1; all zeros of a vector without any. */
export function unitOf(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector) || 1
  return Float32Array.from(vector, (value) => value / length)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
