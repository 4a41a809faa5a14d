/** What delivery does at a manager's word, in the transaction in which it is given. */
import { type BatchWish, batchWishes } from '../delivery/index.ts'
import type { Acted } from '../domains/campaigns/index.ts'
import type { Queryable } from '../kernel/work.ts'

export async function actOnBatches(db: Queryable, effects: Acted['effects'], now: Date): Promise<void> {
  for (const effect of effects) await batchWishes.run(db, [wishOf(effect, now)])
}

function wishOf(effect: Acted['effects'][number], now: Date): BatchWish {
  const { batch } = effect
  switch (effect.kind) {
    case 'HoldSends':
      return { kind: 'hold', batch, now }
    case 'ReleaseSends':
      return { kind: 'release', batch }
    case 'StopSends':
      return { kind: 'stop', batch, reason: effect.reason, now }
    default:
      return effect satisfies never
  }
}
