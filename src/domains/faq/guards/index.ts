/** What customers write that never reaches the model: attempts to misuse it, and what only a human may answer. */
export { type Guarded, guard, isAngry } from './decide.ts'
export { plainly } from './reading.ts'
export { type GuardsContent, guardsKind, guardsOf, type Product, type PromiseKind } from './schema.ts'
