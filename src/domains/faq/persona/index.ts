/** The persona: who speaks for the brand, what the model is told of her, and what code makes of what it says. */
export { courtesyOf } from './courtesy.ts'
export { personaHash } from './hash.ts'
export { personaKind, personaOf } from './kind.ts'
export { emojiIn, lengthOf, limitsOf, polish } from './polish.ts'
export { type Asking, promptFor } from './prompt.ts'
export { readAnswer } from './reading.ts'
export type { Persona } from './schema.ts'
