/** What an adviser has on her hands, in PostgreSQL. */
import { z } from 'zod'
import type { BatchWrite, Queryable } from '../../../kernel/work.ts'

/** A picture, file or card of an adviser, as it came. */
export const Media = z.object({
  account: z.string(),
  /** The platform's id of the message. */
  message: z.string(),
  type: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Media = z.infer<typeof Media>

export type Hands = {
  /** The case that her next words are for. */
  current: string | null
  /** Whose customer's words she was shown last. */
  heard: string | null
  /** Words that wait until she says for whom they are. */
  held: string | null
  /** Pictures and files that wait for the same. */
  heldMedia: Media[]
}

export async function readHands(db: Queryable, adviser: string): Promise<Hands> {
  const { rows } = await db.query<{
    current_case: string | null
    heard_case: string | null
    held: string | null
    held_media: unknown
  }>({
    name: 'handoff-hands',
    text: 'SELECT current_case, heard_case, held, held_media FROM adviser_state WHERE adviser = $1',
    values: [adviser],
  })
  const [row] = rows
  return {
    ...{ current: row?.current_case ?? null, heard: row?.heard_case ?? null, held: row?.held ?? null },
    heldMedia: z.array(Media).parse(row?.held_media ?? []),
  }
}

/** The last state that is written for an adviser in a transaction counts. */
export const saveHands: BatchWrite<Hands & { adviser: string }> = {
  name: 'handoff-hands-save',
  order: 48,
  async run(db, all) {
    const rows = [...new Map(all.map((row) => [row.adviser, row])).values()]
    await db.query({
      name: 'handoff-hands-save',
      text: `INSERT INTO adviser_state (adviser, current_case, heard_case, held, held_media)
             SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[])
             ON CONFLICT (adviser) DO UPDATE SET current_case = excluded.current_case, heard_case = excluded.heard_case,
               held = excluded.held, held_media = excluded.held_media`,
      values: [
        rows.map(({ adviser }) => adviser),
        rows.map(({ current }) => current),
        rows.map(({ heard }) => heard),
        rows.map(({ held }) => held),
        rows.map(({ heldMedia }) => JSON.stringify(heldMedia)),
      ],
    })
  },
}

export const saveAway: BatchWrite<{ adviser: string; away: boolean }> = {
  name: 'handoff-away',
  order: 49,
  async run(db, rows) {
    await db.query({
      name: 'handoff-away',
      text: `INSERT INTO adviser_state (adviser, away) SELECT * FROM unnest($1::text[], $2::bool[])
             ON CONFLICT (adviser) DO UPDATE SET away = excluded.away`,
      values: [rows.map(({ adviser }) => adviser), rows.map(({ away }) => away)],
    })
  },
}
