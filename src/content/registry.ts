/** What the slices declare of content, gathered and checked for contradictions between them. */
import { posix } from 'node:path'
import type { ContentKind, ReplyDeclaration, SettingsSection } from '../kernel/content.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { Slice } from '../kernel/slice.ts'
import { brandSection, type ContentSettings, contentSection } from './settings.ts'

export type Kind = ContentKind<unknown>
export type KindSource = Kind['sources'][number]

export type Registry = {
  kinds: readonly Kind[]
  sections: readonly SettingsSection<unknown>[]
  /** `content` of settings.yaml, whose schema knows the declared kinds. */
  content: SettingsSection<ContentSettings>
  /** By `slice.key`. */
  replies: ReadonlyMap<string, ReplyDeclaration>
  /** Ids that are known beside those of the files, by the name of the kind: interactions that slices record themselves. */
  registered: ReadonlyMap<string, readonly string[]>
}

/** Files that are read beside those of the kinds. */
export const settingsFile = 'settings.yaml'
export const repliesFile = 'replies.yaml'
export const mediaFolder = 'media'

type Declarations = Pick<Slice, 'name' | 'kinds' | 'settings' | 'replies' | 'interactionKinds'>

/** Gathers the declarations. Throws `content-declared-twice` when two share a name. */
export function createRegistry(slices: readonly Declarations[]): Registry {
  const kinds = slices.flatMap((slice) => slice.kinds ?? [])
  const content = contentSection(kinds.map((kind) => kind.name))
  const sections = [brandSection, content, ...slices.flatMap((slice) => slice.settings ?? [])]
  const interactions = slices.flatMap((slice) => Object.keys(slice.interactionKinds ?? {}))
  const replies = slices.flatMap((slice) => Object.entries(slice.replies ?? {}))
  assertDistinct(
    'kind',
    kinds.map((kind) => kind.name),
  )
  assertDistinct(
    'settings section',
    sections.map((section) => section.name),
  )
  assertDistinct(
    'reply',
    replies.map(([key]) => key),
  )
  assertDistinct('interaction kind', interactions)
  return { kinds, sections, content, replies: new Map(replies), registered: new Map([['interactions', interactions]]) }
}

function assertDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new ZhangguiError({
      code: 'content-declared-twice',
      message: `Two slices declare the ${what} "${twice}". Rename one of them.`,
    })
  }
}

/** The kind that reads a file, and from which of its sources. */
export function kindOf(registry: Registry, path: string): { kind: Kind; from: KindSource } | undefined {
  for (const kind of registry.kinds) {
    const from = kind.sources.find((source) =>
      source.form === 'single' ? source.path === path : posix.matchesGlob(path, source.glob),
    )
    if (from) return { kind, from }
  }
  return undefined
}

/** How files may be named: `settings.yaml`, `faq/*.md` … */
export function knownPaths(registry: Registry): string[] {
  const ofKinds = registry.kinds.flatMap((kind) =>
    kind.sources.map((source) => (source.form === 'single' ? source.path : source.glob)),
  )
  return [settingsFile, repliesFile, ...ofKinds, `${mediaFolder}/*`]
}
