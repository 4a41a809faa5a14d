/** How a command is told which customer it is about. */
import type { Env } from '../../env.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'

/** An id in lower case. Throws `customer-id` for anything else, also for what `customers find` would find. */
export function idOf(given: string): string {
  const id = readId(given)
  if (id !== undefined) return id
  throw new UsageError({
    code: 'customer-id',
    message: `«${given}» is no customer’s id. Find it with: zhanggui customers find <phone, number or contact id>`,
  })
}

export type Finding = { env: Env; db: Database; now: Date; by: string }

/**
 * The customer of an id, or whom `customers find` finds by anything else that it takes; that it was looked for is in the
 * audit then. Throws `customer-unknown`, and `customer-several` when it leads to more than one person. Whether there is
 * anybody of that id is not looked up.
 */
export async function findCustomerId({ env, db, now, by }: Finding, given: string): Promise<string> {
  const id = readId(given)
  if (id !== undefined) return id
  const [{ lookUp }, { openSecrets }] = await Promise.all([
    import('../customers.ts'),
    import('../../kernel/secrets.ts'),
  ])
  const secrets = await openSecrets(db, { key: env.DATA_KEY, dataDir: env.DATA_DIR }, now)
  const found = await lookUp(db, { secrets, now, by }, given)
  const people = [...new Set(found.map(({ personId }) => personId))]
  const [person, ...others] = people
  if (person === undefined) throw unknownCustomer(given)
  if (others.length === 0) return person
  throw new UsageError({
    code: 'customer-several',
    message: `«${given}» leads to ${people.length} people: ${people.join(', ')}. Give the id of one of them.`,
  })
}

export function unknownCustomer(given: string): UsageError {
  return new UsageError({
    code: 'customer-unknown',
    message: `${given} is nobody. Find her with: zhanggui customers find <phone, number or contact id>`,
  })
}

function readId(given: string): string | undefined {
  const id = given.trim().toLowerCase()
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined
}
