/** Long texts in parts that the platform takes whole (WIRE: sends). Pure. */

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

const ends = /^[。！？；…!?;]/u
const closes = /^[”’」』）)\]】》"'〉]/u
const pauses = /^[，、,：:]/u

const isBlank = (grapheme: string | undefined): boolean => grapheme?.trim() === ''
const isNewline = (grapheme: string | undefined): boolean => grapheme === '\n' || grapheme === '\r\n'

/** Where a text may be cut, best first, and how full (as a share of the limit) the part must be by then. */
const cuts: { at: (graphemes: readonly string[], i: number) => boolean; filled: number }[] = [
  { at: endsParagraph, filled: 1 / 2 },
  { at: endsSentence, filled: 1 / 4 },
  { at: endsWord, filled: 1 / 4 },
]

/**
 * Splits `text` into parts of at most `partBytes` bytes of UTF-8, in order, at the end of a paragraph, else of a
 * sentence, else of a word, else between two graphemes. White space at a cut is dropped and nothing else. No part is
 * empty: a blank text has no parts.
 *
 * A single grapheme larger than `partBytes` (a letter under hundreds of marks) is cut between code points: the limit
 * is the platform's, it wins.
 */
export function splitText(text: string, partBytes: number): string[] {
  if (Buffer.byteLength(text) <= partBytes) {
    const whole = text.trim()
    return whole === '' ? [] : [whole]
  }
  const graphemes = [...segmenter.segment(text)].flatMap(({ segment }) =>
    Buffer.byteLength(segment) <= partBytes ? [segment] : pieces(segment, partBytes),
  )
  const parts: string[] = []
  let from = 0
  for (;;) {
    while (isBlank(graphemes[from])) from += 1
    if (from >= graphemes.length) return parts
    const to = cutAfter(graphemes, from, partBytes)
    let end = to
    while (isBlank(graphemes[end - 1])) end -= 1
    parts.push(graphemes.slice(from, end).join(''))
    from = to
  }
}

/** The index behind the last grapheme of the part that starts at `from`. */
function cutAfter(graphemes: readonly string[], from: number, partBytes: number): number {
  const filled: number[] = []
  let bytes = 0
  let limit = from
  for (; limit < graphemes.length; limit += 1) {
    bytes += Buffer.byteLength(graphemes[limit] ?? '')
    if (bytes > partBytes) break
    filled.push(bytes)
  }
  if (limit === graphemes.length) return limit
  for (const cut of cuts) {
    for (let i = limit; i > from && (filled[i - from - 1] ?? 0) >= partBytes * cut.filled; i -= 1) {
      if (cut.at(graphemes, i)) return i
    }
  }
  return limit
}

function endsParagraph(graphemes: readonly string[], i: number): boolean {
  return isNewline(graphemes[i - 1]) && isNewline(graphemes[i - 2])
}

/** Marks that stand together stay together: «？！», «……», «。”». */
function endsSentence(graphemes: readonly string[], i: number): boolean {
  const next = graphemes[i] ?? ''
  if (isNewline(graphemes[i - 1]) || isNewline(next)) return true
  if (ends.test(next) || closes.test(next)) return false
  let last = i - 1
  while (last > 0 && closes.test(graphemes[last] ?? '')) last -= 1
  const mark = graphemes[last] ?? ''
  return ends.test(mark) || (mark === '.' && isBlank(next))
}

function endsWord(graphemes: readonly string[], i: number): boolean {
  const before = graphemes[i - 1] ?? ''
  return isBlank(before) || isBlank(graphemes[i]) || pauses.test(before)
}

function pieces(grapheme: string, partBytes: number): string[] {
  const found: string[] = []
  let piece = ''
  for (const point of grapheme) {
    if (piece !== '' && Buffer.byteLength(piece + point) > partBytes) {
      found.push(piece)
      piece = ''
    }
    piece += point
  }
  return [...found, piece]
}
