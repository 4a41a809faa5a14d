/** Coming in and going out. Whoever guesses learns nothing: not who there is, and not why a code was refused. */
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type Adviser,
  askSignInCode,
  rosterOf,
  signInCodeForMs,
  takeSignInCode,
} from '../../../domains/handoff/index.ts'
import { writeAudit } from '../../../kernel/audit.ts'
import type { Content } from '../../../kernel/content.ts'
import { CodeBody, type CodeSent, LinkBody, type SignedIn, SignInBody, SignOutBody, TotpBody } from '../../api.ts'
import type { DeskHouse } from '../house.ts'
import { bodyOf, Refused, signedOut } from '../refused.ts'
import { allow } from './guard.ts'
import { useLink } from './links.ts'
import { countTry, dropSession, dropSessionsOf, type Stage } from './repo.ts'
import { forgetCookie, isHalf, readSession, sessionHashOf, type SessionsHouse, startSession } from './sessions.ts'
import { beginEnrolment, takeTotp } from './totp.ts'
import type { Limit, Tries } from './tries.ts'

const minuteMs = 60_000
const asksPerAddress: Limit = { max: 20, withinMs: 10 * minuteMs }
const asksPerName: Limit = { max: 5, withinMs: 10 * minuteMs }
const triesPerAddress: Limit = { max: 30, withinMs: 10 * minuteMs }
const triesPerName: Limit = { max: 15, withinMs: 10 * minuteMs }
/** Codes of the second factor in one sign-in; then it begins anew. */
const totpTriesAtMost = 5
/** A code is refused no sooner: a try at one that exists takes longer to write down than one at nothing. */
const refusedAfterMs = 150
const refusalsAudited: Limit = { max: 1, withinMs: minuteMs }

const anybody = { config: { door: 'anybody' } } as const
type Way = 'code' | 'link' | 'totp'

