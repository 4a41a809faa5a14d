/** From files to content: reads everything, tells of everything that is wrong, in one run. Never throws for content. */
import type { Content, Finding } from '../kernel/content.ts'
import { checkAcross } from './across.ts'
import { type FileSet, type Folder, isPicture, isText, readFolder, versionOf } from './files.ts'
import { type Memory, type Read, readItems } from './items.ts'
import { fileWords, formWords, valueWords } from './messages.ts'
import { kindOf, knownPaths, type Registry, repliesFile, settingsFile } from './registry.ts'
import { readReplies } from './replies.ts'
import { isBlock } from './shape.ts'
import { createContent } from './snapshot.ts'
import { Findings, Source } from './source.ts'
import { nearest, nearestPath } from './suggest.ts'
import { described, validate } from './validate.ts'
import { type Parsed, parseYaml } from './yaml.ts'

/** `content` is undefined when a finding is an error. Findings are sorted by file and place. */
export type Loaded = { content: Content | undefined; findings: Finding[] }

/** A loaded folder, with what a version of it is made of. */
export type LoadedFolder = Loaded & Folder & { memory: Memory['now'] }

export type LoadOptions = {
  /** Errors that need not keep the content from being read, for whoever uses a part of it only. Never for what goes live. */
  tolerates?: (finding: Finding) => boolean
  /** An earlier load: list items whose text has not changed are not read again. */
  before?: LoadedFolder
}

/** Reads and checks a content folder. */
export async function loadFolder(
  dir: string,
  registry: Registry,
  { tolerates = () => false, before }: LoadOptions = {},
): Promise<LoadedFolder> {
  const memory: Memory = { before: before?.memory ?? new Map(), now: new Map() }
  const findings = new Findings()
  const { files, bytes, others } = await readFolder(dir, findings)
  for (const path of others) tellUnknownFile(path, registry, findings)
  return { ...parse(files, registry, findings, memory, tolerates), files, bytes, memory: memory.now }
}

/** Checks files that were read before, such as those of a version in the database. */
export function loadFiles(files: FileSet, registry: Registry): Loaded {
  return parse(files, registry, new Findings(), { before: new Map(), now: new Map() }, () => false)
}

function parse(
  files: FileSet,
  registry: Registry,
  findings: Findings,
  memory: Memory,
  tolerates: (finding: Finding) => boolean,
): Loaded {
  const read = new Map<string, Read>(registry.kinds.map((kind) => [kind.name, { kind, items: [], broken: false }]))
  const top: Partial<Record<string, Parsed>> = {}
  // In the order of paths: the database keeps files in an order of its own.
  for (const [path, text] of [...files.texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const source = new Source(path, text)
    if (path === settingsFile || path === repliesFile) {
      top[path] = parseYaml(source, findings)
      continue
    }
    const known = kindOf(registry, path)
    const into = read.get(known?.kind.name ?? '')
    if (known && into) readItems(known.from, source, into, findings, memory)
    else tellUnknownFile(path, registry, findings)
  }
  tellMissingFiles(files, registry, findings)
  const settings = readSettings(registry, files, top[settingsFile], findings)
  const hasReplies = !files.texts.has(repliesFile) || top[repliesFile] !== undefined
  const replies = hasReplies ? readReplies(registry.replies, top[repliesFile], findings) : new Map<string, string[]>()
  checkAcross([...read.values()], { files, settings, registered: registry.registered }, findings)
  const sorted = findings.sorted()
  if (sorted.some((finding) => finding.severity === 'error' && !tolerates(finding)))
    return { content: undefined, findings: sorted }
  const items = new Map([...read].map(([name, { items }]) => [name, items.map(({ item }) => item)]))
  return { content: createContent(versionOf(files), files, registry, { items, settings, replies }), findings: sorted }
}

function readSettings(
  registry: Registry,
  files: FileSet,
  parsed: Parsed | undefined,
  findings: Findings,
): Map<string, unknown> {
  const settings = new Map<string, unknown>()
  // A missing file is like an empty one: what has no default is told of at its first line.
  const from = parsed ?? (files.texts.has(settingsFile) ? undefined : parseYaml(new Source(settingsFile, ''), findings))
  if (!from) return settings
  const data = from.data ?? {}
  if (!isBlock(data)) {
    findings.add(from.source, from.locate([]).start, formWords.notABlock(described(data)))
    return settings
  }
  tellUnknownSections(registry, data, from, findings)
  for (const section of registry.sections) {
    const valid = validate(section.schema, data[section.name] ?? {}, from, [section.name], findings)
    if (valid?.sound) settings.set(section.name, valid.data)
  }
  return settings
}

function tellUnknownSections(
  registry: Registry,
  data: Record<string, unknown>,
  parsed: Parsed,
  findings: Findings,
): void {
  const known = registry.sections.map((section) => section.name)
  for (const key of Object.keys(data)) {
    if (known.includes(key)) continue
    findings.add(parsed.source, parsed.locateKey([key]), valueWords.unknownKey(key, nearest(key, known), known))
  }
}

function tellMissingFiles(files: FileSet, registry: Registry, findings: Findings): void {
  for (const kind of registry.kinds) {
    for (const source of kind.sources) {
      if (source.form !== 'single' || source.optional || files.texts.has(source.path)) continue
      findings.addFile(source.path, fileWords.noFile(kind.title))
    }
  }
}

function tellUnknownFile(path: string, registry: Registry, findings: Findings): void {
  const known = knownPaths(registry)
  const near = nearestPath(path, known)
  if (/\.xls[xm]?$/i.test(path)) findings.addFile(path, fileWords.spreadsheet(), 'warning')
  else if (isPicture(path)) findings.addFile(path, fileWords.strayMedia())
  else findings.addFile(path, fileWords.unknownFile(near, known), isText(path) ? 'error' : 'warning')
}
