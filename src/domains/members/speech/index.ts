/** Reading what somebody says, for who looks for interests, places and moods in it. */
export { type Clause, clausesOf, type Meant, meantAt, type Stance, stanceOf } from './decide.ts'
