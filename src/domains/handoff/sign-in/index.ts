/** Signing in at the desk: who asks gets a one-time code in the WeChat that she has bound. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Effect } from '../../../kernel/effect.ts'
import type { NewEvent } from '../../../kernel/event.ts'
import type { SliceEventSeen } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { seatsOf } from '../routing/index.ts'
import { saveSignInCode, trySignInCode, useSignInCode } from './repo.ts'
import { codeDigits, SignInAsked, signInCodeForMs, signInCodeIn, triesAtMost } from './schema.ts'

export { sweepSignInCodes } from './repo.ts'
export { signInCodeForMs } from './schema.ts'

export const signInAsked = 'handoff.sign-in-asked'

/** For `accept`: an adviser asks for a code. `key`: unique for each time that she asks. */
export function askSignInCode(adviser: string, key: string, now: Date): NewEvent {
  const lock = [`adviser:${adviser}`]
  return {
    account: '',
    key: `sign-in:${key}`,
    at: now,
    what: { kind: 'SliceEvent', name: signInAsked, lock, payload: { adviser } },
  }
}

const hashOf = (adviser: string, code: string): string =>
  createHash('sha256').update(`sign-in-code:${adviser}:${code}`).digest('hex')

/**
 * Makes the code and sends it; only its hash is kept here (the words that go out stand in the outbox like all others, and are
 * good for minutes). Nothing for whoever has left or has bound no WeChat. Asked by the law of the road: what was accepted
 * long ago is not answered with a code that nobody waits for.
 */
export async function onSignInAsked({ event, work, content, ids }: SliceEventSeen): Promise<Effect[]> {
  const { adviser } = SignInAsked.parse(event.what.payload)
  if (work.now.getTime() - event.at.getTime() > signInCodeForMs) return []
  const seat = (await seatsOf({ work, content })).find((one) => one.adviser.id === adviser)
  if (!seat?.place) return []
  const code = Array.from({ length: codeDigits }, () => Math.floor(ids.random() * 10)).join('')
  const expiresAt = new Date(work.now.getTime() + signInCodeForMs)
  await saveSignInCode(work.db, { adviser, hash: hashOf(adviser, code), expiresAt })
  const { account, contactId } = seat.place
  const threadId = ids.derived('thread', account, 'direct', contactId)
  const shown = `${code.slice(0, codeDigits / 2)} ${code.slice(codeDigits / 2)}`
  const text = content.reply('handoff.sign-in-code', { code: shown, minutes: signInCodeForMs / 60_000 })
  return [
    {
      kind: 'SendMessage',
      to: { kind: 'direct', account, contactId, threadId, customerId: null },
      purpose: 'security',
      key: `sign-in:${event.id}`,
      body: [{ type: 'text', text }],
      notAfter: expiresAt,
    },
  ]
}

/**
 * Whether this is the code that the adviser was sent: once, within its minutes, and five tries at most. In a connection of
 * its own, not in a transaction that may be rolled back: a try that failed has to count.
 */
export async function takeSignInCode(db: Queryable, adviser: string, text: string, now: Date): Promise<boolean> {
  const hash = await trySignInCode(db, { adviser, now, triesAtMost })
  const given = hashOf(adviser, signInCodeIn(text) ?? '')
  if (hash === undefined || !timingSafeEqual(Buffer.from(hash), Buffer.from(given))) return false
  return useSignInCode(db, adviser, hash)
}
