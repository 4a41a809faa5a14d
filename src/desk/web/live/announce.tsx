/** What is new, for who hears the page instead of seeing it; politely, never in the middle of a word. */
import { useSyncExternalStore } from 'react'

let said = ''
const listeners = new Set<() => void>()

export function announce(text: string): void {
  said = text
  for (const tell of listeners) tell()
}

export function Announcer() {
  const text = useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => said,
  )
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  )
}
