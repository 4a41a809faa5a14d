/** The second factor of managers: time-based codes (RFC 6238) of 30 s, six digits, SHA-1, as every authenticator has them. */
import { generateSecret, generateURI, verifySync } from 'otplib'
import type { Queryable } from '../../../kernel/work.ts'
import type { DeskHouse } from '../house.ts'
import { findTotp, saveTotp, takeStep } from './repo.ts'

const sealedAs = 'desk_totp.sealed'
/** One step before and after: clocks of phones. */
const toleranceSeconds = 30

export type Enrolment = { uri: string; secret: string }

/** A secret to be put into her authenticator, in the place of one that she never used; undefined when she has one in use. */
export async function beginEnrolment(
  db: Queryable,
  { secrets, clock, content }: Pick<DeskHouse, 'secrets' | 'clock' | 'content'>,
  { id, name }: { id: string; name: string },
): Promise<Enrolment | undefined> {
  const secret = generateSecret()
  const sealed = secrets.seal(secret, sealedAs)
  if (!(await saveTotp(db, { adviser: id, sealed, createdAt: clock.now() }))) return undefined
  return { secret, uri: generateURI({ issuer: content().render('{{ brand }}'), label: name, secret }) }
}

/** Whether it is her code of this moment, which no one has used; it is used up by that. `first`: with it she is enrolled. */
export async function takeTotp(
  db: Queryable,
  { secrets, clock }: Pick<DeskHouse, 'secrets' | 'clock'>,
  adviser: string,
  code: string,
): Promise<{ first: boolean } | undefined> {
  const found = await findTotp(db, adviser)
  if (!found) return undefined
  const { sealed, enrolled } = found
  const now = clock.now()
  const epoch = Math.floor(now.getTime() / 1_000)
  const secret = secrets.open(sealed, sealedAs)
  const result = verifySync({ secret, token: code, epoch, epochTolerance: toleranceSeconds })
  if (!result.valid || !('timeStep' in result)) return undefined
  const taken = await takeStep(db, { adviser, sealed, step: result.timeStep, now })
  return taken ? { first: !enrolled } : undefined
}
