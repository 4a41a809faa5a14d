/** The live entries as vectors, made behind everything else when content has changed. */
import * as faq from '../domains/faq/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock, Embedder } from '../kernel/ports.ts'

type Options = { db: Database; embedder: Embedder; clock: Clock; log: Log }

/** After wordings were left without a vector, they are asked for again so much later. */
const againMs = 60_000

/**
 * Gives a function that tells the vectors of a version of content: of the version before until the new ones are there,
 * undefined until there are any. Then entries are found by words alone.
 */
export function openVectors({ db, embedder, clock, log }: Options): (content: Content) => faq.Vectors | undefined {
  let vectors: faq.Vectors | undefined
  let madeFor: Content | undefined
  let making = false
  let notBefore = 0

  async function make(content: Content): Promise<void> {
    making = true
    try {
      const { missing, ...made } = await faq.refreshVectors(db.pool, embedder, content, { now: clock.now() })
      vectors = made.vectors
      if (missing === 0) madeFor = content
      else notBefore = clock.now().getTime() + againMs
      log.info({ asked: made.asked, missing }, 'vectors of entries')
    } catch (error) {
      notBefore = clock.now().getTime() + againMs
      log.warn({ err: error }, 'vectors of entries could not be kept')
    } finally {
      making = false
    }
  }

  return (content) => {
    if (content !== madeFor && !making && clock.now().getTime() >= notBefore) void make(content)
    return vectors
  }
}
