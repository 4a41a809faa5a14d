/** Commands print all there is; the scene shows a screen of it. */

/** Of a tag: what it is, its rule, and the first piece of evidence. */
const linesOfTag = 3
const columns = 100

/** Lines of `tags explain` that begin with one of these words, with what is told of a tag below its line. */
export function linesAbout(lines: readonly string[], starts: readonly string[]): string[] {
  let left = 0
  return lines.filter((line) => {
    if (line.startsWith(' ')) left -= 1
    else left = starts.some((start) => line.startsWith(start)) ? linesOfTag : 0
    return left > 0
  })
}

/** The line, cut at the right when it is long; a Chinese character is as wide as two. */
export function fitted(line: string): string {
  let cells = 0
  for (const [at, character] of [...line].entries()) {
    cells += character > '\u2e7f' ? 2 : 1
    if (cells > columns) return `${[...line].slice(0, at).join('')}…`
  }
  return line
}
