/** The forms of a message that are not plain text: pictures, files, link cards and mini-program cards. Pure. */
import type { Message, Problem } from './schema.ts'

/** A part of a text, and where it begins there. */
export type Piece = { text: string; index: number }

/** A message with the pieces of it that are templates, and the file that it names. */
export type Found = { message: Message; templates: Piece[]; media?: Piece }

/** A line that is nothing but a reference: `[words](target)`, with ! in front for a picture. */
const reference = /^(?<mark>!?)\[(?<words>.*)\]\([ \t]*(?<target>\S.*?)[ \t]*\)$/u
type Reference = { picture: boolean; words: Piece; target: Piece }

const miniProgram = /^miniprogram:(?<appid>[A-Za-z0-9_]+)\/(?<page>.+)$/u

const kinds = {
  image: /\.(?:png|jpe?g|gif|webp|bmp)$/i,
  video: /\.(?:mp4|mov|m4v)$/i,
  audio: /\.(?:mp3|m4a|amr|wav|silk)$/i,
}

/** The piece without blanks around it. */
export function trimmed({ text, index }: Piece): Piece {
  return { text: text.trim(), index: index + text.length - text.trimStart().length }
}

/** `![](media/x.png)` or `[x.pdf](media/x.pdf)` and nothing else; undefined when it is something else. */
export function readMedia(piece: Piece, delay: number, problems: Problem[]): Found | undefined {
  const found = referenceIn(piece)
  if (!found || isAddress(found.target.text)) return undefined
  const { text: path, index } = found.target
  const name = path.slice(path.lastIndexOf('/') + 1)
  const ending = /\.[^.]+$/.exec(name)?.[0] ?? ''
  const type = kinds.video.test(path)
    ? 'video'
    : kinds.audio.test(path)
      ? 'audio'
      : found.picture && kinds.image.test(path)
        ? 'image'
        : 'file'
  if (found.picture && type === 'file') {
    problems.push({
      index,
      message: `${path} is no picture`,
      expected: 'A .png, .jpg, .gif or .webp; a file is written without the ! in front',
    })
  }
  const words = found.words.text.trim()
  const named = words === '' ? name : words.toLowerCase().endsWith(ending.toLowerCase()) ? words : words + ending
  const filename = type === 'file' ? named : name
  return { message: { type, delay, path, filename }, templates: [], media: { text: path, index } }
}

/** A card: perhaps a picture from the web, then `[title](https://…)` or `[title](miniprogram:…)`, then its description. */
export function readCard(piece: Piece, delay: number, problems: Problem[]): Found | undefined {
  const lines = linesOf(piece)
  const first = lines[0] && referenceIn(lines[0])
  if (!first || !isAddress(first.target.text)) return undefined
  const title = first.picture ? lines[1] && referenceIn(lines[1]) : first
  if (!title || title.picture || !isAddress(title.target.text)) {
    problems.push({
      index: first.target.index,
      message: 'a picture from the web stands alone',
      expected: 'The line [title](https://…) after it, for a link card; or a picture of our own: ![](media/x.png)',
    })
    return undefined
  }
  const thumbnail = first.picture ? first.target : undefined
  const after = lines[first.picture ? 2 : 1]
  const from = after ? after.index - piece.index : piece.text.length
  const description = trimmed({ text: piece.text.slice(from), index: piece.index + from })
  tellCard(title, thumbnail, problems)
  const stray = strayReference(description)
  if (stray) problems.push(stray)
  return cardOf(title, thumbnail, description, delay)
}

function cardOf(title: Reference, thumbnail: Piece | undefined, description: Piece, delay: number): Found {
  const described = description.text !== ''
  const words = described ? { description: description.text } : {}
  const templates = [title.words, title.target, ...(described ? [description] : []), ...(thumbnail ? [thumbnail] : [])]
  const program = miniProgram.exec(title.target.text)?.groups
  if (program) {
    const { appid = '', page = '' } = program
    const card = { type: 'miniProgram' as const, delay, appid, pagePath: page, title: title.words.text, ...words }
    return { message: card, templates }
  }
  const picture = thumbnail ? { thumbnailUrl: thumbnail.text } : {}
  const link = { type: 'link' as const, delay, title: title.words.text, url: title.target.text, ...words, ...picture }
  return { message: link, templates }
}

function tellCard({ words, target }: Reference, thumbnail: Piece | undefined, problems: Problem[]): void {
  if (words.text.trim() === '')
    problems.push({ index: words.index, message: 'the card has no title', expected: '[What it is about](https://…)' })
  for (const address of [target, ...(thumbnail ? [thumbnail] : [])]) {
    if (isSound(address.text)) continue
    const program = address.text.startsWith('miniprogram:')
    problems.push({
      index: address.index,
      message: `"${address.text}" leads nowhere`,
      expected: program ? 'miniprogram:APPID/pages/path' : 'An address such as https://shop.example.com/page',
    })
  }
  if (thumbnail && miniProgram.test(target.text)) {
    problems.push({
      index: thumbnail.index,
      message: 'a mini-program card brings its own picture',
      expected: 'The card without the picture in front',
    })
  }
}

/** Addresses with placeholders are known when they are filled in. */
function isSound(address: string): boolean {
  if (address.startsWith('miniprogram:')) return miniProgram.test(address)
  const plain = address.replaceAll(/\{\{.*?\}\}|\{%.*?%\}/gs, 'x')
  return /^https?:\/\/\S+$/u.test(plain) && URL.canParse(plain)
}

/** A reference among other words, which readers would see as brackets; undefined when there is none. */
export function strayReference({ text, index }: Piece): Problem | undefined {
  const stray = /!?\[[^\][\n]*\]\([ \t]*(?:media\/|https?:\/\/|miniprogram:)[^)\n]*\)/u.exec(text)
  if (!stray) return undefined
  return {
    index: index + stray.index,
    message: 'WeChat would show these brackets as they stand',
    expected: 'Pictures, files and cards in messages of their own, between lines of three dashes; links as they are',
  }
}

function referenceIn(piece: Piece): Reference | undefined {
  const { text, index } = trimmed(piece)
  const groups = reference.exec(text)?.groups
  if (!groups || text.includes('\n')) return undefined
  const { mark = '', words = '', target = '' } = groups
  const at = index + mark.length + 1
  const behind = text.lastIndexOf(target)
  return { picture: mark === '!', words: { text: words, index: at }, target: { text: target, index: index + behind } }
}

function isAddress(target: string): boolean {
  return /^[a-z]+:/iu.test(target)
}

function linesOf({ text, index }: Piece): Piece[] {
  let start = 0
  return text.split('\n').map((line) => {
    const piece = { text: line, index: index + start }
    start += line.length + 1
    return piece
  })
}
