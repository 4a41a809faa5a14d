/** What is done to the words of a message before the rest of the house sees them. Pure. */

/** WeChat puts this after a mention: U+2005, a four-per-em space. On computers it is an ordinary space. */
export const mentionEnd = '\u2005'

/** No NUL (PostgreSQL stores none), no half of a surrogate pair (JSON and PostgreSQL refuse it). */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** The same for every string in a value made of JSON. */
export function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanDeep)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanDeep(inner)]))
}

/**
 * A quotation as WeChat flattens it into text: U+300C name colon words U+300D, a line of dashes, the reply. The last
 * such line counts, since a quoted message may itself be a quotation.
 */
const quotation = /^\u300c([^\n]*?)[:\uff1a]([\s\S]*)\u300d\n(?:- ){2,}-?[ \t]*\n([\s\S]*)$/

export function splitQuotation(text: string): { quoted?: { name: string; text: string }; text: string } {
  const match = quotation.exec(text)
  if (!match) return { text }
  const [, name = '', words = '', reply = ''] = match
  return { quoted: { name: name.trim(), text: words.trim() }, text: reply.trim() }
}

/** A character that may stand before and after `@name` when it is a mention and not part of a longer word. */
const boundary = String.raw`\s\u2005.,!?:;\u3001\u3002\uff0c\uff01\uff1f\uff1a\uff1b`

/** `@name` as WeChat writes it, with its mark behind; or as people do, between boundaries. */
function mentionOf(name: string): RegExp {
  const literal = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  return new RegExp(`@${literal}\u2005|(?<=^|[${boundary}])@${literal}(?: |(?=[${boundary}])|$)`, 'gu')
}

/** Whether the text says `@name` for one of the names, as a word of its own. */
export function mentionsOneOf(text: string, names: readonly string[]): boolean {
  return text.includes('@') && names.some((name) => name !== '' && mentionOf(name).test(text))
}

/** The text without `@name` for any of the names. */
export function withoutMentions(text: string, names: readonly string[]): string {
  let rest = text
  for (const name of names) if (name !== '') rest = rest.replace(mentionOf(name), '')
  return rest.trim()
}

/** The text without what looks like any mention that WeChat itself put in: `@…` up to U+2005. */
export function withoutMarkedMentions(text: string): string {
  return text.replaceAll(/@[^@\n\u2005]{1,64}\u2005/gu, '').trim()
}

/** The text without the mentions that `sending` puts before it: what comes back is then what was asked for. */
export function withoutOurPrefix(text: string): string {
  return text.replace(/^(?:@[^\n\u2005]{1,64}\u2005)+/u, '')
}

/** The mentions that go before a text in a group. */
export function mentionPrefix(names: readonly string[]): string {
  return names.map((name) => `@${name.replaceAll(/[\n\u2005]/gu, ' ')}${mentionEnd}`).join('')
}
