/** Law 10: what the model says is checked by code, and stands in an entry that it cites. */
export { checkAnswer, type CheckedOn } from './check.ts'
export { standsIn } from './summary.ts'
