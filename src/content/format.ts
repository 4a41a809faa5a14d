/** Findings as people read them in a terminal. */
import type { Finding } from '../kernel/content.ts'

/** Wider messages do not push the last column further out. */
const widestMessage = 64

/**
 * One finding a line, `file:line:column  what is wrong  what was expected`, in aligned columns, and a last line that
 * counts them. For no findings: a line that says so.
 */
export function formatFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'The content is in order.'
  const rows = findings.map(({ file, line, column, severity, message, expected }) => ({
    place: `${file}:${line}:${column}`,
    message: severity === 'warning' ? `warning: ${message}` : message,
    expected,
  }))
  const placeWidth = Math.max(...rows.map(({ place }) => widthOf(place)))
  const messageWidth = Math.min(widestMessage, Math.max(...rows.map(({ message }) => widthOf(message))))
  const lines = rows.map(({ place, message, expected }) =>
    `${padded(place, placeWidth)}  ${padded(message, messageWidth)}  ${expected}`.trimEnd(),
  )
  return [...lines, '', countOf(findings)].join('\n')
}

/** «2 errors and 1 warning in 2 files». */
function countOf(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const counts = [counted(errors, 'error'), counted(findings.length - errors, 'warning')].filter((one) => one !== '')
  return `${counts.join(' and ')} in ${counted(new Set(findings.map(({ file }) => file)).size, 'file')}`
}

function counted(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Columns that a text takes in a terminal: Chinese letters and emoji take two. */
function widthOf(text: string): number {
  let width = 0
  for (const letter of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        letter,
      )
        ? 2
        : 1
  return width
}
