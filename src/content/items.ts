/** The items of a kind's file: one of a page or a single file, any number of a list. */
import type { Item } from '../kernel/content.ts'
import { formWords } from './messages.ts'
import { parsePage } from './page.ts'
import type { Kind, KindSource } from './registry.ts'
import type { Findings, Source } from './source.ts'
import { described, validate } from './validate.ts'
import { type Parsed, type Places, parseYaml, placesIn, type Range } from './yaml.ts'

export type ReadItem = { item: Item<unknown>; places: Places }

/** What was read of one kind; `broken` when something was wrong with some of it: it may lack what others ask for. */
export type Read = { kind: Kind; items: ReadItem[]; broken: boolean }

/**
 * Items of list files by their text, from one load to the next: of ten thousand entries, usually one was edited.
 * `before` is what the last load found good, `now` what this one does.
 */
export type Memory = { before: ReadonlyMap<string, unknown>; now: Map<string, unknown> }

/** Adds the items of a file to what was read of its kind, and tells of all that is wrong with them. */
export function readItems(from: KindSource, source: Source, into: Read, findings: Findings, memory: Memory): void {
  if (from.form === 'page') return readOne(parsePage(source, from.bodyAs, findings), into, findings)
  if (from.form === 'single') return readOne(parseYaml(source, findings), into, findings)
  const pieces = piecesOf(source.text)
  if (!pieces) return readList(parseYaml(source, findings), into, findings)
  for (const [index, range] of pieces.entries()) readPiece(index, range, source, into, findings, memory)
}

function readOne(parsed: Parsed | undefined, into: Read, findings: Findings): void {
  // An empty file stands for the defaults of everything.
  const valid = parsed && validate(into.kind.schema, parsed.data ?? {}, parsed, [], findings)
  if (valid) into.items.push({ item: { data: valid.data, file: parsed.source.path, at: [] }, places: parsed })
  if (!valid?.sound) into.broken = true
}

function readList(parsed: Parsed | undefined, into: Read, findings: Findings): void {
  const list = parsed?.data ?? []
  if (!parsed || !Array.isArray(list)) {
    if (parsed) findings.add(parsed.source, parsed.locate([]).start, formWords.notAList(described(list)))
    into.broken = true
    return
  }
  list.forEach((data: unknown, index) => {
    const valid = validate(into.kind.schema, data, parsed, [index], findings)
    if (valid) into.items.push({ item: { data: valid.data, file: parsed.source.path, at: [index] }, places: parsed })
    if (!valid?.sound) into.broken = true
  })
}

function readPiece(
  index: number,
  { start, end }: Range,
  source: Source,
  into: Read,
  findings: Findings,
  memory: Memory,
): void {
  const key = `${into.kind.name}\n${source.text.slice(start, end)}`
  let data = memory.before.get(key)
  if (data === undefined) {
    const parsed = parseYaml(source, findings, start, end)
    const [only, ...more] = parsed && Array.isArray(parsed.data) ? (parsed.data as unknown[]) : []
    const valid = parsed && more.length === 0 ? validate(into.kind.schema, only, parsed, [0], findings) : undefined
    if (!valid?.sound) into.broken = true
    if (!valid) return
    data = valid.data
    // What is wrong with the others must be told again at the next load.
    if (valid.sound) memory.now.set(key, data)
  } else memory.now.set(key, data)
  const places = placesIn(source, start, end)
  into.items.push({
    item: { data, file: source.path, at: [index] },
    places: {
      source,
      locate: ([, ...at]) => places.locate([0, ...at]),
      locateKey: ([, ...at]) => places.locateKey([0, ...at]),
    },
  })
}

/**
 * Where each item of a list stands, when that can be seen without reading it: every line that begins with a dash
 * begins an item. Reading them one by one is quicker, needs less memory, and a slip in one does not hide those in
 * others. Undefined when items may depend on each other (anchors) or something else than items stands there.
 */
function piecesOf(text: string): Range[] | undefined {
  if (/(?:^|[\s[{,])[&*]\S/.test(text)) return undefined
  const starts = [...text.matchAll(/^-(?=[ \t\r\n]|$)/gm)].map(({ index }) => index)
  const [first] = starts
  if (first === undefined || !/^(?:[ \t]*(?:#.*)?\r?\n)*$/.test(text.slice(0, first))) return undefined
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }))
}
