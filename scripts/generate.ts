/**
 * Generates the Prisma client, offline. `prisma generate` insists on a schema engine that it would download; any
 * existing file satisfies it, since generating never runs that engine.
 */
import { spawnSync } from 'node:child_process'

const run = spawnSync('prisma', ['generate'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
})
process.exit(run.status ?? 1)
