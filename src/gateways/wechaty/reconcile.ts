/**
 * Reads back what can be read after a login or reconnect, since nothing that happened meanwhile is told again: the list
 * of groups, each group with its members, and the contact list. Everything is read from the platform, not remembered;
 * a contact that several groups share is read once. Slow on purpose: it must not crowd out the talk of the moment. A
 * group that we have just come into is read in the same way, alone.
 */
import type { Contact, NewEvent } from '../../kernel/event.ts'
import type { Log } from '../../kernel/log.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import { isLineFailure } from './failures.ts'
import { mapGroup } from './mapping.ts'
import type { Payloads } from './payloads.ts'

export type Pace = {
  /** Contacts read side by side. */
  concurrency: number
  /** Milliseconds between two pages of contacts. */
  pause: number
  /** Contacts in a page, and in a ContactsRead. */
  page: number
}

export type Reconciled = { groups: number; contacts: number; unreadable: number }

export type ReconcileOptions = {
  account: string
  payloads: Payloads
  accept: (event: NewEvent) => Promise<unknown>
  clock: Clock
  ids: Ids
  log: Log
  pace: Pace
  /** Aborted when the connection dies or another user logs in. */
  signal: AbortSignal
}

/** Undefined when it was cut short by the signal or the line; the next connection starts anew. */
export function reconcile(options: ReconcileOptions): Promise<Reconciled | undefined> {
  return unlessCutShort(options, readEverything(options))
}

/** One group with its members. Undefined when it cannot be shown, or was cut short: the next connection reads it. */
export function reconcileGroup(options: ReconcileOptions, roomId: string): Promise<true | undefined> {
  return unlessCutShort(options, readOne(options, roomId))
}

async function unlessCutShort<T>({ signal }: ReconcileOptions, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (signal.aborted || isLineFailure(error)) return undefined
    throw error
  }
}

async function readOne(options: ReconcileOptions, roomId: string): Promise<true | undefined> {
  const { readGroup, tell } = openReading(options)
  const group = await readGroup(roomId)
  if (!group) return undefined
  await tell(group)
  return true
}

async function readEverything(options: ReconcileOptions): Promise<Reconciled> {
  const { clock, payloads, pace } = options
  const { session, readContacts, readGroup, tell } = openReading(options)
  const done: Reconciled = { groups: 0, contacts: 0, unreadable: 0 }
  const roomIds = await payloads.roomIds()
  const list = { kind: 'GroupListRead', roomIds } as const
  await tell({ key: `read:${session}:groups`, at: clock.now(), what: list })
  for (const roomId of roomIds) {
    const group = await readGroup(roomId)
    if (group) await tell(group)
    done[group ? 'groups' : 'unreadable'] += 1
  }

  const contactIds = await payloads.contactIds()
  for (let from = 0; from < contactIds.length; from += pace.page) {
    const contacts = await readContacts(contactIds.slice(from, from + pace.page))
    await tell({ key: `read:${session}:contacts:${from}`, at: clock.now(), what: { kind: 'ContactsRead', contacts } })
    done.contacts += contacts.length
  }
  return done
}

/** What the readings of one go share: each contact is read once. */
function openReading({ account, payloads, accept, clock, ids, log, pace, signal }: ReconcileOptions) {
  const session = ids.fresh()
  const seen = new Map<string, Contact>()

  async function readContacts(contactIds: string[]): Promise<Contact[]> {
    const unread = contactIds.filter((id) => !seen.has(id))
    for (let from = 0; from < unread.length; from += pace.page) {
      const page = unread.slice(from, from + pace.page)
      await sideBySide(page, pace.concurrency, async (id) => {
        signal.throwIfAborted()
        seen.set(id, await payloads.freshContact(id))
      })
      if (pace.pause > 0) await new Promise<void>((resolve) => void clock.after(pace.pause, resolve))
    }
    return contactIds.flatMap((id) => seen.get(id) ?? [])
  }

  async function tell(event: Omit<NewEvent, 'account'>): Promise<void> {
    signal.throwIfAborted()
    await accept({ account, ...event })
  }

  /** Undefined when the platform cannot show it: one such group must not hide the others. */
  async function readGroup(roomId: string): Promise<Omit<NewEvent, 'account'> | undefined> {
    try {
      // The list is as old as the question: who came or went while we read is told by events of its own.
      const askedAt = clock.now()
      const room = await payloads.room(roomId)
      const memberIds = room.memberIdList.length > 0 ? room.memberIdList : await payloads.memberIds(roomId)
      return mapGroup(room, await readContacts(memberIds), session, askedAt)
    } catch (error) {
      if (signal.aborted || isLineFailure(error)) throw error
      log.warn({ account, roomId }, 'a group cannot be read back')
      return undefined
    }
  }

  return { session, readContacts, readGroup, tell }
}

async function sideBySide<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
