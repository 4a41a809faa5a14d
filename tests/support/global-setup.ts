/** Once per run: a folder for the test server, and its end. Nothing is started for a run that asks for no database. */
import { access, chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { isAlive } from '../../src/kernel/postgres-cluster.ts'
import { startTestServer } from './database-server.ts'

const prefix = 'zhanggui-test-'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  // For root the server runs as another user, who must get in.
  await chmod(folder, 0o755)
  project.provide('databaseFolder', folder)
  return () => remove(folder)
}

async function remove(folder: string): Promise<void> {
  // A run that was killed while it removed its folder leaves a cluster that is none any more: no server runs on that.
  const started = await access(join(folder, 'postgres', 'cluster', 'data', 'PG_VERSION')).then(
    () => true,
    () => false,
  )
  if (started) {
    const server = await startTestServer(folder)
    await server.stop()
  }
  await rm(folder, { recursive: true, force: true })
}

/** Servers of runs that were killed would go on for ever. */
async function sweep(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = entry.startsWith(prefix) ? Number(/^\d+/.exec(entry.slice(prefix.length))?.[0]) : 0
    if (pid && !isAlive(pid)) await remove(join(tmpdir(), entry))
  }
}
