/** Messages as drops and journeys send them, and as they are kept with a run. */
import { z } from 'zod'
import type { Placeholder, PlaceholderValue } from '../../../kernel/slice.ts'

/** Milliseconds before the message, at least. */
const delay = z.int().min(0)

export const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), delay, text: z.string() }),
  z.object({
    type: z.enum(['image', 'file', 'video', 'audio']),
    delay,
    /** Within the content folder. */
    path: z.string(),
    /** What the reader sees of a file. */
    filename: z.string(),
    /** Set when the message is frozen: late edits of the file change nothing. */
    mediaId: z.string().optional(),
  }),
  z.object({
    type: z.literal('link'),
    delay,
    title: z.string(),
    url: z.string(),
    description: z.string().optional(),
    thumbnailUrl: z.string().optional(),
  }),
  z.object({
    type: z.literal('miniProgram'),
    delay,
    appid: z.string(),
    pagePath: z.string(),
    title: z.string(),
    description: z.string().optional(),
  }),
])
export type Message = z.infer<typeof Message>

export const Messages = z.array(Message)
/** In the order in which they are sent. JSON: stored with runs and journey versions. */
export type Messages = readonly Message[]

/** What is wrong with a written text, at an index into it. */
export type Problem = { index: number; message: string; expected: string }

/** Placeholders by the name by which texts use them. */
export type Placeholders = Readonly<Record<string, Placeholder>>

/** What the placeholders stand for, for one reader; what nothing is known of is not there. */
export type Values = Readonly<Record<string, PlaceholderValue>>
