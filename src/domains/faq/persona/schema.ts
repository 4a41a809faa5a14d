/** Who speaks for the brand, and how: a page that a community manager writes. */
import { z } from 'zod'
import { PatternSource } from '../../../kernel/pattern.ts'
import type { Mood } from '../answers/schema.ts'

const Word = z.string().trim().min(1).max(40)
const Line = z.string().trim().min(1).max(300)

const MoodTone = z.strictObject({
  tone: z.string().trim().max(600).default('').describe('How the tone bends to this mood, for the model to read'),
  emoji: z.boolean().default(true).describe('false: no emoji at all to somebody in this mood'),
  maxCharacters: z.int().min(10).max(2_000).optional().describe('At most so many characters to somebody in this mood'),
  offersHuman: Line.optional().describe('Stands below every answer to somebody in this mood: it offers a human'),
})

const Moods = z.strictObject({
  calm: MoodTone.optional(),
  happy: MoodTone.optional(),
  worried: MoodTone.optional(),
  impatient: MoodTone.optional(),
  angry: MoodTone.optional(),
} satisfies Record<Mood, unknown>)

const Level = z.strictObject({
  tone: z.string().trim().max(600).default('').describe('How the tone bends, for the model to read'),
  address: Word.optional().describe('How she is addressed, where it differs'),
})

const Replacement = z.union([
  z.string().trim().max(40),
  z.strictObject({
    with: z.string().trim().max(40).describe('What is said in its place; empty to leave it out'),
    unless: z.array(Word).default([]).describe('Words in which it stays as it is'),
  }),
])

const Courtesy = z.strictObject({
  kind: z
    .string()
    .max(40)
    .regex(/^[a-z]+(-[a-z]+)*$/, 'lower-case letters joined by hyphens: good-night')
    .describe('What kind of small talk it is, for reports: thanks, bye, praise, how-are-you, laughter, good-night'),
  words: z.array(Word).default([]).describe('What customers say, as the whole of a message'),
  patterns: z.array(PatternSource).default([]).describe('The same as regular expressions over the whole of a message'),
  says: z.array(Line).min(1).describe('What is said back, one of them'),
})

export const Persona = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: xiaoyu')
    .describe('Group rules and stored answers name the persona by it: it stays the same'),
  name: z.string().trim().min(1).max(40).describe('Who speaks'),
  self: z.string().trim().min(1).max(40).optional().describe('What she calls herself; her name if left out'),
  address: z
    .strictObject({
      usual: Word.optional().describe('How customers are addressed; informally if left out'),
      never: z.array(Word).default([]).describe('Forms of address that she does not use'),
    })
    .prefault({})
    .describe('How customers are addressed'),
  length: z
    .strictObject({
      characters: z.int().min(20).max(2_000).default(220).describe('Of an answer, without spaces and line ends'),
      sentences: z.int().min(1).max(30).default(6).describe('Of an answer'),
    })
    .prefault({})
    .describe('How long an answer may be at most'),
  emoji: z
    .strictObject({
      allowed: z.array(Word).max(50).default([]).describe('The emoji that may be used, and no others'),
      atMost: z.int().min(0).max(10).default(1).describe('So many in one answer'),
    })
    .prefault({})
    .describe('Emoji in answers; none are allowed if left out'),
  banned: z.array(Word).default([]).describe('Words that she never says: an answer with one of them is not sent'),
  replace: z
    .record(Word, Replacement)
    .default({})
    .describe('Words that are replaced before an answer is sent, each with what is said in its place'),
  moods: Moods.prefault({}).describe('How the tone bends to the mood of the customer'),
  levelsBy: z.string().min(1).default('consumption').describe('The dimension of tags.yaml whose tags `levels` names'),
  levels: z
    .record(z.string().min(1), Level)
    .default({})
    .describe('How the tone bends to customers who bear a tag, by its id'),
  courtesies: z.array(Courtesy).max(50).default([]).describe('Small talk, and what is said back'),
  character: z
    .string()
    .trim()
    .max(8_000, 'at most 8,000 characters')
    .describe('Who she is and how she speaks, with examples: the model reads it as it stands'),
})
export type Persona = z.output<typeof Persona>
