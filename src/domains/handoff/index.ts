/** Handoff: which threads a human owns, and the cases that wait for one. */
import type { Effect, OpenCase } from '../../kernel/effect.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Applying, Slice } from '../../kernel/slice.ts'
import type { Queryable } from '../../kernel/work.ts'
import { listSameCustomers } from '../members/index.ts'
import type { Thread } from '../members/schema.ts'
import { takeOver } from './decide.ts'
import { forgetCases, insertCases, listCases, yieldThreads } from './repo.ts'
import { type Case, handoffSettings } from './schema.ts'

export { owns } from './decide.ts'
export { listCases } from './repo.ts'
export type { Case } from './schema.ts'

/** Our account spoke and no send of ours explains it: a human is at the phone (law 13). For messages that are not stale. */
export function humanSpoke(on: Pick<Applying, 'content' | 'work'>, thread: Thread): Effect[] {
  return takeOver(thread, on.content.settings(handoffSettings).takeover, on.work.now)
}

/** Opens a case outside the handling of an event, in the caller's transaction. */
export async function openCase(db: Queryable, effect: OpenCase, { ids, now }: { ids: Ids; now: Date }): Promise<void> {
  await insertCases.run(db, [caseOf(effect, ids, now)])
}

function caseOf({ key, threadId, customerId, reason, evidence }: OpenCase, ids: Ids, openedAt: Date): Case {
  return { id: ids.fresh(), key, threadId, customerId, reason, evidence, openedAt, closedAt: null }
}

export const slice: Slice = {
  name: 'handoff',
  settings: [handoffSettings],
  applies: {
    OpenCase: (effect, { work, ids }) => work.write(insertCases, caseOf(effect, ids, work.now)),
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
