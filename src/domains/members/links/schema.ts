/** Keys that lead to a customer from outside: exact ones, never a name. */

/** `member` is the number in the shop, `external` any other number that an import brings. */
export const keyKinds = ['phone', 'unionid', 'member', 'external'] as const
export type KeyKind = (typeof keyKinds)[number]

/** A key as somebody wrote it. */
export type GivenKey = { kind: KeyKind; value: string }

/** A key in its one form, found by its hash. */
export type Key = { kind: KeyKind; value: string; hash: string }

/** A phone as events carry it and the inbox keeps it: found by its hash, readable under the data key alone. */
export type ConcealedPhone = { hash: string /** base64 */; sealed: string }

/** One row of an import: the keys it has, and the contact it names, if it does. */
export type RowOfKeys = {
  /** As they were written, or made ready by `keysOf` before any lock is held. */
  keys: readonly (GivenKey | Key)[]
  /** import:<run>:<line> | api:<key> */
  source: string
  /** The contact must have been met: a contact id that we have not seen leads to nobody. */
  contactId?: string | undefined
  /** Of the contact id; `default` when it is not given. */
  realm?: string | undefined
}

/** `personId` is who she is now; rows are written under `customerId`. */
export type Resolved = { customerId: string; personId: string } | { refused: 'forgotten' | 'no-key' }

/** What became of a key that was claimed for a customer. `shared`: somebody else has it, and the two will be linked. */
export type Claimed = 'added' | 'known' | 'shared' | 'forgotten' | 'no-key'
