/** What is live, for whoever does not keep content open. */
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import { loadFiles } from './load.ts'
import type { Registry } from './registry.ts'
import { findVersion, liveVersion } from './repo.ts'

/** The live version as this program reads it; undefined when nothing ever was live, or it no longer reads well. */
export async function liveContent(db: Database, registry: Registry): Promise<Content | undefined> {
  const id = await liveVersion(db)
  const stored = id === undefined ? undefined : await findVersion(db, id)
  return stored && loadFiles(stored.files, registry).content
}
