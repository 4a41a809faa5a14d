/** The way back from a text that was read to the piece of a file that it was read from. */

/**
 * The offset in `piece` of the character at `index` of `text`. Quotes, escapes, indents, folding and line ends move the
 * letters of a text about, but never out of their turn. 0 where the text is not in the piece, such as behind an alias.
 */
export function offsetWithin(piece: string, text: string, index: number): number {
  const quote = quoteOf(piece, text)
  const start = quote === 'none' ? 0 : (/^[|>][^\n]*\n/.exec(piece)?.[0].length ?? 0)
  if (!isEscaped(piece, quote)) {
    const whole = piece.indexOf(text, start)
    if (whole !== -1) return whole + Math.min(index, text.length)
  }
  let at = quote === 'single' || quote === 'double' ? 1 : start
  for (let i = 0; i < text.length; i += 1) {
    if (isBlank(text[i])) continue
    let letter = letterAt(piece, at, quote)
    while (letter && letter.says !== text[i]) {
      at += letter.width
      letter = letterAt(piece, at, quote)
    }
    if (!letter) return 0
    if (i >= index) return at
    at += letter.width
  }
  return piece.length
}

/** How a piece is written: `none` is the body of a page, where nothing means anything but itself. */
type Quote = 'none' | 'plain' | 'single' | 'double'

function quoteOf(piece: string, text: string): Quote {
  if (piece.replaceAll('\r\n', '\n') === text) return 'none'
  return piece.startsWith('"') ? 'double' : piece.startsWith("'") ? 'single' : 'plain'
}

function isEscaped(piece: string, quote: Quote): boolean {
  return quote === 'double' ? piece.includes('\\') : quote === 'single' && piece.slice(1, -1).includes("''")
}

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/' }

/** What stands at an offset: a letter, or a way to write one within quotes. */
function letterAt(piece: string, at: number, quote: Quote): { says: string; width: number } | undefined {
  const letter = piece[at]
  if (letter === undefined) return undefined
  const next = piece[at + 1] ?? ''
  // Any other escape is a blank, or so rare that being some letters off does no harm.
  if (quote === 'double' && letter === '\\') return { says: escapes[next] ?? ' ', width: 2 }
  if (quote === 'single' && letter === "'" && next === "'") return { says: "'", width: 2 }
  return { says: letter, width: 1 }
}

function isBlank(letter: string | undefined): boolean {
  return letter?.trim() === ''
}
