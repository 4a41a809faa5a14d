/** A question with what it leans on. */
export { type Before, type ReadAs, readings } from './decide.ts'
export { topicsOf } from './topics.ts'
