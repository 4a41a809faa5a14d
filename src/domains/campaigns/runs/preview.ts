/** Previews: a drop as it is now, in the groups that content names for it, with values as they might be. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent, SendMessage } from '../../../kernel/effect.ts'
import { UsageError } from '../../../kernel/errors.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { listGroupPlaces } from '../../members/index.ts'
import { dropsOf, frozenOf } from '../drops/index.ts'
import { exampleValues, type Placeholders, renderMessages } from '../messages/index.ts'
import { campaignsSettings } from '../schema.ts'
import { dropOf } from './acts.ts'

/** The slice event that shows a drop to our own people. */
export const preview = 'campaigns.preview'

export type Preview = { campaign: string; by: string }

/**
 * Asks for a preview in `groups` groups. Throws `campaign-unknown`, and `no-test-groups` where content names none, or none
 * that the bot is in.
 */
export async function previewOf(
  db: Queryable,
  content: Content,
  { campaign, by }: Preview,
  { at, key }: { at: Date; key: string },
): Promise<{ wish: ScheduleEvent; groups: number }> {
  const { id } = dropOf(content, campaign)
  const { testGroups } = content.settings(campaignsSettings)
  const places = await listGroupPlaces(db, testGroups, testGroups)
  if (places.length === 0) {
    const message =
      testGroups.length === 0
        ? 'No group is named for previews. Name rules of groups.yaml in settings.yaml, under campaigns: testGroups.'
        : `The bot is in none of the groups for previews (${testGroups.join(', ')}). Invite it into one, or name others in settings.yaml, under campaigns: testGroups.`
    throw new UsageError({ code: 'no-test-groups', message })
  }
  const payload: Preview = { campaign: id, by }
  const wish: ScheduleEvent = {
    ...{ kind: 'ScheduleEvent', name: preview, key, at, account: '', lock: [`preview:${id}`] },
    payload,
  }
  return { wish, groups: places.length }
}

export async function onPreview(
  { event, work, content }: SliceEventSeen,
  placeholders: Placeholders,
): Promise<Effect[]> {
  const { campaign } = event.what.payload as Preview
  const drop = dropsOf(content).find(({ id }) => id === campaign)
  if (!drop) return []
  const values = exampleValues(placeholders)
  const { title, variants } = frozenOf(drop, content)
  const { testGroups } = content.settings(campaignsSettings)
  const places = await listGroupPlaces(work.db, testGroups, testGroups)
  return places.flatMap(({ account, roomId, threadId }) =>
    variants.map(({ id: variant, messages }): SendMessage => {
      const { body, delays } = renderMessages(messages, values, content)
      const head = { type: 'text' as const, text: content.reply('campaigns.preview', { title, variant }) }
      return {
        ...{ kind: 'SendMessage', to: { kind: 'group', account, roomId, threadId }, purpose: 'service' },
        ...{ key: `preview:${event.id}:${threadId}:${variant}`, body: [head, ...body], delays: [0, ...delays] },
      }
    }),
  )
}
