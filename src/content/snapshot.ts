/** The live content as slices read it. */
import type { Template } from 'liquidjs'
import type { Content, ContentKind, Item, SettingsSection } from '../kernel/content.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { FileSet } from './files.ts'
import type { Registry } from './registry.ts'
import { brandSection } from './settings.ts'
import { parseTemplate, render } from './template.ts'

/** What was read of the files, by the names of kinds and sections and the keys of replies. */
export type Parts = {
  items: ReadonlyMap<string, readonly Item<unknown>[]>
  settings: ReadonlyMap<string, unknown>
  /** Every reply has at least one wording. */
  replies: ReadonlyMap<string, readonly string[]>
}

export function createContent(version: string, files: FileSet, registry: Registry, parts: Parts): Content {
  const templates = new Map<string, Template[]>()
  const content: Content = {
    version,
    zone: '',
    items<T>(kind: ContentKind<T>) {
      return found(parts.items.get(kind.name), 'kind', kind.name) as readonly Item<T>[]
    },
    one<T>(kind: ContentKind<T>) {
      const [item] = content.items(kind)
      return item ? item.data : (defaultOf(registry, kind.name) as T)
    },
    settings<T>(section: SettingsSection<T>) {
      return found(parts.settings.get(section.name), 'settings section', section.name) as T
    },
    reply(key, values = {}, pick = 0) {
      const wordings = found(parts.replies.get(key), 'reply', key)
      return content.render(wordings[Math.min(Math.floor(pick * wordings.length), wordings.length - 1)] ?? '', values)
    },
    render(text, values = {}) {
      let template = templates.get(text)
      if (!template) {
        template = parseTemplate(text)
        templates.set(text, template)
      }
      return render(template, { brand: brand.name, ...values })
    },
    mediaId: (path) => files.media.get(path),
  }
  const brand = content.settings(brandSection)
  return Object.freeze({ ...content, zone: brand.zone })
}

/** A single file that may be missing stands for what its schema makes of an empty one. */
function defaultOf(registry: Registry, name: string): unknown {
  const kind = found(
    registry.kinds.find((one) => one.name === name),
    'kind',
    name,
  )
  return kind.schema.parse({})
}

/** Throws `content-undeclared`: a programmer's slip, not a fault of the files. */
function found<T>(value: T | undefined, what: string, name: string): T {
  if (value !== undefined) return value
  throw new ZhangguiError({
    code: 'content-undeclared',
    message: `No slice declares the ${what} "${name}". Add it to the slice's index.`,
    context: { what, name },
  })
}
