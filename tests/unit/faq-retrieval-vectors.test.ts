import { describe, expect, test } from 'vitest'
import { consider } from '../../src/domains/faq/retrieval/ask.ts'
import { fuse, refreshVectors } from '../../src/domains/faq/retrieval/vectors/index.ts'
import type { Embedder } from '../../src/kernel/ports.ts'
import { testDatabase } from '../support/database.ts'
import { contentWith } from './faq-content.ts'

const now = new Date('2026-03-02T10:00:00+08:00')

/** Means what stands in the same row: one dimension a row. */
const meanings = [
  ['快递', '邮寄', '包裹'],
  ['退', '不想要'],
  ['脸', '皮肤', '肤'],
]

function toyVector(text: string): number[] {
  return [0.01, ...meanings.map((words) => words.filter((word) => text.includes(word)).length)]
}

function toyEmbedder(name = 'toy'): Embedder & { asked: string[] } {
  const asked: string[] = []
  return {
    name,
    asked,
    embed: (texts) => {
      asked.push(...texts)
      return Promise.resolve(texts.map(toyVector))
    },
  }
}

const entries = [
  { id: 'parcel', questions: ['我的快递到哪了', '怎么查包裹'], answer: '看单号' },
  { id: 'return', questions: ['怎么退货'], answer: '点售后' },
  { id: 'skin', questions: ['脸干怎么办'], answer: '多补水' },
]
const content = contentWith({ entries })

describe('refreshing vectors', async () => {
  const { db } = await testDatabase()

  test('asks for new wordings alone, also in another process, and for all of another model', async () => {
    const embedder = toyEmbedder()
    const first = await refreshVectors(db.pool, embedder, content, { now })
    expect(first).toMatchObject({ asked: 4, missing: 0 })
    expect(embedder.asked).toHaveLength(4)

    const again = await refreshVectors(db.pool, embedder, content, { now })
    expect(again.asked).toBe(0)
    expect([...again.vectors.keys()].sort()).toEqual([...first.vectors.keys()].sort())
    for (const [text, vector] of first.vectors) {
      expect([...(again.vectors.get(text) ?? [])].map((value) => Math.round(value * 1e5))).toEqual(
        [...vector].map((value) => Math.round(value * 1e5)),
      )
    }

    const changed = contentWith({
      entries: entries.map((entry) => (entry.id === 'skin' ? { ...entry, questions: ['皮肤太干了'] } : entry)),
    })
    embedder.asked.length = 0
    const { vectors } = await refreshVectors(db.pool, embedder, changed, { now })
    expect(embedder.asked).toEqual(['皮肤太干了'])
    expect(vectors.has('脸干怎么办')).toBe(false)

    const other = toyEmbedder('other')
    await refreshVectors(db.pool, other, content, { now })
    expect(other.asked).toHaveLength(4)
  })

  test('keeps what it has when the endpoint fails or sends nonsense, and asks again next time', async () => {
    const broken = (given: number[][] | undefined): Embedder => ({
      name: 'broken',
      embed: () => Promise.resolve(given),
    })
    for (const given of [undefined, [[1, 2]], [[1], [1], [1], [1, 2]], [[NaN], [1], [1], [1]]])
      expect(await refreshVectors(db.pool, broken(given), content, { now })).toMatchObject({ asked: 0, missing: 4 })
    expect(await refreshVectors(db.pool, toyEmbedder('broken'), content, { now })).toMatchObject({ asked: 4 })
  })
})

describe('fusing', () => {
  const vectors = new Map(
    entries.flatMap(({ questions }) => questions.map((text) => [text, Float32Array.from(toyVector(text))] as const)),
  )
  const fused = (question: string, vector: number[] | undefined, among = content) =>
    fuse(among, consider(among, question, { now }).found, vector, vectors, { now })

  test('finds what means the same without sharing a word', () => {
    const question = '邮寄情况呢'
    expect(fused(question, undefined).map(({ entry }) => entry)).not.toContain('parcel')
    expect(fused(question, toyVector(question))[0]?.entry).toBe('parcel')
  })

  test('leaves the lexical order and its chances where there is no vector, or one of another length', () => {
    const lexical = consider(content, '怎么查物流', { now }).found.map(({ entry, score }) => ({
      entry: entry.id,
      chance: score,
    }))
    expect(fused('怎么查物流', undefined)).toEqual(lexical)
    expect(fused('怎么查物流', [1, 2])).toEqual(lexical)
  })

  test('never puts anything before the very text of the question, and keeps chances in order', () => {
    const found = fused('怎么退货', toyVector('我的包裹'))
    expect(found[0]).toEqual({ entry: 'return', chance: 1 })
    const chances = found.map(({ chance }) => chance)
    expect(chances).toEqual([...chances].sort((a, b) => b - a))
  })

  test('brings in no entry that may not be answered here and now', () => {
    const elsewhere = contentWith({
      entries: entries.map((entry) => (entry.id === 'parcel' ? { ...entry, groups: ['vip'] } : entry)),
    })
    expect(fused('邮寄情况呢', toyVector('邮寄'), elsewhere).map(({ entry }) => entry)).not.toContain('parcel')
  })
})
