/** Texts that are longer than anybody reads, or than WeChat shows. */
import type { Piece, Told } from './pieces.ts'
import type { ComplianceBrand } from './schema.ts'

export function lengthFindings(piece: Piece<unknown>, brand: ComplianceBrand, partBytes: number): Told[] {
  const { text, kind } = piece
  // Most texts need no counting: a UTF-16 code unit has at most three bytes of UTF-8.
  const short = kind === 'text' ? Math.min(brand.longest, partBytes / 3) : brand.titleBytes / 3
  if (text.length <= short) return []
  const words = shownText(text)
  const bytes = Buffer.byteLength(words)
  if (kind === 'text') return messageFindings(text, words, bytes, brand.longest, partBytes)
  const most = kind === 'title' ? brand.titleBytes : brand.descriptionBytes
  if (bytes <= most) return []
  const expected = `At most ${most} bytes: about ${Math.floor(most / 3)} Chinese characters`
  return [tooLong(text, `the ${kind} of the card has ${bytes} bytes: WeChat cuts it`, expected)]
}

function messageFindings(text: string, words: string, bytes: number, most: number, partBytes: number): Told[] {
  let characters = 0
  for (const _ of words.trim()) characters += 1
  if (characters <= most && bytes <= partBytes) return []
  const parts = Math.ceil(bytes / partBytes)
  const split = parts > 1 ? ` and goes out in ${parts} parts or more` : ''
  const expected = `At most ${most} characters: on a phone hardly anybody reads on`
  return [tooLong(text, `the message has ${characters} characters${split}`, expected)]
}

/** What customers see: a placeholder counts as four letters, what steers a template as none. */
function shownText(text: string): string {
  if (!text.includes('{')) return text
  return text.replaceAll(/\{%[^{}]*%\}/gu, '').replaceAll(/\{\{[^{}]*\}\}/gu, '____')
}

function tooLong(text: string, message: string, expected: string): Told {
  return { rule: 'too-long', law: '', severity: 'warning', index: 0, length: text.length, message, expected }
}
