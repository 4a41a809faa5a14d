/** What stands in the boxes: kept by case while the page is open, so that looking at another case loses nothing. */
import { useSyncExternalStore } from 'react'

export type Mode = 'reply' | 'note'

const words = new Map<string, string>()
const listeners = new Set<() => void>()

export function setWords(number: number, mode: Mode, text: string): void {
  words.set(`${number} ${mode}`, text)
  for (const tell of listeners) tell()
}

export const wordsIn = (number: number, mode: Mode): string => words.get(`${number} ${mode}`) ?? ''

export const useWordsIn = (number: number, mode: Mode): string =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => wordsIn(number, mode),
  )
