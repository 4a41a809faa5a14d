/** Evaluation cases: what they are, and what was said of the FAQ in one. Playing them is the wiring's. */
export { entriesSaid } from './decide.ts'
export { type EvalCase, type EvalTurn, type Expectation, evalsKind, phoneName, staffName } from './schema.ts'
