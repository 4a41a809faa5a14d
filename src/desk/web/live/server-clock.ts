/** The server's time, as this page knows it: what it said last, and what has passed here since. A wrong clock in the
 * adviser's machine so changes no countdown. */
import { useSyncExternalStore } from 'react'

let said = 0
let heardAt = 0

export function syncClock(now: string): void {
  said = Date.parse(now)
  heardAt = performance.now()
  for (const tell of listeners) tell()
}

export const serverNow = (): number => said + performance.now() - heardAt

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(changed: () => void): () => void {
  listeners.add(changed)
  timer ??= setInterval(() => {
    for (const tell of listeners) tell()
  }, 1_000)
  return () => {
    listeners.delete(changed)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Now in whole seconds, as milliseconds; whoever uses it is drawn again each second. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => Math.floor(serverNow() / 1_000) * 1_000)
}
