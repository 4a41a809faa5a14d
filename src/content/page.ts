/** A Markdown file with front matter: keys between two lines of three dashes, then the text. */
import { formWords } from './messages.ts'
import type { Findings, Source } from './source.ts'
import { type Parsed, parseYaml, type Range } from './yaml.ts'

const dashes = /^---[ \t]*$/
/** What word processors make of three dashes, and near misses. */
const nearlyDashes = /^[-–—_=]{1,6}[ \t]*$/

/**
 * Reads the page; the trimmed body, with plain line ends, becomes the key `bodyAs` of the data.
 * Tells of everything that is wrong with its form; returns undefined when its data cannot be trusted.
 */
export function parsePage(source: Source, bodyAs: string, findings: Findings): Parsed | undefined {
  const front = frontMatter(source, findings)
  if (!front) return undefined
  const parsed = parseYaml(source, findings, front.keys.start, front.keys.end)
  if (!parsed) return undefined
  const keys = parsed.data ?? {}
  if (typeof keys !== 'object' || Array.isArray(keys)) {
    findings.add(source, front.keys.start, formWords.notABlock(Array.isArray(keys) ? 'a list' : 'text'))
    return undefined
  }
  if (Object.hasOwn(keys, bodyAs)) findings.add(source, parsed.locateKey([bodyAs]), formWords.bodyKey(bodyAs))
  const body = trimmed(source.text, front.body)
  return {
    source,
    data: { ...keys, [bodyAs]: source.text.slice(body.start, body.end).replaceAll('\r\n', '\n') },
    locate: (at) => (at[0] === bodyAs ? body : parsed.locate(at)),
    locateKey: (at) => (at[0] === bodyAs ? body.start : parsed.locateKey(at)),
  }
}

function frontMatter(source: Source, findings: Findings): { keys: Range; body: Range } | undefined {
  const { text } = source
  const top = trimmed(text, { start: 0, end: text.length }).start
  if (top === text.length) {
    findings.addFile(source.path, formWords.emptyPage())
    return undefined
  }
  const first = source.lineAt(top)
  if (!dashes.test(first)) {
    findings.add(source, top, nearlyDashes.test(first) ? formWords.dashes() : formWords.noFrontMatter())
    return undefined
  }
  const start = lineAfter(text, top)
  for (let at = start; at < text.length; at = lineAfter(text, at)) {
    const line = source.lineAt(at)
    if (dashes.test(line)) return { keys: { start, end: at }, body: { start: lineAfter(text, at), end: text.length } }
    if (nearlyDashes.test(line)) {
      findings.add(source, at, formWords.dashes())
      return undefined
    }
  }
  findings.add(source, top, formWords.openFrontMatter())
  return undefined
}

function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

function trimmed(text: string, { start, end }: Range): Range {
  const part = text.slice(start, end)
  const from = start + part.length - part.trimStart().length
  return { start: from, end: from + part.trim().length }
}
