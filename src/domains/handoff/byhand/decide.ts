/** What a case by hand tells whoever takes it. Pure. */
import type { Adviser } from '../roster/index.ts'

/** Who gave it, by name, and her note; nothing of any other case. */
export function noteOf(
  { reason, evidence }: { reason: string; evidence: Readonly<Record<string, unknown>> },
  roster: ReadonlyMap<string, Pick<Adviser, 'name'>>,
): { by?: string; note?: string } {
  const { by, note } = evidence
  if (reason !== byHand || typeof by !== 'string' || typeof note !== 'string') return {}
  return { by: roster.get(by)?.name ?? by, note }
}

/** The code of the reason. */
export const byHand = 'by-hand'
