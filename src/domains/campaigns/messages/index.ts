/** What campaigns say: one small grammar for drops and journeys, and how it is filled in for each reader. */
import type { Pointer, TemplateText } from '../../../kernel/content.ts'
import { usesIn } from '../../../kernel/liquid.ts'
import { readMessages } from './decide.ts'
import type { Message, Messages, Placeholders, Problem } from './schema.ts'

export { fieldProblemsIn } from './fields.ts'
export { freezeMessages, renderMessages, valuesOf } from './render.ts'
export { exampleValues, sampleOf } from './sample.ts'
export { Message, Messages, type Placeholders, type Problem, type Values } from './schema.ts'

/** The messages of a text, and what is wrong with it; indexes lead into the text. */
export function parseMessages(text: string): { messages: Message[]; problems: Problem[] } {
  const { found, problems } = readMessages(text)
  return { messages: found.map(({ message }) => message), problems }
}

/** The words that readers see, each with its place in the text: of cards title, address and description apart. */
export function wordsIn(text: string): { text: string; index: number }[] {
  return readMessages(text).found.flatMap(({ templates }) => templates)
}

/** The media files that a text names, for `media` of a content kind. */
export function mediaIn(text: string, at: Pointer): { at: Pointer; path: string }[] {
  return readMessages(text).found.flatMap(({ media }) => (media ? [{ at, path: media.text }] : []))
}

/**
 * The templates in a text, for `templates` of a content kind: `text` stands at `at`, or is a part of what stands there that
 * begins at `offset`.
 */
export function templatesIn(text: string, at: Pointer, lent: Placeholders, offset = 0): TemplateText[] {
  const placeholders = Object.keys(lent)
  const uncertain = Object.fromEntries(Object.entries(lent).map(([name, { example }]) => [name, example]))
  return readMessages(text).found.flatMap(({ templates }) =>
    templates.map(({ text: template, index }) => ({
      at,
      offset: offset + index,
      text: template,
      placeholders,
      uncertain,
    })),
  )
}

/** The names of the placeholders that the messages use, each once. Throws for what is no template: `check` refuses it. */
export function namesIn(messages: Messages): string[] {
  const texts = messages.flatMap((message) => ('path' in message ? [] : Object.values(message)))
  const templates = texts.filter((text) => typeof text === 'string').filter((text) => text.includes('{'))
  return [...new Set(templates.flatMap((text) => usesIn(text).map(({ path: [name] }) => name)))]
}
