/** Draws what a terminal showed as an SVG: `npm run picture` makes the README's. */
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'

const cell = { width: 8.4, height: 21 }
const columns = 104
const colours: Record<string, string> = { 32: '#7ee787', 36: '#79c0ff', 2: '#8b949e' }

const lines = (await text(process.stdin)).trimEnd().split('\n').flatMap(wrap)
const height = (lines.length + 2) * cell.height
const rows = lines.map(
  (line, i) => `<text x="20" y="${(i + 1.7) * cell.height}" xml:space="preserve">${spans(line)}</text>`,
)

process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${columns * cell.width + 40}" height="${height}">
<style>text { font: 14px ui-monospace, 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', Menlo, Consolas, monospace; fill: #e6edf3 }</style>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`)

function width(character: string): number {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
    character,
  )
    ? 2
    : 1
}

/** Cuts a line at the picture's edge; colours do not reach over a cut, which only plain text needs. */
function wrap(line: string): string[] {
  const cells = [...stripVTControlCharacters(line)].reduce((sum, character) => sum + width(character), 0)
  if (cells <= columns) return [line]
  let taken = 0
  let at = 0
  for (const part of line.match(/\u001b\[\d+m|./gu) ?? []) {
    taken += part.startsWith('\u001b') ? 0 : width(part)
    if (taken > columns) break
    at += part.length
  }
  return [line.slice(0, at), ...wrap(`    ${line.slice(at)}`)]
}

/** Styles as the escape codes say: 1 bold, 2 dim, 32 green, 36 cyan; 22 and 39 end them. */
function spans(line: string): string {
  let bold = false
  let colour: string | undefined
  return (line.match(/\u001b\[\d+m|[^\u001b]+/g) ?? [])
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1]
      if (code === undefined) {
        const escaped = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
        const style = `${colour ? ` fill="${colour}"` : ''}${bold ? ' font-weight="bold"' : ''}`
        return `<tspan${style}>${escaped}</tspan>`
      }
      if (code === '1') bold = true
      else if (code === '22' || code === '39') [bold, colour] = [code === '22' ? false : bold, undefined]
      else colour = colours[code] ?? colour
      return ''
    })
    .join('')
}
