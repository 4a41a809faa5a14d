/** People as the tables keep them. */
import type { Consent } from '../privacy/consent.ts'
import type { Person, Role } from '../schema.ts'

/** A row of `identity`: one contact as the accounts of one realm know it. */
export type Identity = {
  id: string
  realm: string
  contactId: string
  /** Kept when a customer turns out to be staff, so that a mistake can be put right; see `personOf`. */
  customerId: string | null
  role: Role
  name: string
  alias: string | null
  profile: Record<string, unknown>
  /** Since when the person is in an account's contact list: {account: ISO instant}. */
  friendOf: Record<string, string>
  /** One of us by our own word, whatever the platform says. */
  appointed: boolean
  firstSeenAt: Date
  lastSeenAt: Date
}

/** What the database knows of a contact before it is met. */
export type Known = {
  identity: Identity | undefined
  /** The account of ours that is logged in as this contact. */
  account: string | undefined
  /** What the person let us do; undefined while there is no customer. */
  consent: Consent | undefined
}

/** A person just met; `account` names the account of ours that she is, if she is one. */
export type Met = Person & { account: string | null }

/** How a person came into sight. Only what she did herself moves `lastSeenAt`: standing in a list is no sign of life. */
export type Sighting = { at: Date; acted: boolean }
