/** Text as rules read it: in one spelling, without what is put between letters to hide a word. Pure. */
import { simplified } from '../../../kernel/spelling.ts'

/** `at[i]`: where the letter i of `text` stands in what was written. */
export type Normal = { text: string; at: Uint32Array }

/** Blanks, signs and invisible letters with which a word is pulled apart. What ends a sentence stays. */
const hidden = /[\s\u200b-\u200f\u2060\ufeff·•・.＊*_\-—~～|/\\、"'`^+=]/u

/** For each UTF-16 code what it becomes; 0: it is left out. Copy is megabytes, and a table is the fastest to ask. */
const becomes = Uint16Array.from({ length: 0x10000 }, (_, code) => {
  if (hidden.test(String.fromCharCode(code))) return 0
  // Full-width letters, digits and signs, then capitals.
  const half = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code
  return half >= 65 && half <= 90 ? half + 32 : half
})

/** So many codes are made text at a time: a call takes no more arguments than the stack holds. */
const piece = 8_192

export function normalised(written: string): Normal {
  const plain = simplified(written)
  // Some characters have no counterpart of the same length: then the spelling stays as it is, so that places hold.
  const source = plain.length === written.length ? plain : written
  const at = new Uint32Array(source.length)
  const codes = new Uint16Array(source.length)
  let length = 0
  for (let i = 0; i < source.length; i += 1) {
    const code = source.charCodeAt(i)
    const kept = becomes[code]! || (betweenDigits(source, i) ? code : 0)
    if (kept === 0) continue
    at[length] = i
    codes[length] = kept
    length += 1
  }
  let text = ''
  for (let from = 0; from < length; from += piece)
    text += String.fromCharCode(...codes.subarray(from, Math.min(from + piece, length)))
  return { text, at }
}

/** «2.5» and ranges keep their sign, or numbers would run together. */
function betweenDigits(text: string, i: number): boolean {
  return isDigit(text.charCodeAt(i - 1)) && isDigit(text.charCodeAt(i + 1))
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
