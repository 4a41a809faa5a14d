/** Stays in groups and the welcomes that they bring. */
import type { Role } from '../schema.ts'

/** One stay of a person in a group; a second stay is a second row. */
export type Stay = {
  id: string
  groupId: string
  identityId: string
  customerId: string | null
  joinedAt: Date
  inviterId: string | null
  joinSeen: boolean
  welcomeDue: boolean
}

/** Somebody who waits to be welcomed. */
export type Newcomer = { stayId: string; contactId: string; name: string; role: Role; joinedAt: Date }
