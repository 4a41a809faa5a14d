/** What members does with a person's data when she is linked, unlinked, forgotten, or asks what we keep (law 14). */
import type { Secrets } from '../../../kernel/secrets.ts'
import type { Rights } from '../../../kernel/slice.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { exportInteractions, forgetInteractions, rehomeInteractions } from '../interactions/index.ts'
import { contactGrave } from '../links/index.ts'
import { listSameCustomers, settleStaff } from '../people/index.ts'
import { summaryOf } from '../privacy/summary.ts'
import { keepNewestQuestions, link, type Persons, unlink } from './linking/repo.ts'
import { bury, exportRows, findContacts, forgetEvents, forgetPerson, forgetWords } from './repo.ts'

export {
  type ContactOf,
  deleteDueLink,
  type DueLink,
  findLinkable,
  linkedInto,
  listDueLinks,
  lockPersons,
  type Persons,
  recordLink,
  recordUnlink,
} from './linking/repo.ts'

export { type CustomerShown, findCustomers, type FoundCustomer, showCustomer } from './lookup/repo.ts'

/**
 * Consent is not moved by a merge but resolved on reading (view person_consent), so unlinking gives each her own back.
 * Forgetting and exporting take in everybody who is the same person.
 */
export const rights: Rights = {
  async onMerge(db, from, into, now) {
    await link(db, from, into, now)
    await keepNewestQuestions(db, await listSameCustomers(db, into))
    await settleStaff.run(db, [into])
    await rehomeInteractions(db, [from, into])
  },
  async onUnlink(db, from, into) {
    await unlink(db, from, into)
    await settleStaff.run(db, [from, into])
    await rehomeInteractions(db, [from, into])
  },
  async forget(db, customerId, now) {
    const customerIds = await listSameCustomers(db, customerId)
    const contacts = await findContacts(db, customerIds)
    await forgetWords(db, customerIds, contacts)
    await forgetEvents(db, contacts, now)
    await forgetInteractions(db, customerIds)
    await forgetPerson(db, customerIds, contacts, now)
  },
  async exportOf(db, customerId, secrets) {
    const open = secrets && ((sealed: Buffer) => secrets.open(sealed, 'customer_key.sealed'))
    const customerIds = await listSameCustomers(db, customerId)
    const interactions = await exportInteractions(db, customerIds)
    return { ...(await exportRows(db, customerIds, open)), interactions }
  },
  summaryOf,
}

/** Tombstones for every key and contact of a person; before anything of hers is forgotten. */
export async function buryPerson(db: Queryable, secrets: Secrets, { customerIds, contacts }: Persons, now: Date) {
  const graves = contacts.map(({ realm, contactId }) => contactGrave(secrets, realm, contactId))
  await bury(db, customerIds, graves, now)
}
