/** Mirrors tags to WeChat Work, slowly, as long as the process runs and content wants it. */
import { mirrorTags } from '../domains/tags/index.ts'
import type { Content } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { Clock, Gateway } from '../kernel/ports.ts'

export type TagMirrorOptions = {
  db: Database
  gateways: readonly Gateway[]
  content: () => Content
  clock: Clock
  log: Log
}

/** Between two looks whether something is to be changed. */
const idleMs = 60_000
const deadlineMs = 15_000

export function openTagMirror(options: TagMirrorOptions): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const following = Promise.all(options.gateways.map((gateway) => follow(gateway, options, stopping.signal)))
  return {
    async stop() {
      stopping.abort()
      await following
    },
  }
}

async function follow(gateway: Gateway, on: TagMirrorOptions, stopping: AbortSignal): Promise<void> {
  const { db, content, clock, log } = on
  const pause = (ms: number): Promise<boolean> => rest(clock, ms, stopping)
  while (await pause(idleMs)) {
    try {
      let made = -1
      while (made !== 0 && !stopping.aborted) {
        made = await mirrorTags({ db: db.pool, gateway, deadlineMs, pause, content: content(), now: clock.now() })
      }
    } catch (error) {
      log.warn({ err: error, account: gateway.account }, 'tags are not mirrored')
    }
  }
}

/** False when it is time to stop. */
async function rest(clock: Clock, ms: number, stopping: AbortSignal): Promise<boolean> {
  if (stopping.aborted) return false
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, wake)
    stopping.addEventListener('abort', wake)
    function wake(): void {
      cancel()
      stopping.removeEventListener('abort', wake)
      resolve()
    }
  })
  return !stopping.aborted
}
