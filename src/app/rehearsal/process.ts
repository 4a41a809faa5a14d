/**
 * The process that rehearses for the desk, so that the bot's own has nothing to do with it. It takes one order by its line,
 * and gives up (and drops what it has made) when it is told to, or when whoever asked is gone.
 */
import { constants, setPriority } from 'node:os'
import type { RehearsalPlayed } from '../../desk/server/index.ts'
import { pageOf } from '../../desk/rehearsal/page.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Content } from '../../kernel/content.ts'
import { openDatabase } from '../../kernel/db.ts'
import { reasonOf, UsageError, ZhangguiError } from '../../kernel/errors.ts'
import { createLog } from '../../kernel/log.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import { ceilingsOf } from '../accounts.ts'
import { contentOf, liveContentOf } from '../content-of.ts'
import { differencesOf } from './diff.ts'
import { type Rehearsed, rehearse } from './index.ts'
import type { RehearsalAsked, RehearsalOrder, RehearsalTold } from './order.ts'

let givenUp = false

function tell(told: RehearsalTold): void {
  if (process.connected) process.send?.(told)
}

async function perform({ url, contentDir, key, dataDir, wish }: RehearsalOrder): Promise<RehearsalPlayed> {
  const db = openDatabase(url, { connections: 2 })
  try {
    const live = await liveContentOf(db, contentDir)
    const saved = wish.content === 'saved' ? await contentOf(contentDir, 'all') : undefined
    const secrets = await openSecrets(db, { key, dataDir }, systemClock.now())
    const given = {
      url,
      secrets,
      log: createLog('fatal'),
      from: wish.from,
      days: wish.days,
      seed: wish.seed ?? undefined,
    }
    const isChanged = saved !== undefined && saved.version !== live.version
    const play = (content: Content, begins: number, ends: number): Promise<Rehearsed> =>
      rehearse({
        ...{ ...given, content, ceilings: ceilingsOf(content) },
        progress(share) {
          if (givenUp) throw new Error('nobody waits for it any more')
          tell({ kind: 'progress', share: begins + (ends - begins) * share })
        },
      })
    const { rehearsal, failures } = await play(saved ?? live, 0, isChanged ? 0.5 : 1)
    const before = isChanged ? await play(live, 0.5, 1) : undefined
    const found = saved && (before ? differencesOf(before.rehearsal, rehearsal) : [])
    return {
      pages: { zh: pageOf(rehearsal, 'zh'), en: pageOf(rehearsal, 'en') },
      differences: found?.map((one) => ({ ...one, slot: one.slot?.toISOString() ?? null })) ?? null,
      failures: [...failures],
    }
  } finally {
    await db.close()
  }
}

async function run(order: RehearsalOrder): Promise<void> {
  try {
    tell({ kind: 'played', played: await perform(order) })
  } catch (error) {
    const code = error instanceof ZhangguiError ? error.code : 'failed'
    tell({ kind: 'failed', usage: error instanceof UsageError, code, message: reasonOf(error) })
  }
  if (process.connected) process.disconnect()
}

// The bot goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
process.on('disconnect', () => void (givenUp = true))
process.on('message', (asked: RehearsalAsked) => {
  if (asked.kind === 'cancel') givenUp = true
  else void run(asked.order)
})
