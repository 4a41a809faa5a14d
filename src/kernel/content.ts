/**
 * What content is to the rest of the house: kinds of files that slices declare, and the live snapshot that they read.
 * Loading, positions, versions and publishing live in src/content.
 */
import type { z } from 'zod'

/** A complaint about a content file, as `check` prints it. */
export type Finding = {
  severity: 'error' | 'warning'
  /** Path relative to the content folder, with forward slashes. */
  file: string
  /** From 1. */
  line: number
  column: number
  /** What is wrong. */
  message: string
  /** What was expected, or what to do. */
  expected: string
}

/** What a slice's own rule tells: `index` leads into the text that the pointer leads to, from its first character. */
export type Told = Pick<Finding, 'severity' | 'message' | 'expected'> & { index?: number }

/** A piece of a file's data with the way to it, for findings of a slice's own rules: ['questions', 0]. */
export type Pointer = readonly (string | number)[]

/** One parsed item of a content kind: its data, and where it stands. */
export type Item<T> = {
  data: T
  /** The file that it came from. */
  file: string
  /** The way to the item within the file; [] when the file is the item. */
  at: Pointer
}

/**
 * A kind of content file that a slice declares.
 *
 * - `single`: one YAML file, e.g. `groups.yaml`; its data is one item.
 * - `list`: a YAML file whose top level is a list of items.
 * - `page`: a Markdown file with front matter; the trimmed body becomes `bodyAs`.
 */
export type ContentKind<T> = {
  name: string
  /** In words a community manager knows, for messages and docs. */
  title: string
  sources: (
    | { form: 'single'; path: string; optional?: boolean }
    | { form: 'list'; glob: string }
    | { form: 'page'; glob: string; bodyAs: string }
  )[]
  /** Strict: unknown keys are findings with «did you mean». */
  schema: z.ZodType<T>
  /** The field that must be unique over all files of the kind; other kinds refer to items by it. */
  unique?: string
  /** The same for a kind whose one file holds many things with ids, such as groups.yaml. */
  ids?(data: T): { at: Pointer; id: string }[]
  /** Ids of other kinds' items that the data names: `kind` is the other kind's name. Unknown ids are findings. */
  references?(data: T): { at: Pointer; kind: string; id: string }[]
  /** Texts that are Liquid templates. */
  templates?(data: T): TemplateText[]
  /** Media files that the data names, relative to the content folder. */
  media?(data: T): { at: Pointer; path: string }[]
  /** Rules over the whole kind (and nothing else), over every item that has parsed. */
  review?(items: Item<T>[], tell: (item: Item<T>, at: Pointer, told: Told) => void): void
  /**
   * Rules between the kind and others: `others` gives every item that has parsed of another kind, and `tell` takes those
   * too; `settings` gives a section of settings.yaml, undefined while something is wrong with it. Not called while some of
   * the kind could not be read: what is missing would be told of instead.
   */
  reviewAcross?(
    items: Item<T>[],
    others: <O>(kind: ContentKind<O>) => Item<O>[],
    tell: (item: Item<unknown>, at: Pointer, told: Told) => void,
    settings: <S>(section: SettingsSection<S>) => S | undefined,
  ): void
  /** A new item for a person to fill in, for `zhanggui new <name>`. As written it must pass `check`. */
  skeleton?(id: string): { path: string; text: string }
}

/** A text that is a Liquid template, with the placeholders that it may use beside `brand`. */
export type TemplateText = {
  at: Pointer
  /** Where `text` begins in the text that the pointer leads to, when it is a part of it. */
  offset?: number
  text: string
  placeholders: readonly string[]
  /** Values with which it must give words, and use nothing that they do not have. */
  examples?: readonly Readonly<Record<string, unknown>>[] | undefined
  /** Placeholders that have no value for some readers, each with one that it has for others: without a default, a warning. */
  uncertain?: Readonly<Record<string, unknown>>
}

/** A reply that a slice says: its key in replies.yaml and the placeholders that its template may use. */
export type ReplyDeclaration = { placeholders: readonly string[]; title: string }

/** The live content, immutable; a new version is a new object. */
export interface Content {
  /** Hash of all files: the id of the version. */
  readonly version: string
  /** The brand's time zone (IANA), from settings. */
  readonly zone: string
  items<T>(kind: ContentKind<T>): readonly Item<T>[]
  /** The one item of a kind whose source is `single`; the schema's defaults when the optional file is missing. */
  one<T>(kind: ContentKind<T>): T
  /** A slice's section of settings.yaml. */
  settings<T>(section: SettingsSection<T>): T
  /** A reply of replies.yaml, rendered. Where the file gives several wordings, `pick` in [0, 1) chooses. */
  reply(key: string, values?: Record<string, unknown>, pick?: number): string
  /** A text that its kind declares as a template, rendered. */
  render(text: string, values?: Record<string, unknown>): string
  /** Id under which a content media file is kept in the media table (the SHA-256 of its bytes). */
  mediaId(path: string): string | undefined
}

/** A section of settings.yaml that a slice declares, with defaults for everything. */
export type SettingsSection<T> = { name: string; title: string; schema: z.ZodType<T> }

export function contentKind<T>(kind: ContentKind<T> & { unique?: keyof T & string }): ContentKind<T> {
  return kind
}

export function settingsSection<T>(section: SettingsSection<T>): SettingsSection<T> {
  return section
}
