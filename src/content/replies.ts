/** replies.yaml: every word that slices say, by `slice.key`, each a template or a list of wordings. */
import type { ReplyDeclaration } from '../kernel/content.ts'
import { formWords, templateWords } from './messages.ts'
import { repliesFile } from './registry.ts'
import { isBlock } from './shape.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import { checkTemplate } from './template.ts'
import { described } from './validate.ts'
import { offsetWithin } from './within.ts'
import type { Parsed } from './yaml.ts'

type Declared = ReadonlyMap<string, ReplyDeclaration>

/** The wordings of every declared reply; tells of unknown, missing and broken ones. `parsed` is undefined without a file. */
export function readReplies(declared: Declared, parsed: Parsed | undefined, findings: Findings): Map<string, string[]> {
  const replies = new Map<string, string[]>()
  if (declared.size === 0 && !parsed) return replies
  const meant = new Set<string>()
  const file = parsed?.data ?? {}
  if (parsed && isBlock(file)) {
    const slices = [...new Set([...declared.keys()].map((key) => sliceOf(key)))]
    for (const [slice, block] of Object.entries(file)) {
      if (!slices.includes(slice)) tellUnknown(slice, [slice], slices, parsed, findings)
      else if (isBlock(block)) readSlice(slice, block, declared, parsed, findings, replies, meant)
      else if (block !== null) {
        findings.add(parsed.source, parsed.locate([slice]).start, formWords.notABlock(described(block)))
      }
    }
  } else if (parsed) {
    findings.add(parsed.source, parsed.locate([]).start, formWords.notABlock(described(file)))
    return replies
  }
  for (const [key, { title, placeholders }] of declared) {
    if (replies.has(key) || meant.has(key)) continue
    const words = templateWords.missingReply(key, title, placeholders)
    if (parsed) findings.add(parsed.source, parsed.locateKey([sliceOf(key)]), words)
    else findings.addFile(repliesFile, words)
  }
  return replies
}

function readSlice(
  slice: string,
  block: Record<string, unknown>,
  declared: Declared,
  parsed: Parsed,
  findings: Findings,
  replies: Map<string, string[]>,
  meant: Set<string>,
): void {
  const keys = [...declared.keys()].filter((key) => sliceOf(key) === slice).map((key) => key.slice(slice.length + 1))
  for (const [key, value] of Object.entries(block)) {
    const name = `${slice}.${key}`
    const declaration = declared.get(name)
    if (declaration) {
      replies.set(name, wordings(name, value, declaration.placeholders, [slice, key], parsed, findings))
    } else {
      const near = tellUnknown(name, [slice, key], keys, parsed, findings)
      if (near !== undefined) meant.add(`${slice}.${near}`)
    }
  }
}

/** Returns the key that was meant, as far as that can be guessed. */
function tellUnknown(
  name: string,
  at: readonly string[],
  known: readonly string[],
  parsed: Parsed,
  findings: Findings,
): string | undefined {
  const near = nearest(at.at(-1) ?? '', known)
  findings.add(parsed.source, parsed.locateKey(at), templateWords.unknownReply(name, near, known))
  return near
}

function wordings(
  name: string,
  value: unknown,
  placeholders: readonly string[],
  at: readonly string[],
  parsed: Parsed,
  findings: Findings,
): string[] {
  const several = Array.isArray(value)
  const texts: unknown[] = several ? value : [value]
  if (texts.length === 0) findings.add(parsed.source, parsed.locate(at).start, templateWords.emptyReply(name))
  return texts.map((text, index) => {
    const place = several ? [...at, index] : at
    const { start, end } = parsed.locate(place)
    if (typeof text !== 'string') {
      const words = text === null ? templateWords.emptyReply(name) : templateWords.replyForm(name, described(text))
      if (!findings.hasAt(parsed.source, start)) findings.add(parsed.source, start, words)
      return ''
    }
    // A block scalar ends with a line end that nobody means to send.
    const template = text.trim()
    if (template === '') findings.add(parsed.source, start, templateWords.emptyReply(name))
    for (const { index: inside, words } of checkTemplate({ text: template, placeholders })) {
      findings.add(parsed.source, start + offsetWithin(parsed.source.text.slice(start, end), template, inside), words)
    }
    return template
  })
}

function sliceOf(key: string): string {
  return key.slice(0, key.indexOf('.'))
}
