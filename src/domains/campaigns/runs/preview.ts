/** Previews: a drop as it is now, in the groups that content names for it, with values as they might be. */
import type { Content } from '../../../kernel/content.ts'
import type { Effect, ScheduleEvent, SendMessage } from '../../../kernel/effect.ts'
import { UsageError } from '../../../kernel/errors.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import { listGroupPlaces } from '../../members/index.ts'
import { dropsOf, frozenOf } from '../drops/index.ts'
import { exampleValues, type Placeholders, renderMessages } from '../messages/index.ts'
import { campaignsSettings } from '../schema.ts'
import { dropOf } from './acts.ts'

/** The slice event that shows a drop to our own people. */
export const preview = 'campaigns.preview'

export type Preview = { campaign: string; by: string }

/** Asks for a preview. Throws `campaign-unknown`, and `no-test-groups` where content names none. */
export function previewOf(
  content: Content,
  { campaign, by }: Preview,
  { at, key }: { at: Date; key: string },
): ScheduleEvent {
  const { id } = dropOf(content, campaign)
  if (content.settings(campaignsSettings).testGroups.length === 0) {
    const message =
      'No group is named for previews. Name rules of groups.yaml in settings.yaml, under campaigns: testGroups.'
    throw new UsageError({ code: 'no-test-groups', message })
  }
  const payload: Preview = { campaign: id, by }
  return { kind: 'ScheduleEvent', name: preview, key, at, account: '', lock: [`preview:${id}`], payload }
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
  const places = await listGroupPlaces(work.db, content.settings(campaignsSettings).testGroups)
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
