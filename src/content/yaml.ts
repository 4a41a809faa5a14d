/** YAML with positions: what a text says, and where each value of it stands. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import type { Pointer } from '../kernel/content.ts'
import { reasonOf } from '../kernel/errors.ts'
import { formWords, type Words } from './messages.ts'
import type { Findings, Source } from './source.ts'

/** Offsets into the source; `end` is after the last character. */
export type Range = { start: number; end: number }

/** The way from a file's data back to its text. */
export type Places = {
  source: Source
  /** Where the value at the pointer stands; for one that is not there, its nearest ancestor. */
  locate(at: Pointer): Range
  /** Where the key that leads to the value stands. */
  locateKey(at: Pointer): number
}

/** A file's data, and where it stands. */
export type Parsed = Places & { data: unknown }

/** How often a text may repeat itself with aliases before it is taken for an attack. */
const mostAliases = 1_000

/**
 * Reads the YAML that stands between two offsets of a source. Tells of everything that is wrong with its form;
 * returns undefined when its data cannot be trusted. An empty text has the data null.
 */
export function parseYaml(source: Source, findings: Findings, from = 0, to = source.text.length): Parsed | undefined {
  try {
    return parse(source, findings, from, to)
  } catch (error) {
    // The parser recurses: brackets in brackets in brackets overflow its stack.
    findings.add(
      source,
      from,
      error instanceof RangeError ? formWords.tooDeep() : formWords.unreadable(reasonOf(error)),
    )
    return undefined
  }
}

function parse(source: Source, findings: Findings, from: number, to: number): Parsed | undefined {
  const text = source.text.slice(from, to)
  const document = documentOf(text)
  const [first] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0])
  if (first) {
    // Only the first: a missing quote makes everything after it look wrong too.
    findings.add(source, from + first.pos[0], syntaxWords(first, source, from + first.pos[0]))
    return undefined
  }
  for (const warning of document.warnings) {
    const [start, end] = warning.pos
    findings.add(source, from + start, formWords.tag(text.slice(start, end)))
  }
  if (!tellForm(document, source, findings, from)) return undefined
  let data: unknown
  try {
    data = document.toJS({ maxAliasCount: mostAliases })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    findings.add(source, from, formWords.aliasBomb())
    return undefined
  }
  return { data, ...placesIn(source, from, to) }
}

function documentOf(text: string): Document.Parsed {
  return parseDocument(text, { prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' })
}

/**
 * Where the values between two offsets of a source stand. A document takes many times the memory of its text, and
 * places are asked for when something is wrong: so it is not kept, but read again for the first question.
 */
export function placesIn(source: Source, from: number, to: number): Places {
  let places: ReturnType<typeof locator> | undefined
  const known = (): ReturnType<typeof locator> =>
    (places ??= locator(documentOf(source.text.slice(from, to)), from, to))
  return { source, locate: (at) => known().locate(at), locateKey: (at) => known().locateKey(at) }
}

/** What the YAML grammar allows and content does not. False when the data would be misread. */
function tellForm(document: Document.Parsed, source: Source, findings: Findings, from: number): boolean {
  let sound = true
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return
      findings.add(source, from + startOf(alias), formWords.noAnchor(alias.source))
      sound = false
    },
    Map(_, map) {
      const lines = new Map<string, number>()
      for (const { key } of map.items) {
        if (isCollection(key)) {
          const start = map.range?.[0] ?? 0
          const braces = source.text.startsWith('{{', from + start)
          findings.add(source, from + start, braces ? formWords.braces() : formWords.keyForm())
          continue
        }
        const name = nameOf(key)
        const offset = from + startOf(key)
        const earlier = lines.get(name)
        if (earlier === undefined) lines.set(name, source.place(offset).line)
        else if (name !== '<<') findings.add(source, offset, formWords.duplicateKey(name, earlier))
      }
    },
  })
  return sound
}

function locator(document: Document.Parsed, from: number, to: number): Pick<Places, 'locate' | 'locateKey'> {
  const whole: Range = { start: from, end: to }
  const rangeOf = (node: unknown): Range | undefined => {
    const range = (node as Node | null | undefined)?.range
    return range ? { start: from + range[0], end: from + range[1] } : undefined
  }
  const walk = (at: Pointer): { value: Range; key: Range } => {
    let value = rangeOf(document.contents) ?? whole
    let key = value
    let node: unknown = document.contents
    for (const step of at) {
      if (isAlias(node)) node = node.resolve(document)
      if (isMap(node)) {
        const pair = pairOf(node, String(step))
        if (!pair) break
        key = rangeOf(pair.key) ?? value
        const own = rangeOf(pair.value)
        // A key without a value: the empty value stands at the key's end, so point to the key.
        value = own && own.end > own.start ? own : key
        node = pair.value
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(step)]
        value = rangeOf(item) ?? value
        key = value
        node = item
      } else break
    }
    return { value, key }
  }
  return { locate: (at) => walk(at).value, locateKey: (at) => walk(at).key.start }
}

/** The last pair of the name, whose value counts when a key stands twice. */
function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.findLast((pair) => nameOf(pair.key) === name)
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : isAlias(key) ? `*${key.source}` : String(key)
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0
}

function syntaxWords(error: YAMLError, source: Source, offset: number): Words {
  const line = source.lineAt(offset)
  const { line: number, column } = source.place(offset)
  if (/(?:^|[:-])\s*\{\{/.test(line) && !/["']\s*\{\{/.test(line)) return formWords.braces()
  if (/^ *\t/.test(line)) return formWords.tab()
  const before = number > 1 ? source.lineAt(offset - column) : ''
  if ([line, before].some((text) => /^[\s-]*[\p{L}\w]+：/u.test(text))) return formWords.wideColon()
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return formWords.colon()
    case 'BAD_SCALAR_START':
      return formWords.badStart(source.text.charAt(offset))
    case 'MISSING_CHAR':
      return formWords.unclosed()
    case 'BAD_INDENT':
      return formWords.indent()
    case 'MULTIPLE_DOCS':
      return formWords.severalDocuments()
    case 'RESOURCE_EXHAUSTION':
      return formWords.tooDeep()
    default:
      return formWords.unreadable(error.message)
  }
}
