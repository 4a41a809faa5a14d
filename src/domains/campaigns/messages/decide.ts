/** Reading messages from the text that a person wrote. Pure; every index leads into that text. */
import { milliseconds } from '../../../kernel/duration.ts'
import { type Found, type Piece, readCard, readMedia, strayReference, trimmed } from './forms.ts'
import type { Problem } from './schema.ts'
import { waitLine } from './vocabulary.ts'

/** Nobody waits longer within one conversation: what comes later is a campaign of its own. */
const longestWait = 3_600_000

const separator = /^[ \t]*---[ \t]*\r?$/gm
/** What was likely meant to be a separator. */
const nearSeparator = /^[ \t]*(?:--|----|–{2,3}|—{3})[ \t]*\r?$/m

/** The messages of a text: separated by lines of nothing but three dashes. */
export function readMessages(text: string): { found: Found[]; problems: Problem[] } {
  const problems: Problem[] = []
  const pieces = piecesOf(text)
  if (pieces.every(({ text: words }) => words === '')) {
    problems.push({ index: 0, message: 'there is no message', expected: 'The words that are sent' })
    return { found: [], problems }
  }
  const found = pieces.flatMap((piece) => readPiece(piece, problems) ?? [])
  return { found, problems }
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  for (const { index, 0: line } of text.matchAll(separator)) {
    pieces.push(trimmed({ text: text.slice(start, index), index: start }))
    start = index + line.length
  }
  return [...pieces, trimmed({ text: text.slice(start), index: start })]
}

function readPiece(piece: Piece, problems: Problem[]): Found | undefined {
  const told = problems.length
  const { delay, rest } = readWait(piece, problems)
  if (rest.text === '') {
    if (problems.length === told)
      problems.push({
        index: piece.index,
        message: piece.text === '' ? 'a message without words stands here' : 'it waits, and says nothing then',
        expected: 'A message between each two lines of three dashes, and none of those at the beginning or the end',
      })
    return undefined
  }
  return readMedia(rest, delay, problems) ?? readCard(rest, delay, problems) ?? readText(rest, delay, problems)
}

/** The wait in the first line, and what stands after it. */
function readWait(piece: Piece, problems: Problem[]): { delay: number; rest: Piece } {
  const [first = ''] = piece.text.split('\n', 1)
  const time = waitLine.exec(first.trim())?.groups?.['time']
  if (time === undefined) return { delay: 0, rest: piece }
  const rest = trimmed({ text: piece.text.slice(first.length), index: piece.index + first.length })
  const delay = milliseconds(time)
  if (delay !== undefined && delay <= longestWait) return { delay, rest }
  problems.push({
    index: piece.index + first.indexOf(time),
    message: delay === undefined ? `"${time}" is no time to wait` : `${time} is a long time to wait within one drop`,
    expected: 'A time such as 3s or 1.5s, at most 1h',
  })
  return { delay: 0, rest }
}

function readText(piece: Piece, delay: number, problems: Problem[]): Found {
  const stray = strayReference(piece)
  if (stray) problems.push(stray)
  const dashes = nearSeparator.exec(piece.text)
  if (dashes) {
    problems.push({
      index: piece.index + dashes.index,
      message: 'this line looks like three dashes but is not, so readers would see it',
      expected: 'Exactly three plain dashes between two messages: ---',
    })
  }
  return { message: { type: 'text', delay, text: piece.text }, templates: [piece] }
}
