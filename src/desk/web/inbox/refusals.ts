/** A refusal of the server in words. Pure. */
import { type Fills, isKey, type Key } from '../locale/speak.ts'

export function refusalWords({ kind, who }: { kind: string; who: string }): [Key, Fills] {
  const key = `refused.${kind}`
  return [isKey(key) ? key : 'refused.other', { who }]
}
