/** What goes between a customer and her adviser beside plain words, and what became of it. */
import { z } from 'zod'
import { Body } from '../../../kernel/effect.ts'
import { Fetched } from '../../../media/fetching/schema.ts'

/** A picture, file or card that can be said: files are kept already (`src/media`). */
export type Showable = Extract<Body, { type: 'image' | 'file' | 'video' | 'audio' | 'link' | 'miniProgram' }>

/** Of a customer, whose case a human owns: its file has come, or cannot be had. */
export const CustomerFile = z.object({
  caseId: z.string(),
  account: z.string(),
  message: z.string(),
  type: z.string(),
  fetched: Fetched,
})

/** Of an adviser, for the customer of a case: `fetched` where it has a file. */
export const AdviserMedia = z.object({
  caseId: z.string(),
  adviser: z.string(),
  account: z.string(),
  message: z.string(),
  type: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  fetched: Fetched.optional(),
})

/** How a send went as a whole, all its parts together; open: it is on its way. */
export type SendState = 'open' | 'sent' | 'refused' | 'unknown' | 'cancelled'
