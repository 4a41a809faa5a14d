/** Tags mirrored to contacts in WeChat Work, where a community manager wants it and the platform has them. */
import type { Content } from '../../../kernel/content.ts'
import type { ContactTagOutcome, Gateway } from '../../../kernel/ports.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { tagsKind } from '../content.ts'
import { listMirrorChanges, type MirrorChange, noteMirrored } from './repo.ts'
import { tagsSettings } from './schema.ts'

export { tagsSettings } from './schema.ts'

export type Mirroring = {
  db: Queryable
  gateway: Gateway
  content: Content
  now: Date
  deadlineMs: number
  /** Waits between two changes; false: stop here. */
  pause(ms: number): Promise<boolean>
}

/** Changes in one go. */
const limit = 50

/**
 * Makes the changes that are due for one account; returns how many were made. A tag is noted as ours only after the
 * platform has taken it, and taken off only when it is noted as ours.
 */
export async function mirrorTags(on: Mirroring): Promise<number> {
  const { db, gateway, content, now, deadlineMs } = on
  const { enabled, dimensions, prefix, pace } = content.settings(tagsSettings).mirror
  if (!('tagContact' in gateway) || !gateway.isReady()) return 0
  const secret = new Set(content.one(tagsKind).dimensions.flatMap((one) => (one.sensitive ? [one.id] : [])))
  const shown = enabled ? dimensions.filter((id) => !secret.has(id)) : []
  const { account } = gateway
  let made = 0
  for (const change of await listMirrorChanges(db, { account, dimensions: shown, prefix, now, limit })) {
    const outcome = await make(gateway, change, deadlineMs)
    if (outcome === 'unknown') return made
    // What the platform refuses it will refuse again: it is noted as not ours, and so left alone.
    await noteMirrored(db, { account, change, ours: outcome === 'done', now })
    made += 1
    if (!(await on.pause(pace))) return made
  }
  return made
}

async function make(gateway: Gateway, change: MirrorChange, deadlineMs: number): Promise<ContactTagOutcome> {
  const { contactId, name, on, ours } = change
  if (!on && !ours) return 'done'
  return (await gateway.tagContact?.(contactId, name, on, deadlineMs)) ?? 'refused'
}
