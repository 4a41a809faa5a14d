/** A question with what it leans on. */
export { readings } from './decide.ts'
