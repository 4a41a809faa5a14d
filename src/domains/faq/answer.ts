/** An approved answer: how its media is written, and what goes over the wire. */
import type { Content } from '../../kernel/content.ts'
import type { Body } from '../../kernel/effect.ts'

/** A line of an answer that is nothing but a picture or a file: `![](media/x.png)`, `[price list](media/x.pdf)`. */
const mediaLine = /^\s*!?\[(?<name>[^\]]*)\]\(\s*(?<path>[^()\s]+)\s*\)\s*$/

type AnswerPart = { text: string } | { path: string }

/** An answer as it is sent: runs of text, and the media files between them (paths within the content folder). */
function partsOf(answer: string): AnswerPart[] {
  const parts: AnswerPart[] = []
  let lines: string[] = []
  const endText = (): void => {
    const text = lines.join('\n').trim()
    if (text) parts.push({ text })
    lines = []
  }
  for (const line of answer.split('\n')) {
    const path = mediaLine.exec(line)?.groups?.path
    if (path === undefined || /^[a-z]+:/i.test(path)) {
      lines.push(line)
      continue
    }
    endText()
    parts.push({ path })
  }
  endText()
  return parts
}

/** The media files that an answer names. */
export function mediaOf(answer: string): { path: string }[] {
  return partsOf(answer).filter((part) => 'path' in part)
}

const picture = /\.(?:png|jpe?g|gif|webp|bmp)$/i
const film = /\.(?:mp4|mov|m4v)$/i

/** Texts, pictures and files in the order of the answer. Media that is not there is left out: `check` refuses it. */
export function bodiesOf(answer: string, content: Content): Body[] {
  return partsOf(answer).flatMap((part): Body[] => {
    if ('text' in part) return [{ type: 'text', text: part.text }]
    const mediaId = content.mediaId(part.path)
    if (mediaId === undefined) return []
    const type = picture.test(part.path) ? 'image' : film.test(part.path) ? 'video' : 'file'
    return [{ type, mediaId, filename: part.path.slice(part.path.lastIndexOf('/') + 1) }]
  })
}

/** The pictures and files of an answer alone. */
export function mediaBodiesOf(answer: string, content: Content): Body[] {
  return bodiesOf(answer, content).filter(({ type }) => type !== 'text')
}

/** The words of an answer alone, without the lines that are pictures and files. */
export function textOf(answer: string): string {
  return partsOf(answer)
    .flatMap((part) => ('text' in part ? [part.text] : []))
    .join('\n\n')
}