export function registerSignIn(server: FastifyInstance, house: DeskHouse & SessionsHouse, tries: Tries): void {
  const { db, clock, content, log, publicUrl } = house

  server.post('/api/sign-in', anybody, (request, reply) => {
    const { name } = bodyOf(SignInBody, request)
    allow(tries, `ask:address:${request.ip}`, asksPerAddress)
    allow(tries, `ask:name:${name.toLowerCase()}`, asksPerName)
    const adviser = adviserCalled(content(), name)
    // Not waited for: the answer comes at once, whether or not anything follows.
    if (adviser) setImmediate(() => sendCode(adviser))
    return reply.code(202).send({ sent: true, forSeconds: signInCodeForMs / 1_000 } satisfies CodeSent)
  })

  function sendCode({ id }: Adviser): void {
    const asked = askSignInCode(id, house.ids.fresh(), clock.now())
    house.accept(asked).catch((error: unknown) => log.error({ err: error }, 'a sign-in code was not sent'))
  }

  server.post('/api/sign-in/code', anybody, async (request, reply) => {
    const { name, code } = bodyOf(CodeBody, request)
    allow(tries, `try:address:${request.ip}`, triesPerAddress)
    allow(tries, `try:name:${name.toLowerCase()}`, triesPerName)
    const notBefore = delay(refusedAfterMs)
    const adviser = adviserCalled(content(), name)
    const right = await takeSignInCode(db.pool, adviser?.id ?? '', code, clock.now())
    if (!adviser || !right) {
      const refused = await refuse(adviser?.id, 'code')
      await notBefore
      throw refused
    }
    return enter(adviser, 'code', request, reply)
  })

  server.post('/api/sign-in/link', anybody, async (request, reply) => {
    const { token } = bodyOf(LinkBody, request)
    allow(tries, `try:address:${request.ip}`, triesPerAddress)
    const id = await useLink(db.pool, token, clock.now())
    const adviser = id === undefined ? undefined : rosterOf(content()).get(id)
    if (!adviser) throw await refuse(id, 'link')
    return enter(adviser, 'link', request, reply)
  })

  /** She has shown who she is: she is in, or owes the second factor. */
  async function enter(adviser: Adviser, way: Way, request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
    const old = sessionHashOf(request, publicUrl)
    return db.transaction(async (tx) => {
      if (old !== undefined) await dropSession(tx, old)
      const start = (stage: Stage): Promise<void> => startSession(tx, house, { adviser: adviser.id, stage, reply })
      if (!house.secondFactor || adviser.role !== 'manager') {
        await start('open')
        await writeAudit(tx, entry(adviser.id, 'desk-signed-in', { by: way }))
        return { next: 'desk' }
      }
      const enrolment = await beginEnrolment(tx, house, adviser)
      await start(enrolment ? 'enrol' : 'totp')
      return enrolment ? { next: 'enrol', ...enrolment } : { next: 'totp' }
    })
  }

  server.post('/api/sign-in/totp', anybody, async (request, reply): Promise<SignedIn> => {
    const { code } = bodyOf(TotpBody, request)
    allow(tries, `try:address:${request.ip}`, triesPerAddress)
    const seen = await readSession(house, sessionHashOf(request, publicUrl))
    if (!seen || !isHalf(seen.session.stage)) throw signedOut()
    const { session, adviser } = seen
    allow(tries, `totp:${adviser.id}`, triesPerName)
    if (!(await countTry(db.pool, session.hash, totpTriesAtMost))) {
      await dropSession(db.pool, session.hash)
      forgetCookie(reply, publicUrl)
      throw signedOut()
    }
    const done = await db.transaction(async (tx) => {
      const taken = await takeTotp(tx, house, adviser.id, code)
      // Of two requests at once one finds the half session gone.
      if (!taken || !(await dropSession(tx, session.hash))) return false
      await startSession(tx, house, { adviser: adviser.id, stage: 'secured', reply })
      if (taken.first) await writeAudit(tx, entry(adviser.id, 'desk-totp-enrolled'))
      await writeAudit(tx, entry(adviser.id, 'desk-signed-in', { by: 'totp' satisfies Way }))
      return true
    })
    if (!done) throw await refuse(adviser.id, 'totp')
    return { next: 'desk' }
  })

  server.post('/api/sign-out', async (request, reply) => {
    const { everywhere } = bodyOf(SignOutBody, request)
    const { id } = request.adviser
    await db.transaction(async (tx) => {
      if (!everywhere) return dropSession(tx, sessionHashOf(request, publicUrl) ?? '')
      const sessions = await dropSessionsOf(tx, id)
      return writeAudit(tx, entry(id, 'desk-signed-out-everywhere', { sessions }))
    })
    forgetCookie(reply, publicUrl)
    return reply.code(204).send()
  })

  function entry(id: string, action: string, details: Record<string, unknown> = {}) {
    return { at: clock.now(), by: `adviser:${id}`, action, subject: `adviser:${id}`, details }
  }

  /** The same words for all. In the audit once a minute for each name: guessing must not fill it. */
  async function refuse(id: string | undefined, way: Way): Promise<Refused> {
    const subject = `adviser:${id ?? '?'}`
    if (tries.take(`audit:${subject}`, refusalsAudited) === 0) {
      const action = 'desk-sign-in-refused'
      await writeAudit(db.pool, { at: clock.now(), by: 'desk', action, subject, details: { with: way } })
    }
    if (way === 'link')
      return new Refused({ status: 400, error: 'wrong-link', message: 'The link was used, or is too old.' })
    return new Refused({ status: 400, error: 'wrong-code', message: 'The code is wrong, was used, or is too old.' })
  }
}

/** By her name, which is one adviser's, or by her id where the keyboard has no Chinese. */
function adviserCalled(content: Content, name: string): Adviser | undefined {
  const roster = [...rosterOf(content).values()]
  return roster.find((one) => one.name === name) ?? roster.find((one) => one.id === name.toLowerCase())
}
