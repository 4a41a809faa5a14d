/** Tells when something in a folder has changed and the dust has settled. */
import { basename } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'
import type { Log } from '../kernel/log.ts'
import type { Clock } from '../kernel/ports.ts'
import { isIgnored } from './files.ts'

/** Editors write a file in several steps, and a checkout writes many: wait until nothing more comes. */
const quietMs = 200
/** How often files are looked at where the system has no watches to give. */
const pollMs = 500

export type Watch = { close(): Promise<void> }

/** Calls `changed` after each burst of changes. Resolves when the watch is on: a change after that is not missed. */
export async function watchFolder(dir: string, clock: Clock, log: Log, changed: () => void): Promise<Watch> {
  let cancel = (): void => undefined
  let watcher: FSWatcher
  const soon = (): void => {
    cancel()
    cancel = clock.after(quietMs, changed)
  }
  const open = (usePolling: boolean, ready: () => void): FSWatcher =>
    watch(dir, {
      usePolling,
      interval: pollMs,
      ignoreInitial: true,
      ignored: (path) => path !== dir && isIgnored(basename(path)),
    })
      .on('all', soon)
      .on('ready', ready)
      .on('error', (error) => {
        log.warn({ err: error, polling: usePolling }, 'content watch failed')
        if (usePolling) return
        void watcher.close()
        watcher = open(true, () => {
          ready()
          soon()
        })
      })
  await new Promise<void>((ready) => {
    watcher = open(false, ready)
  })
  return {
    async close() {
      cancel()
      await watcher.close()
    },
  }
}
