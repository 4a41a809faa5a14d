/** JSON Schemas of the content files, so that editors complete and validate while somebody types. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { z } from 'zod'
import { type Registry, repliesFile, settingsFile } from './registry.ts'
import { type Shape, shapeOf } from './shape.ts'

/** Where the schemas stand within the content folder; the loader leaves folders with a dot alone. */
const folder = '.schemas'
const editorSettings = '.vscode/settings.json'
const dialect = 'https://json-schema.org/draft/2020-12/schema'

/** The generated files, by their path within the content folder. */
export function jsonSchemas(registry: Registry): Map<string, string> {
  const files = new Map<string, string>()
  const globs = new Map<string, string[]>()
  const add = (name: string, title: string, schema: object, paths: string[]): void => {
    files.set(schemaPath(name), asJson({ $schema: dialect, title, ...schema }))
    if (paths.length > 0) globs.set(`./${schemaPath(name)}`, paths)
  }
  add('settings', 'Settings', settingsSchema(registry), [settingsFile])
  add('replies', 'Replies', repliesSchema(registry), [repliesFile])
  for (const kind of registry.kinds) {
    const item = withoutDialect(shapeOf(kind.schema))
    const single = kind.sources.filter((source) => source.form === 'single').map((source) => source.path)
    const lists = kind.sources.filter((source) => source.form === 'list').map((source) => source.glob)
    const schema = single.length > 0 ? item : listOf(item)
    add(kind.name, kind.title, schema, [...single, ...lists])
  }
  files.set(editorSettings, asJson({ 'yaml.schemas': Object.fromEntries(globs) }))
  return files
}

/** Writes the generated files into a content folder, and removes those of kinds that are no more. */
export async function writeJsonSchemas(dir: string, registry: Registry): Promise<string[]> {
  const files = jsonSchemas(registry)
  for (const name of await readdir(join(dir, folder)).catch((): string[] => [])) {
    if (!files.has(`${folder}/${name}`)) await rm(join(dir, folder, name))
  }
  for (const [path, text] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return [...files.keys()]
}

/** Paths of generated files that are missing from a folder or differ: none when it is up to date. */
export async function staleJsonSchemas(dir: string, registry: Registry): Promise<string[]> {
  const stale: string[] = []
  for (const [path, text] of jsonSchemas(registry)) {
    const found = await readFile(join(dir, path), 'utf8').catch(() => undefined)
    if (found !== text) stale.push(path)
  }
  return stale
}

/** A first line by which editors find the schema of a file that stands in `from`, a folder within the content folder. */
export function modeline(kind: string, from: string): string {
  return `# yaml-language-server: $schema=${posix.relative(from, schemaPath(kind))}\n`
}

function schemaPath(name: string): string {
  return `${folder}/${name}.schema.json`
}

function settingsSchema(registry: Registry): object {
  const properties = registry.sections.map((section): [string, object] => [
    section.name,
    { title: section.title, ...withoutDialect(shapeOf(section.schema)) },
  ])
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: ['brand'],
    additionalProperties: false,
  }
}

function repliesSchema(registry: Registry): object {
  const slices = new Map<string, Record<string, object>>()
  for (const [name, { title, placeholders }] of registry.replies) {
    const [slice = '', ...key] = name.split('.')
    const block = slices.get(slice) ?? {}
    const hint = ['brand', ...placeholders].map((placeholder) => `{{ ${placeholder} }}`).join(' ')
    block[key.join('.')] = { ...wordings, description: `${title}. Placeholders: ${hint}` }
    slices.set(slice, block)
  }
  const block = (properties: object): object => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  })
  return block(Object.fromEntries([...slices].map(([slice, keys]) => [slice, block(keys)])))
}

const Wording = z.string().min(1)
const wordings = withoutDialect(shapeOf(z.union([Wording, z.array(Wording).min(1)])))

/** References within an item (`#/$defs/…`) must still find their target when the item stands in a list. */
function listOf({ $defs, ...item }: Shape): object {
  return { type: 'array', items: item, ...($defs && { $defs }) }
}

function withoutDialect(shape: Shape): Shape {
  const { $schema: _, ...rest } = shape as Shape & { $schema?: string }
  return rest
}

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
