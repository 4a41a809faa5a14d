/**
 * The compliance gate: what the law and WeChat's rules forbid in copy, who sends it and how to refuse it, personal data
 * in groups, dead links, lengths. Word lists are content; unknown placeholders and missing media are told of by the
 * content loader already.
 */
export { type Copy, reviewCopies, type Setting } from './copies.ts'
export { type Gate, gateOf } from './decide.ts'
export type { Complaint, Context, Own, Piece, Spot } from './pieces.ts'
export { type ComplianceBrand, complianceBrandKind, complianceKind, type ComplianceRule } from './schema.ts'
