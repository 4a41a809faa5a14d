import type { Content } from '../../../kernel/content.ts'
import type { Rights } from '../../../kernel/slice.ts'
import { listSameCustomers } from '../../members/index.ts'
import { type Dimension, tagsKind, valuesOf } from '../content.ts'
import { findKeptScores, forgetTags, type KeptTag, listKeptTags, listMirrored, listPastTags, rehome } from './repo.ts'

/** Members has moved `customer.person_id` before any of these is called. */
export const rights: Rights = {
  onMerge: (db, from, into, now) => rehome(db, [from, into], now),
  // Nobody says when: the two stand at the head of the queue.
  onUnlink: (db, from, into) => rehome(db, [from, into], new Date(0)),
  forget: async (db, customerId) => forgetTags(db, await listSameCustomers(db, customerId)),
  async exportOf(db, customerId) {
    const same = await listSameCustomers(db, customerId)
    return {
      tags: await listKeptTags(db, same),
      pastTags: await listPastTags(db, same),
      scores: await findKeptScores(db, same),
      mirroredTags: await listMirrored(db, same),
    }
  },
  /** Only what has words for her: nobody reads that she is about to be lost. */
  async summaryOf(db, customerId, content) {
    const tags = await listKeptTags(db, await listSameCustomers(db, customerId))
    const said = [...new Set(tags.filter(({ effective }) => effective).flatMap((tag) => wordsFor(tag, content)))]
    return said.length === 0 ? [] : [content.reply('tags.known', { tags: said })]
  },
}

function wordsFor({ dimension, value }: KeptTag, content: Content): string[] {
  const declared = content.one(tagsKind).dimensions.find(({ id }) => id === dimension)
  if (!declared) return []
  const words = declared.kind === 'region' ? placeWords(declared, value) : saidOf(declared, value)
  return words ? [words] : []
}

function placeWords({ shown }: Extract<Dimension, { kind: 'region' }>, place: string): string | null {
  return shown ? place : null
}

function saidOf(dimension: Dimension, value: string): string | null | undefined {
  return valuesOf(dimension).find(({ id }) => id === value)?.saidAs
}
