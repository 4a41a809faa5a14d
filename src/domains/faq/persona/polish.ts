/** What code mends in an answer before it is checked: words that are replaced, emoji, marks that a chat does not show. */
import type { Mood } from '../answers/schema.ts'
import type { Persona } from './schema.ts'
import { emoji } from './vocabulary.ts'

/** The answer as the persona may say it to somebody in this mood. '' stays ''. Words that are banned are not its business. */
export function polish(answer: string, persona: Persona, mood: Mood): string {
  const bare = withoutMarkup(withoutHidden(answer))
  const said = tidy(withEmojiOf(persona, mood, replaced(bare, persona)))
  const offer = persona.moods[mood]?.offersHuman
  return said === '' || offer === undefined || said.includes(offer) ? said : `${said}\n${offer}`
}

export type Limits = {
  /** Without spaces and line ends, with the line that offers a human. */
  characters: number
  sentences: number
  emoji: number
}

/** How long an answer to somebody in this mood may be, and with how many emoji. */
export function limitsOf({ length, emoji: rule, moods }: Persona, mood: Mood): Limits {
  const { maxCharacters = length.characters, emoji: mayUse = true, offersHuman } = moods[mood] ?? {}
  const offer = offersHuman === undefined ? 0 : lengthOf(offersHuman)
  return {
    characters: Math.min(length.characters, maxCharacters) + offer,
    sentences: length.sentences + (offer > 0 ? 1 : 0),
    emoji: mayUse ? rule.atMost : 0,
  }
}

/** Characters that are seen: without spaces and line ends. */
export function lengthOf(text: string): number {
  return [...text.replaceAll(/\s/gu, '')].length
}

/** The emoji of a text in their order, those of WeChat too: ['🌿', '[微笑]']. */
export function emojiIn(text: string): string[] {
  return text.match(emoji) ?? []
}

/** Without control characters and what is not seen; an emoji may be several that an invisible joiner holds together. */
function withoutHidden(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/(?!\n)\p{Cc}|(?!\u200d)\p{Cf}|\p{Co}|[\u{e0100}-\u{e01ef}]/gu, '')
    .replaceAll(
      /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d|\u200d(?!\p{Extended_Pictographic})/gu,
      '',
    )
}

/** Models write Markdown, and a chat shows its marks. */
function withoutMarkup(text: string): string {
  return text
    .replaceAll(/\*\*([^*\n]+)\*\*/gu, '$1')
    .replaceAll('`', '')
    .replaceAll(/^[ ]{0,3}#{1,6}[ ]+/gmu, '')
    .replaceAll(/^([ ]*)[*-][ ]+/gmu, '$1· ')
}

const replacers = new WeakMap<Persona, (text: string) => string>()

/** All in one pass, the longest first: what was put in is not replaced again. */
function replaced(text: string, persona: Persona): string {
  const known = replacers.get(persona)
  if (known) return known(text)
  const made = replacer(persona)
  replacers.set(persona, made)
  return made(text)
}

function replacer({ replace }: Persona): (text: string) => string {
  const words = new Map<string, string>()
  for (const [word, replacement] of Object.entries(replace)) {
    if (typeof replacement === 'string') words.set(word, replacement)
    else {
      for (const kept of replacement.unless) words.set(kept, kept)
      words.set(word, replacement.with)
    }
  }
  if (words.size === 0) return (text) => text
  const longestFirst = [...words.keys()].sort((a, b) => b.length - a.length)
  const any = new RegExp(longestFirst.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&')).join('|'), 'gu')
  return (text) => text.replaceAll(any, (word) => words.get(word) ?? word)
}

/** A digit in a box counts things: it becomes the digit. */
const keycap = /([0-9])\ufe0f?\u20e3/gu

function withEmojiOf({ emoji: rule, moods }: Persona, mood: Mood, text: string): string {
  const most = moods[mood]?.emoji === false ? 0 : rule.atMost
  const allowed = new Set(rule.allowed.map(plainEmoji))
  let used = 0
  return text.replaceAll(keycap, '$1. ').replaceAll(emoji, (one) => {
    if (used >= most || !allowed.has(plainEmoji(one))) return ''
    used += 1
    return one
  })
}

/** The same emoji with and without the mark that asks for its coloured form. */
export function plainEmoji(text: string): string {
  return text.replaceAll('\ufe0f', '')
}

function tidy(text: string): string {
  return text
    .replaceAll(/[ \u00a0\u3000]{2,}/gu, ' ')
    .replaceAll(/ +(?=[，。！？；：、～,!?;])/gu, '')
    .replaceAll(/([！？～!?])\1+/gu, '$1')
    .replaceAll(/[ \u00a0\u3000]+$/gmu, '')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim()
}
