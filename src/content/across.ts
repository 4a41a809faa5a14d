/** What can only be seen once all files are read: ids, references, media, templates, and the slices' own rules. */
import type { ContentKind, Item, Pointer, SettingsSection, Told } from '../kernel/content.ts'
import { type FileSet, isMedia } from './files.ts'
import type { Read, ReadItem } from './items.ts'
import { crossWords } from './messages.ts'
import type { Kind } from './registry.ts'
import { isBlock } from './shape.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import { checkTemplate } from './template.ts'
import { valueAt } from './validate.ts'
import { offsetWithin } from './within.ts'
import type { Places, Range } from './yaml.ts'

/** What rules between files may look at beside the items. */
export type Around = {
  files: FileSet
  /** Sections of settings.yaml, by name, without those that something is wrong with. */
  settings: ReadonlyMap<string, unknown>
  /** Ids that slices bring beside those of the files, by the name of the kind. */
  registered: ReadonlyMap<string, readonly string[]>
}

export function checkAcross(reads: readonly Read[], { files, settings, registered }: Around, findings: Findings): void {
  const ids = new Map(
    reads.map((read) => {
      const known = registered.get(read.kind.name) ?? []
      return [read.kind.name, new Set([...idsOf(read, findings), ...known])]
    }),
  )
  const placesOf = new Map(reads.flatMap(({ items }) => items.map(({ item, places }) => [item, places] as const)))
  const itemsOf = <T>(kind: ContentKind<T>): Item<T>[] =>
    (reads.find((read) => read.kind.name === kind.name)?.items ?? []).map(({ item }) => item as Item<T>)
  const sectionOf = <S>({ name }: SettingsSection<S>): S | undefined => settings.get(name) as S | undefined
  for (const { kind, items, broken } of reads) {
    for (const one of items) {
      checkTemplates(kind, one, findings)
      checkMedia(kind, one, files, findings)
      checkReferences(kind, one, reads, ids, findings)
    }
    const tell = (item: Item<unknown>, at: Pointer, { severity, index = 0, ...words }: Told): void => {
      const places = placesOf.get(item)
      const text = valueAt(item.data, at)
      if (!places) return
      const { start, end } = places.locate([...item.at, ...at])
      const inside = typeof text === 'string' ? insideOf(places, { start, end }, text, index) : 0
      findings.add(places.source, start + inside, words, severity)
    }
    kind.review?.(itemsOf(kind), tell)
    if (!broken) kind.reviewAcross?.(itemsOf(kind), itemsOf, tell, sectionOf)
  }
}

/** How far into a range of the file a character of the text stands that was read from it. */
function insideOf({ source }: Places, { start, end }: Range, text: string, index: number): number {
  return index === 0 ? 0 : offsetWithin(source.text.slice(start, end), text, index)
}

/** The ids that a kind's items bear; tells of those that stand twice. */
function idsOf({ kind, items }: Read, findings: Findings): Set<string> {
  const first = new Map<string, { one: ReadItem; at: Pointer }>()
  const placeOf = ({ item, places }: ReadItem, at: Pointer): number => places.locate([...item.at, ...at]).start
  for (const one of items) {
    for (const { at, id } of [...ownId(kind, one.item.data), ...(kind.ids?.(one.item.data) ?? [])]) {
      const earlier = first.get(id)
      if (!earlier) {
        first.set(id, { one, at })
        continue
      }
      const { source } = earlier.one.places
      const where = `${source.path}:${source.place(placeOf(earlier.one, earlier.at)).line}`
      findings.add(one.places.source, placeOf(one, at), crossWords.duplicateId(id, where))
    }
  }
  return new Set(first.keys())
}

function ownId(kind: Kind, data: unknown): { at: Pointer; id: string }[] {
  const id = kind.unique !== undefined && isBlock(data) ? data[kind.unique] : undefined
  return typeof id === 'string' && kind.unique !== undefined ? [{ at: [kind.unique], id }] : []
}

function checkReferences(
  kind: Kind,
  { item, places }: ReadItem,
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
    findings.add(places.source, places.locate([...item.at, ...at]).start, words)
  }
}

function checkMedia(kind: Kind, { item, places }: ReadItem, files: FileSet, findings: Findings): void {
  for (const { at, path } of kind.media?.(item.data) ?? []) {
    if (files.media.has(path)) continue
    const { start, end } = places.locate([...item.at, ...at])
    const inside = places.source.text.slice(start, end).indexOf(path)
    const words = isMedia(path)
      ? crossWords.missingMedia(path, nearest(path, files.media.keys()))
      : crossWords.mediaOutside(path)
    findings.add(places.source, start + Math.max(inside, 0), words)
  }
}

function checkTemplates(kind: Kind, { item, places }: ReadItem, findings: Findings): void {
  for (const { at, offset, ...template } of kind.templates?.(item.data) ?? []) {
    const { start, end } = places.locate([...item.at, ...at])
    const piece = places.source.text.slice(start, end)
    const whole = valueAt(item.data, at)
    for (const { index, words, severity } of checkTemplate(template)) {
      const inside =
        offset === undefined || typeof whole !== 'string'
          ? offsetWithin(piece, template.text, index)
          : offsetWithin(piece, whole, offset + index)
      findings.add(places.source, start + inside, words, severity)
    }
  }
}
