/** What comes of fetching the file of a message. */
import { z } from 'zod'

/**
 * `fetched` in the payload of the slice event that tells of it. `lost`: the platform does not show it, or not any more, or
 * the line was down too long.
 */
export const Fetched = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kept'), mediaId: z.string(), filename: z.string(), mime: z.string() }),
  z.object({ kind: z.literal('too-large') }),
  z.object({ kind: z.literal('lost') }),
])
export type Fetched = z.infer<typeof Fetched>
