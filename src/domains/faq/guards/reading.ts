/**
 * What a customer wrote as everybody reads it, whatever was put in between to hide it from a list of words. Several
 * readings of one text: with its spaces, without anything but letters, undressed of leet, decoded.
 */
import { plainSpelling } from '../../../kernel/spelling.ts'
import { unleet, unlike } from './vocabulary.ts'

/** Nobody asks in so many characters; what stands behind is read by nobody, so its end is read as well. */
const longest = 4_000
const decodedAtMost = 3

/** Characters that are not seen: zero width, direction, variation, tags, fillers, soft hyphen. */
const unseen = new RegExp(
  '\\p{Cf}|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|\u2800|\u3164|\uffa0|[\ufe00-\ufe0f]|[\u{e0000}-\u{e01ef}]',
  'gu',
)

/** One spelling without what is not seen. Marks, spaces and emoji stay. */
export function plainly(text: string): string {
  return plainSpelling(text.replaceAll(unseen, ''))
    .replaceAll(unseen, '')
    .normalize('NFD')
    .replaceAll(/(?<=\p{sc=Latin})\p{Mn}+|\u0336|\u0338/gu, '')
    .normalize('NFC')
}

/**
 * - `spaced`: words as they stand.
 * - `dense`: without spaces, emoji and quotes, for «忽 略 以*上»; marks that end a clause stay, but for those between
 *   characters that stand alone: «忽，略，以，上».
 */
export type Reading = { spaced: string; dense: string }

/** All readings of a text, the plain one first. */
export function readingsOf(text: string): Reading[] {
  const short = text.length <= longest ? text : `${text.slice(0, longest)}\n${text.slice(-longest)}`
  const plain = unlike(plainly(short))
  const readings = [plain, unleet(plain), ...decoded(plainKept(short)).map((hidden) => unlike(plainly(hidden)))]
  const latin = plain.match(/[a-z]/gu)?.length ?? 0
  if (latin >= 12) readings.push(rot13(plain))
  if (plain.length >= 6 && plain.length <= 400) readings.push([...plain].reverse().join(''))
  return [...new Set(readings)].map((spaced) => ({
    spaced: joined(spaced),
    dense: denseOf(spaced),
  }))
}

function denseOf(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N},.;:!?。]+/gu, '')
    .replaceAll(/(?<![^,.;:!?。])(?:\p{L}[,.;:!?。]+){3,}\p{L}(?![^,.;:!?。])/gu, (alone) =>
      alone.replaceAll(/[^\p{L}]+/gu, ''),
    )
}

/** Base64 knows upper and lower case. */
function plainKept(text: string): string {
  return text.replaceAll(unseen, '').normalize('NFKC')
}

/** One space between words; none between letters that stand alone: «i g n o r e». */
function joined(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/(?<![a-z0-9])(?:[a-z][ .\-_*]){3,}[a-z](?![a-z0-9])/gu, (letters) =>
      letters.replaceAll(/[ .\-_*]/gu, ''),
    )
}

function rot13(text: string): string {
  return text.replaceAll(/[a-z]/gu, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97))
}

/** What stands in the text in base64, hexadecimal, per cent or \u escapes, as far as it gives readable text. */
function decoded(text: string): string[] {
  const found: string[] = []
  for (const [token] of text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/gu)) {
    if (found.length === decodedAtMost) return found
    const bytes = /^(?:[0-9a-f]{2}){8,}$/iu.test(token) ? Buffer.from(token, 'hex') : Buffer.from(token, 'base64')
    const readable = readableOf(bytes)
    if (readable !== undefined) found.push(readable)
  }
  if (/%[0-9a-f]{2}%[0-9a-f]{2}/iu.test(text)) {
    const readable = readableOf(
      Buffer.from(
        text.replaceAll(/%([0-9a-f]{2})/giu, (_, hex: string) => latin(hex)),
        'latin1',
      ),
    )
    if (readable !== undefined) found.push(readable)
  }
  if (/\\u[0-9a-f]{4}/iu.test(text)) found.push(text.replaceAll(/\\u([0-9a-f]{4})/giu, (_, hex: string) => latin(hex)))
  if (/&#x?[0-9a-f]+;/iu.test(text)) {
    found.push(
      text.replaceAll(/&#(x?)([0-9a-f]{1,5});/giu, (_, x: string, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, x === '' ? 10 : 16)),
      ),
    )
  }
  if (/(?:\b[01]{8}\b\s*){4,}/u.test(text)) {
    const bytes = [...text.matchAll(/\b[01]{8}\b/gu)].map(([bits]) => Number.parseInt(bits, 2))
    const readable = readableOf(Buffer.from(bytes))
    if (readable !== undefined) found.push(readable)
  }
  return found
}

function latin(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16))
}

/** Text, not the noise that any word gives when it is decoded. */
function readableOf(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  return text.length >= 4 && /^[\p{L}\p{N}\p{P}\p{Zs}\p{S}\n]+$/u.test(text) && !text.includes('\ufffd')
    ? text
    : undefined
}
