/** A question with what it leans on. */
export { mayAsk, readings } from './decide.ts'
