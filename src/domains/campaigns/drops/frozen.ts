/** A drop as it is at one moment: its fingerprint, and the form that a run keeps. */
import { createHash } from 'node:crypto'
import type { Content } from '../../../kernel/content.ts'
import { freezeMessages } from '../messages/index.ts'
import { readBody } from './body.ts'
import type { Drop, FrozenDrop } from './schema.ts'

/** The variants with their percents of those who get it; all alike where none are written. */
export function variantsOf({ body, variants }: Drop): FrozenDrop['variants'] {
  const read = readBody(body).variants
  return read.map(({ id, messages }) => ({ id, percent: variants?.[id] ?? 100 / read.length, messages }))
}

/** Throws a UsageError `media-missing` that names the file. */
export function frozenOf(drop: Drop, content: Content): FrozenDrop {
  const { id, title, to, account, topic, personal, priority, expires, spread, holdout, goal, links } = drop
  const variants = variantsOf(drop).map((one) => ({ ...one, messages: freezeMessages(one.messages, content) }))
  const rank = 100 - priority
  return { id, title, to, account, topic, personal, rank, expires, spread, variants, holdout, goal, links }
}

/** SHA-256 of the drop as it stands, with the bytes of its files: who approved it approved this and nothing else. */
export function fingerprintOf(drop: Drop, content: Content): string {
  const paths = variantsOf(drop).flatMap(({ messages }) => messages.flatMap((one) => ('path' in one ? [one.path] : [])))
  const media = [...new Set(paths)].sort().map((path) => [path, content.mediaId(path) ?? null])
  return createHash('sha256')
    .update(JSON.stringify(canonical({ drop, media })))
    .digest('hex')
}

/** The same value with the keys of every block in one order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]))
}
