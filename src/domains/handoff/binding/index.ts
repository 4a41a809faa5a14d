/** Which WeChat is whose: bound once, with a one-time code that was sent to the bot from it. */
import { createHash } from 'node:crypto'
import type { Content } from '../../../kernel/content.ts'
import type { Effect } from '../../../kernel/effect.ts'
import type { Ids } from '../../../kernel/ports.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { appoint, type On } from '../../members/index.ts'
import type { MessageSeen } from '../../members/schema.ts'
import { adviserOf, rosterOf } from '../roster/index.ts'
import { giveWaiting } from '../routing/index.ts'
import { handoffSettings } from '../schema.ts'
import { tellAdviser } from '../talk/index.ts'
import { bind, hasCodes, saveCode, takeCode } from './repo.ts'
import { codeIn, codeLength, codeLetters } from './schema.ts'

export { findAdviser } from './repo.ts'

/** Only the hash is kept: who reads the database cannot bind. */
const hashOf = (code: string): string => createHash('sha256').update(`adviser-code:${code}`).digest('hex')

/**
 * A fresh code for an adviser; an older one of hers is void. To be shown to nobody but her. Throws a UsageError for an id
 * that the roster does not have.
 */
export async function issueCode(
  db: Queryable,
  adviser: string,
  { content, ids, now }: { content: Content; ids: Ids; now: Date },
): Promise<{ code: string; name: string; expiresAt: Date }> {
  const known = adviserOf(content, adviser)
  const letter = (): string => codeLetters[Math.floor(ids.random() * codeLetters.length)] ?? ''
  const code = Array.from({ length: codeLength }, letter).join('')
  const expiresAt = new Date(now.getTime() + content.settings(handoffSettings).codeFor)
  await saveCode(db, { adviser: known.id, hash: hashOf(code), expiresAt })
  return { code, name: known.name, expiresAt }
}

/**
 * A message that is nothing but a code, directly to us: binds whoever sent it, who is one of us from then on. Undefined
 * when it is none; a wrong one is answered like any other words, so that guessing shows nothing.
 */
export async function respondToCode(on: On, { event, person, thread }: MessageSeen): Promise<Effect[] | undefined> {
  const { message } = event.what
  if (thread.recipient.kind !== 'direct' || message.type !== 'text') return undefined
  const code = codeIn(message.text)
  if (code === undefined || !(await hasCodes(on.work.db, on.work.now))) return undefined
  const id = await takeCode(on.work.db, hashOf(code), on.work.now)
  const adviser = id === undefined ? undefined : rosterOf(on.content).get(id)
  if (!adviser) return undefined
  const { account, contactId } = thread.recipient
  await bind(on.work.db, { adviser: adviser.id, identityId: person.identityId, account, contactId }, on.work.now)
  appoint(on, person, true)
  const text = on.content.reply('handoff.bound', { adviser: adviser.name })
  // Cases may wait for nobody but her.
  return [...tellAdviser({ account, contactId }, `handoff-bound:${event.id}`, text, on), ...(await giveWaiting(on))]
}
