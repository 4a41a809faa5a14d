/** Messages on their way to somebody: frozen with their files, then filled in for each reader. */
import type { Content } from '../../../kernel/content.ts'
import type { Body } from '../../../kernel/effect.ts'
import { UsageError } from '../../../kernel/errors.ts'
import type { PlaceholderValue } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Message, Messages, Placeholders, Values } from './schema.ts'

/** The messages with the ids of their files. Throws a UsageError `media-missing` that names the file that is not there. */
export function freezeMessages(messages: Messages, content: Content): Message[] {
  return messages.map((message) => {
    if (!('path' in message)) return message
    const mediaId = content.mediaId(message.path)
    if (mediaId !== undefined) return { ...message, mediaId }
    throw new UsageError({
      code: 'media-missing',
      message: `The file ${message.path} is not in the content folder. Put it there, or take the message out.`,
      context: { path: message.path },
    })
  })
}

/** What the named placeholders stand for, for each of these persons. Those that nobody lends are left out. */
export async function valuesOf(
  db: Queryable,
  personIds: readonly string[],
  names: readonly string[],
  lent: Placeholders,
  on: { now: Date; content: Content },
): Promise<Map<string, Values>> {
  const values = new Map<string, Record<string, PlaceholderValue>>(personIds.map((id) => [id, {}]))
  for (const name of new Set(names)) {
    if (!Object.hasOwn(lent, name)) continue
    const known = await lent[name]!.values(db, personIds, on)
    for (const [id, of] of values) {
      const value = known.get(id)
      if (value !== undefined) of[name] = value
    }
  }
  return values
}

/**
 * What goes over the wire to a reader, and the milliseconds before each part. `url` maps the addresses that we wrote
 * ourselves, on cards and in texts: never one in a reader's name. A message that has no words for her is left out, so both
 * lists may be empty.
 */
export function renderMessages(
  messages: Messages,
  values: Values,
  content: Content,
  url: (url: string) => string = (plain) => plain,
): { body: Body[]; delays: number[] } {
  const tame = tamed(values)
  const fill = (template: string): string => content.render(template, tame).trim()
  const parts = messages.flatMap((message) => {
    const body = bodyOf(message, fill, url)
    return body ? [{ body, delay: message.delay }] : []
  })
  return { body: parts.map(({ body }) => body), delays: parts.map(({ delay }) => delay) }
}

function bodyOf(message: Message, fill: (text: string) => string, url: (url: string) => string): Body | undefined {
  switch (message.type) {
    case 'text': {
      const text = mapLinks(fill(message.text), message.text, url)
      return text === '' ? undefined : { type: 'text', text }
    }
    case 'link': {
      const { title, url: address, description, thumbnailUrl } = message
      return {
        type: 'link',
        title: fill(title),
        url: url(fill(address)),
        ...(description !== undefined && { description: fill(description) }),
        ...(thumbnailUrl !== undefined && { thumbnailUrl: fill(thumbnailUrl) }),
      }
    }
    case 'miniProgram': {
      const { appid, title, pagePath, description } = message
      const words = description === undefined ? {} : { description: fill(description) }
      return { type: 'miniProgram', appid, title: fill(title), pagePath: fill(pagePath), ...words }
    }
    default: {
      const { type, mediaId, filename, path } = message
      if (mediaId === undefined) throw new TypeError(`the message with ${path} was never frozen`)
      return { type, mediaId, filename }
    }
  }
}

/** Letters that an address is made of; what ends a sentence does not belong to it. */
const address = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*[A-Za-z0-9\-_~/#@$&*+=%]/g

/** Maps the addresses in a text whose site stands in its template: others came with somebody's name. */
function mapLinks(text: string, template: string, url: (url: string) => string): string {
  const sites = new Set([...template.matchAll(/https?:\/\/[^\s/?#{]+/g)].map(([site]) => site))
  if (sites.size === 0) return text
  return text.replaceAll(address, (found) =>
    sites.has(/^https?:\/\/[^/?#]+/.exec(found)?.[0] ?? '') ? url(found) : found,
  )
}

const longestValue = 20
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** Values as they may stand in a text: on one line, short, and not there at all where they say nothing. */
function tamed(values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const tame = tameOne(value)
      return tame === undefined ? [] : [[name, tame]]
    }),
  )
}

function tameOne(value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return tameText(value)
  if (Array.isArray(value)) {
    const list = value.map(tameOne).filter((one) => one !== undefined)
    return list.length === 0 ? undefined : list
  }
  return typeof value === 'object' ? tamed(value as Values) : value
}

function tameText(text: string): string | undefined {
  // What turns the reading direction, or cannot be seen, has no place in another's text; emoji keep their joiners.
  const plain = text
    .replaceAll(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  if (plain.length <= longestValue) return plain === '' ? undefined : plain
  let short = ''
  let count = 0
  for (const { segment } of graphemes.segment(plain)) {
    if (++count > longestValue) break
    short += segment
  }
  return short.trim()
}
