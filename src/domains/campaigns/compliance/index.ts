/** The compliance gate of drops and journeys. */
import type { ContentKind, Item } from '../../../kernel/content.ts'
import { createGate, type Gate } from './decide.ts'
import { complianceBrandKind, complianceKind } from './schema.ts'

export { type Complaint, type Copy, type Gate, reviewCopies, type Setting } from './decide.ts'
export { complianceBrandKind, complianceKind } from './schema.ts'

/** The gate of what content says; of content without a brand's page its defaults. */
export function gateOf(others: <O>(kind: ContentKind<O>) => readonly Item<O>[]): Gate {
  const rules = others(complianceKind).map(({ data }) => data)
  const brand = others(complianceBrandKind)[0]?.data ?? { senders: [], optOut: [], exceptions: [], longest: 600 }
  return createGate(rules, brand)
}
