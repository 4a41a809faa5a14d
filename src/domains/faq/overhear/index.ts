/** Groups whose rule says `answer: confident`: whether a question that named nobody may be answered. */
export { mayJoin, type Overhearing } from './decide.ts'
export { findAnswered, listTalk, type ThreadSince } from './repo.ts'
export type { SpokenBy, Utterance } from './schema.ts'
