/** Tracked links: made when something is sent, counted when somebody follows one. Off unless content asks for them. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { Ids } from '../../../kernel/ports.ts'
import { goalKind, type InteractionKind, type SliceEventSeen } from '../../../kernel/slice.ts'
import type { Work } from '../../../kernel/work.ts'
import { z } from 'zod'
import { campaignsSettings } from '../schema.ts'
import { tokenOf, trackedUrl } from './decide.ts'
import { countClick, saveLinks } from './repo.ts'
import type { Clicked } from './schema.ts'

export { isReader, isToken } from './decide.ts'
export { findUrl, sweepLinks } from './repo.ts'
export { clicked, linkPath } from './schema.ts'

type On = { work: Work; content: Content; ids: Ids }

/** What makes the links of one message tracked; undefined where they stay as they are: no address of ours is known. */
export function follow(
  { work, content, ids }: On,
  { source, personId, customerId }: { source: string; personId: string; customerId: string | null },
): ((url: string) => string) | undefined {
  const { baseUrl } = content.settings(campaignsSettings).links
  if (baseUrl === undefined) return undefined
  return (url) => {
    const token = tokenOf(ids.derived('link', source, personId, url))
    work.write(saveLinks, { token, source, url, personId, customerId: customerId ?? personId, at: work.now })
    return trackedUrl(baseUrl, token)
  }
}

export const interactionKinds: Readonly<Record<string, InteractionKind>> = {
  click: { title: 'Followed a link', weight: 1 },
}

/** A click counts for the link, and once as something she did. */
export async function onClicked({ event, work }: SliceEventSeen): Promise<Effect[]> {
  const { token, at } = event.what.payload as Clicked
  const link = await countClick(work.db, token, new Date(at))
  if (!link) return []
  const { customerId, source: from } = link
  const source = `click:${token}`
  const data = { from }
  return [{ kind: 'RecordInteraction', customerId, interaction: 'click', at: new Date(at), weight: 1, source, data }]
}

/** She followed a link of ours. */
export const click = goalKind({
  title: 'She follows a tracked link',
  schema: z.strictObject({}),
  reached: (_, { bind, after, until }) =>
    `SELECT person_id, clicked_at AS at FROM campaign_link
     WHERE clicked_at > ${bind(after, 'timestamptz')} AND clicked_at <= ${bind(until, 'timestamptz')}`,
})
