/** Handoff: which threads a human owns, and the cases that wait for one. */
import type { Effect, OpenCase } from '../../kernel/effect.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Applying, Slice } from '../../kernel/slice.ts'
import type { Queryable } from '../../kernel/work.ts'
import { listSameCustomers } from '../members/index.ts'
import type { Thread } from '../members/schema.ts'
import { takeOver } from './decide.ts'
import { forgetCases, listCases, openCases, type Opened } from './cases/repo.ts'
import { yieldThreads } from './repo.ts'
import { handoffSettings } from './schema.ts'

export { listCases, listEntries } from './cases/repo.ts'
export type { Case } from './cases/schema.ts'
export { owns } from './decide.ts'

/** Our account spoke and no send of ours explains it: a human is at the phone (law 13). For messages that are not stale. */
export function humanSpoke(on: Pick<Applying, 'content' | 'work'>, thread: Thread): Effect[] {
  return takeOver(thread, on.content.settings(handoffSettings).takeover, on.work.now)
}

/** Opens a case outside the handling of an event, in the caller's transaction. */
export async function openCase(db: Queryable, effect: OpenCase, { ids, now }: { ids: Ids; now: Date }): Promise<void> {
  await openCases.run(db, [openedBy(effect, ids, now)])
}

function openedBy({ key, threadId, customerId, reason, evidence }: OpenCase, ids: Ids, openedAt: Date): Opened {
  return { id: ids.fresh(), key, threadId, customerId, reason, evidence, openedAt }
}

export const slice: Slice = {
  name: 'handoff',
  settings: [handoffSettings],
  applies: {
    OpenCase: (effect, { work, ids }) => work.write(openCases, openedBy(effect, ids, work.now)),
    YieldThread: ({ threadId, until }, { work }) => work.write(yieldThreads, { threadId, until }),
  },
  rights: {
    // Cases keep the customer under whom they were opened; the canonical view resolves her.
    async onMerge() {},
    async onUnlink() {},
    async forget(db, customerId, now) {
      await forgetCases(db, await listSameCustomers(db, customerId), now)
    },
    async exportOf(db, customerId) {
      const customerIds = await listSameCustomers(db, customerId)
      return { cases: await listCases(db, { open: false, customerIds, limit: 10_000 }) }
    },
  },
}
