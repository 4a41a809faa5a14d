/** What can only be seen once all files are read: ids, references, media, templates, and the slices' own rules. */
import type { Item, Pointer } from '../kernel/content.ts'
import { type FileSet, isMedia } from './files.ts'
import { crossWords } from './messages.ts'
import type { Kind } from './registry.ts'
import { isBlock } from './shape.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import { checkTemplate, offsetIn } from './template.ts'
import type { Parsed } from './yaml.ts'

type ReadItem = { item: Item<unknown>; parsed: Parsed }

/** What was read of one kind; `broken` when some of it could not be. */
export type Read = { kind: Kind; items: ReadItem[]; broken: boolean }

export function checkAcross(reads: readonly Read[], files: FileSet, findings: Findings): void {
  const ids = new Map(reads.map((read) => [read.kind.name, idsOf(read, findings)]))
  for (const { kind, items } of reads) {
    for (const one of items) {
      checkTemplates(kind, one, findings)
      checkMedia(kind, one, files, findings)
      checkReferences(kind, one, reads, ids, findings)
    }
    const parsedOf = new Map(items.map(({ item, parsed }) => [item, parsed]))
    kind.review?.([...parsedOf.keys()], (item, at, { severity, ...words }) => {
      const parsed = parsedOf.get(item)
      if (parsed) findings.add(parsed.source, parsed.locate([...item.at, ...at]).start, words, severity)
    })
  }
}

/** The ids that a kind's items bear; tells of those that stand twice. */
function idsOf({ kind, items }: Read, findings: Findings): Set<string> {
  const places = new Map<string, string>()
  for (const { item, parsed } of items) {
    for (const { at, id } of [...ownId(kind, item.data), ...(kind.ids?.(item.data) ?? [])]) {
      const offset = parsed.locate([...item.at, ...at]).start
      const earlier = places.get(id)
      if (earlier === undefined) places.set(id, `${item.file}:${parsed.source.place(offset).line}`)
      else findings.add(parsed.source, offset, crossWords.duplicateId(id, earlier))
    }
  }
  return new Set(places.keys())
}

function ownId(kind: Kind, data: unknown): { at: Pointer; id: string }[] {
  const id = kind.unique !== undefined && isBlock(data) ? data[kind.unique] : undefined
  return typeof id === 'string' && kind.unique !== undefined ? [{ at: [kind.unique], id }] : []
}

function checkReferences(
  kind: Kind,
  { item, parsed }: ReadItem,
  reads: readonly Read[],
  ids: ReadonlyMap<string, ReadonlySet<string>>,
  findings: Findings,
): void {
  for (const { at, kind: name, id } of kind.references?.(item.data) ?? []) {
    const target = reads.find((read) => read.kind.name === name)
    const known = ids.get(name) ?? new Set<string>()
    // What could not be read may hold the id: say that first.
    if (known.has(id) || target?.broken) continue
    const words = crossWords.unknownReference(target?.kind.title ?? name, id, nearest(id, known), [...known])
    findings.add(parsed.source, parsed.locate([...item.at, ...at]).start, words)
  }
}

function checkMedia(kind: Kind, { item, parsed }: ReadItem, files: FileSet, findings: Findings): void {
  for (const { at, path } of kind.media?.(item.data) ?? []) {
    if (files.media.has(path)) continue
    const { start, end } = parsed.locate([...item.at, ...at])
    const inside = parsed.source.text.slice(start, end).indexOf(path)
    const words = isMedia(path)
      ? crossWords.missingMedia(path, nearest(path, files.media.keys()))
      : crossWords.mediaOutside(path)
    findings.add(parsed.source, start + Math.max(inside, 0), words)
  }
}

function checkTemplates(kind: Kind, { item, parsed }: ReadItem, findings: Findings): void {
  for (const { at, text, placeholders } of kind.templates?.(item.data) ?? []) {
    const { start, end } = parsed.locate([...item.at, ...at])
    const piece = parsed.source.text.slice(start, end)
    for (const { index, words } of checkTemplate(text, placeholders)) {
      findings.add(parsed.source, start + offsetIn(piece, text, index), words)
    }
  }
}
