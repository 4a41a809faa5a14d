/**
 * What of a message comes back in its echo, as a hash: with the target it tells which send an echo belongs to (law 2).
 *
 * - text: the words, without the `@name` + U+2005 that the platform writes in front when somebody is mentioned, with
 *   one kind of line end and no white space around.
 * - image, file, video, audio: the type and the file name. link, miniProgram: the type and the title.
 * - the two `accept…` bodies are acts, not messages: nothing comes back, so their hash matches no echo.
 */
import { createHash } from 'node:crypto'
import type { Body } from '../kernel/effect.ts'
import type { Message } from '../kernel/event.ts'

const mentions = /^(?:@[^\u2005]{0,128}\u2005\s*)+/u

function hash(...words: string[]): string {
  return createHash('sha256').update(words.join('\0')).digest('base64url')
}

function hashOfText(text: string): string {
  return hash('text', text.replace(mentions, '').replaceAll('\r\n', '\n').trim())
}

/** The hash under which a send is kept. */
export function hashOfBody(body: Body): string {
  switch (body.type) {
    case 'text':
      return hashOfText(body.text)
    case 'image':
    case 'file':
    case 'video':
    case 'audio':
      return hash(body.type, body.filename)
    case 'link':
    case 'miniProgram':
      return hash(body.type, body.title)
    case 'acceptFriendship':
      return hash(body.type, body.friendshipId)
    case 'acceptInvitation':
      return hash(body.type, body.invitationId)
    default:
      return body satisfies never
  }
}

/** The hash of an echo, or null when the platform shows too little of it: then its type alone must do. */
export function hashOfEcho({ type, text, details }: Pick<Message, 'type' | 'text' | 'details'>): string | null {
  if (type === 'text') return hashOfText(text)
  const word = type === 'link' || type === 'miniProgram' ? details?.['title'] : details?.['filename']
  return typeof word === 'string' && word !== '' ? hash(type, word) : null
}
