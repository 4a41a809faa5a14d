/**
 * Prisma's schema engine as WebAssembly: the native one is a download that many networks block. Loaded by hand, since
 * importing a .wasm file as a module is still experimental in Node.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as binding from '@prisma/schema-engine-wasm/schema_engine_bg'

/** What we use of the global; its types would bring the whole DOM library with them. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

export type SchemaEngine = binding.SchemaEngine

let loaded: Promise<void> | undefined

async function load(): Promise<void> {
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm')
    .replace(/\.js$/, '_bg.wasm')
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    './schema_engine_bg.js': { ...binding, ...patientTimers() },
  })
  binding.__wbg_set_wasm(instance.exports)
  const start = instance.exports['__wbindgen_start'] as () => void
  start()
}

/**
 * The engine's way to set timers, by the name that its build gave it, with timers that keep no process alive: it leaves
 * one of ten seconds behind, and every command that migrated would end that much later.
 */
function patientTimers(): Record<string, (then: () => void, ms: number) => NodeJS.Timeout> {
  const names = Object.keys(binding).filter((name) => name.startsWith('__wbg_setTimeout_'))
  return Object.fromEntries(names.map((name) => [name, (then, ms) => setTimeout(then, ms >>> 0).unref()]))
}

/**
 * Opens an engine over `connection`, runs `use` with it and frees it. `datamodel` is the text of schema.prisma; it is
 * needed by nothing but `diff`.
 */
export async function withSchemaEngine<T>(
  connection: PrismaPg,
  datamodel: string | undefined,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= load()
  await loaded
  const datamodels = datamodel === undefined ? undefined : ([['schema.prisma', datamodel]] as [string, string][])
  const adapter = bindMigrationAwareSqlAdapterFactory(connection)
  const engine = await binding.SchemaEngine.new({ datamodels }, () => undefined, adapter)
  try {
    return await use(engine)
  } finally {
    engine.free()
  }
}
