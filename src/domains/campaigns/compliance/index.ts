/**
 * The compliance gate: what the law and WeChat's rules forbid in copy, who sends it and how to refuse it, personal data
 * in groups, dead links, lengths. Word lists are content; unknown placeholders and missing media are told of by the
 * content loader already.
 */
export { type Gate, gateOf } from './decide.ts'
export type { Complaint, Context, Own, Piece, Spot } from './pieces.ts'
export { complianceKind, type ComplianceRule, type GateContent, gateKind } from './schema.ts'
