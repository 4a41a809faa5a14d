import { posix } from 'node:path'
import { distance } from 'fastest-levenshtein'

/** The candidate that a person most likely meant, or undefined when none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  // A third of the letters may differ; a two-letter word in Chinese may still have one letter wrong.
  const most = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | undefined
  let least = most + 1
  for (const candidate of candidates) {
    const steps = stepsBetween(wanted, candidate.toLowerCase())
    if (steps < least && steps < candidate.length) {
      best = candidate
      least = steps
    }
  }
  return best
}

/** Two letters that changed places are one slip of the finger, not two. */
function stepsBetween(word: string, other: string): number {
  const steps = distance(word, other)
  const swapped = steps === 2 && word.length === other.length && letters(word) === letters(other)
  return swapped ? 1 : steps
}

function letters(word: string): string {
  return [...word].sort().join('')
}

/** The file name that a person most likely meant; `patterns` are such as `settings.yaml`, `faq/*.md` and `media/*`. */
export function nearestPath(path: string, patterns: readonly string[]): string | undefined {
  const { base, name } = posix.parse(path)
  return nearest(
    path,
    patterns.map((pattern) => pattern.replace('**/', '').replace('*', pattern.endsWith('*') ? base : name)),
  )
}
