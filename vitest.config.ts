import { defineConfig } from 'vitest/config'

const shared = {
  // A process per test file: the fault suite kills, and files may not see each other's connections.
  pool: 'forks' as const,
  globalSetup: ['tests/support/global-setup.ts'],
  setupFiles: ['tests/support/setup.ts'],
  // The house must not care where it stands: a zone that is neither UTC nor the brand's.
  env: { TZ: 'America/St_Johns' },
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          include: ['tests/{unit,flows,contracts,desk}/**/*.test.ts'],
          exclude: ['tests/desk/browser/**'],
          // A machine that does other things, too, is three times as slow: limits are for what hangs, not for what takes its time.
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['tests/desk/browser/**/*.test.ts'],
          // A real Chromium: started cold on a busy machine it takes its time, and each step waits for what it needs.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          // Two at a time like all others: they wait more than they work, and their limits are those of the promises.
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
