/** Who is signed in: a token in her cookie, its hash in the database, and her name in the roster as it is now. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Adviser, rosterOf } from '../../../domains/handoff/index.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { DeskHouse } from '../house.ts'
import { deskSettings } from '../settings.ts'
import { dropSession, findSession, saveSession, type Session, type Stage, touchSession } from './repo.ts'
import { freshToken, tokenHash } from './tokens.ts'

/** Who owes the second factor has so long to show it. */
const halfForMs = 10 * 60_000
/** How exactly it is known when she was last there. */
const seenEveryMs = 60_000

export type SessionsHouse = Pick<DeskHouse, 'db' | 'content' | 'clock' | 'publicUrl'> & {
  /** Managers show a second factor. */
  secondFactor: boolean
}

export type Seen = { session: Session; adviser: Adviser }

/** __Host-: browsers take it over https alone, for this very host, and no other host can put one in its place. */
export function cookieName(publicUrl: string | undefined): string {
  return publicUrl === undefined ? 'zhanggui' : '__Host-zhanggui'
}

/** Another token for each sign-in, and for each step of it: what was known before opens nothing. */
export async function startSession(
  db: Queryable,
  { clock, content, publicUrl }: SessionsHouse,
  { adviser, stage, reply }: { adviser: string; stage: Stage; reply: FastifyReply },
): Promise<void> {
  const token = freshToken()
  await saveSession(db, { hash: tokenHash(token)!, adviser, stage, createdAt: clock.now() })
  const lastsMs = isHalf(stage) ? halfForMs : content().settings(deskSettings).absolute
  void reply.setCookie(cookieName(publicUrl), token, {
    ...cookieOptions(publicUrl),
    maxAge: Math.floor(lastsMs / 1_000),
  })
}

export function forgetCookie(reply: FastifyReply, publicUrl: string | undefined): void {
  void reply.clearCookie(cookieName(publicUrl), cookieOptions(publicUrl))
}

function cookieOptions(publicUrl: string | undefined) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl !== undefined } as const
}

export function sessionHashOf(request: FastifyRequest, publicUrl: string | undefined): string | undefined {
  return tokenHash(request.cookies[cookieName(publicUrl)])
}

/**
 * The session, whatever its stage, of somebody who is in the roster at this moment. What is over is dropped, also when she has
 * left: should she come back, she signs in anew.
 */
export async function readSession(house: SessionsHouse, hash: string | undefined): Promise<Seen | undefined> {
  const session = hash === undefined ? undefined : await findSession(house.db.pool, hash)
  if (!session) return undefined
  const adviser = rosterOf(house.content()).get(session.adviser)
  if (adviser && !isOver(house, session)) return { session, adviser }
  await dropSession(house.db.pool, session.hash)
  return undefined
}

function isOver({ clock, content }: SessionsHouse, { stage, createdAt, seenAt }: Session): boolean {
  const { idle, absolute } = content().settings(deskSettings)
  const now = clock.now().getTime()
  const sinceCreated = now - createdAt.getTime()
  return isHalf(stage) ? sinceCreated >= halfForMs : sinceCreated >= absolute || now - seenAt.getTime() >= idle
}

export function isHalf(stage: Stage): boolean {
  return stage === 'totp' || stage === 'enrol'
}

/**
 * Whether it opens the desk. A manager who signed in before she was one, or before the desk was open to others, has shown no
 * second factor: she signs in anew.
 */
export function isIn({ secondFactor }: SessionsHouse, { session, adviser }: Seen): boolean {
  return session.stage === 'secured' || (session.stage === 'open' && !(secondFactor && adviser.role === 'manager'))
}

export async function noteSeen({ db, clock }: SessionsHouse, { hash, seenAt }: Session): Promise<void> {
  const now = clock.now()
  if (now.getTime() - seenAt.getTime() >= seenEveryMs) await touchSession(db.pool, hash, now)
}

/** For the sweep: what was over at this moment. */
export function sessionBounds(
  { idle, absolute }: { idle: number; absolute: number },
  now: Date,
): { seenBefore: Date; createdBefore: Date; halfBefore: Date } {
  const before = (ms: number): Date => new Date(now.getTime() - ms)
  return { seenBefore: before(idle), createdBefore: before(absolute), halfBefore: before(halfForMs) }
}
