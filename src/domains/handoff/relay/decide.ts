/** How something that is no text is passed on, and what became of what was sent. Pure. */
import { Body } from '../../../kernel/effect.ts'
import type { SendState, Showable } from './schema.ts'

/** file: it must be fetched first. card: as itself, with what is known of it. words: it can only be told of. */
export type Way = { kind: 'file' } | { kind: 'card'; body: Showable } | { kind: 'words' }

const fileTypes: Readonly<Record<string, 'image' | 'audio' | 'video' | 'file'>> = {
  image: 'image',
  emoticon: 'image',
  audio: 'audio',
  video: 'video',
  file: 'file',
}

/** By the type of a message (kernel/event) and what could be read of it. */
export function wayOf({ type, details }: { type: string; details?: Record<string, unknown> | undefined }): Way {
  if (type in fileTypes) return { kind: 'file' }
  if (type !== 'link' && type !== 'miniProgram') return { kind: 'words' }
  const read = Body.safeParse({ ...details, type })
  // A card without its address leads nowhere.
  return read.success && (read.data.type === 'link' || read.data.type === 'miniProgram')
    ? { kind: 'card', body: read.data }
    : { kind: 'words' }
}

/** A file that is kept, as the body of a send; its type is that of the message which brought it. */
export function bodyOf(type: string, { mediaId, filename }: { mediaId: string; filename: string }): Showable {
  return { type: fileTypes[type] ?? 'file', mediaId, filename }
}

/** Of several parts the worst counts; a part that waits behind one that may be out does not hide that. */
export function stateOf(parts: readonly string[]): SendState {
  for (const state of ['unknown', 'refused'] as const) if (parts.includes(state)) return state
  if (parts.length === 0 || parts.some((state) => state === 'pending' || state === 'sending')) return 'open'
  return parts.includes('cancelled') ? 'cancelled' : 'sent'
}

/** The beginning of what was said, for whoever must know which words are meant. */
export function beginningOf(text: string): string {
  const words = [...text.replaceAll(/\s+/gu, ' ').trim()]
  return words.length > 20 ? `${words.slice(0, 20).join('')}…` : words.join('')
}
