/** What readers would see, with values as they might be: for previews and reports, where nobody's own have a place. */
import type { Content } from '../../../kernel/content.ts'
import { renderMessages } from './render.ts'
import type { Messages, Placeholders, Values } from './schema.ts'

export function exampleValues(lent: Placeholders): Values {
  return Object.fromEntries(Object.entries(lent).map(([name, { example }]) => [name, example]))
}

/** One text for each message: of cards their title and description, of files their name. */
export function sampleOf(messages: Messages, content: Content, lent: Placeholders): string[] {
  const named = messages.map((message) =>
    'path' in message ? { ...message, mediaId: message.mediaId ?? '' } : message,
  )
  return renderMessages(named, exampleValues(lent), content).body.map((body) => {
    if (body.type === 'text') return body.text
    if ('filename' in body) return `[${body.filename}]`
    if (body.type === 'link' || body.type === 'miniProgram')
      return [`[${body.title}]`, body.description].filter(Boolean).join('\n')
    return ''
  })
}
