/** What members does with a person's data when she is linked, unlinked, forgotten, or asks what we keep (law 14). */
import type { Rights } from '../../../kernel/slice.ts'
import { listSameCustomers } from '../people/index.ts'
import {
  exportRows,
  findContacts,
  forgetEvents,
  forgetPerson,
  forgetWords,
  keepNewestQuestions,
  link,
  unlink,
} from './repo.ts'

/**
 * Consent is not moved by a merge but resolved on reading (view customer_consent), so unlinking gives each her own back.
 * Forgetting and exporting take in everybody who is the same person.
 */
export const rights: Rights = {
  async onMerge(db, from, into, now) {
    await link(db, from, into, now)
    await keepNewestQuestions(db, await listSameCustomers(db, into))
  },
  async onUnlink(db, from, into) {
    await unlink(db, from, into)
  },
  async forget(db, customerId, now) {
    const customerIds = await listSameCustomers(db, customerId)
    const contacts = await findContacts(db, customerIds)
    await forgetWords(db, customerIds, contacts)
    await forgetEvents(db, contacts, now)
    await forgetPerson(db, customerIds, contacts, now)
  },
  async exportOf(db, customerId) {
    return exportRows(db, await listSameCustomers(db, customerId))
  },
}
