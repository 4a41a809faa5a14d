/** Customers who react, by chance from a seed: some answer, some buy. Without it nobody does anything. */
import type { Database } from '../../kernel/db.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { House } from '../eval/house.ts'
import { buyAgain, listReached } from './moments/repo.ts'

export type Behaviour = {
  /** Reacts to what was sent since it was last asked. */
  react(house: House): Promise<void>
  counts(): { replies: number; orders: number; joins: number }
}

/** Of those who are reached so many answer, and so many of those who ever bought buy again. */
const shares = { replies: 0.06, orders: 0.02 }
/** New friends of each account and day. */
const joinsPerDay = 3
const dayMs = 24 * 60 * 60_000

export function behave(
  { db, seed, accounts, from }: { db: Database; seed: number; accounts: readonly string[]; from: Date },
  ids: Pick<Ids, 'derived'>,
): Behaviour {
  const count = { replies: 0, orders: 0, joins: 0 }
  let since = from
  let joinedUntil = from.getTime()
  /** In [0, 1), always the same for the same words. */
  const chance = (...words: string[]): number =>
    Number.parseInt(ids.derived('behaviour', String(seed), ...words).slice(0, 8), 16) / 2 ** 32

  async function reply(house: House, to: { account: string; contactId: string }, key: string): Promise<void> {
    const at = house.clock.now()
    count.replies += 1
    await house.accept({
      account: to.account,
      key: `message:${key}`,
      at,
      what: {
        kind: 'MessageReceived',
        place: { kind: 'direct', contactId: to.contactId },
        sender: { id: to.contactId, name: '', kind: 'person' },
        message: { id: key, type: 'text', text: 'ok', sentAt: at.toISOString(), mentions: [], mentionsSelf: false },
      },
    })
  }

  async function join(house: House, account: string, id: string): Promise<void> {
    count.joins += 1
    const contact = { id, name: id, kind: 'person' as const }
    await house.quiet()
    // Which variant she gets depends on her id: it must be the same in every run, whatever went on beside this.
    house.countAnew(id)
    await house.accept({
      account,
      key: `friend:${id}`,
      at: house.clock.now(),
      what: { kind: 'FriendshipConfirmed', contact },
    })
  }

  return {
    counts: () => ({ ...count }),
    async react(house) {
      const now = house.clock.now()
      for (const one of await listReached(db.pool, since)) {
        const words = [one.account, one.contactId, now.toISOString()]
        if (chance('reply', ...words) < shares.replies) await reply(house, one, ids.derived('reply', ...words))
        if (
          chance('order', ...words) < shares.orders &&
          (await buyAgain(db.pool, one.customerId, ids.derived('order', ...words), now))
        )
          count.orders += 1
      }
      since = now
      for (; joinedUntil + dayMs / joinsPerDay <= now.getTime(); joinedUntil += dayMs / joinsPerDay) {
        for (const account of accounts)
          await join(house, account, ids.derived('join', String(seed), account, String(joinedUntil)))
      }
      await house.quiet()
    },
  }
}
