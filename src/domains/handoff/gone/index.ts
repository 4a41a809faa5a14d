/**
 * A customer who cannot be reached any more: she has deleted the bot, or blocks it. The platform tells us of no such
 * thing; what it does is to refuse what we send her. So the first line of a case that is refused says it, and the next
 * word of hers, or of her adviser's, takes it back: a text can be refused for itself, too.
 */
import type { Effect } from '../../../kernel/effect.ts'
import { resolve } from '../cases/decide.ts'
import type { CaseFile } from '../cases/index.ts'
import { goneKey } from '../clock/decide.ts'
import type { Seat } from '../roster/index.ts'
import { customerOf, type On, tellAdviser } from '../talk/index.ts'

/** Keys of what cases say to their customers, as delivery names them when it did not go. */
const ours = 'outbox:handoff-'

/**
 * What follows when delivery asks for a case because a line of a case itself did not go; undefined where it is about
 * something else. There may be no open case any more: then nobody needs one for that.
 */
export async function hearUnsent(
  file: CaseFile,
  { key, reason, isNew }: { key: string; reason: string; isNew: boolean },
  seats: () => Promise<Seat[]>,
  on: On,
): Promise<Effect[] | undefined> {
  if (!key.startsWith(ours)) return undefined
  const refused = reason === 'refused-reply'
  if (isNew) {
    file.take(resolve(file.now(), 'house', refused ? 'gone' : 'unsent', on.work.now))
    return []
  }
  return refused ? markGone(file, seats, on) : undefined
}

/** The platform takes nothing for her any more: her adviser hears it once, and the clock of the case rests. */
export async function markGone(file: CaseFile, seats: () => Promise<Seat[]>, on: On): Promise<Effect[]> {
  const now = file.now()
  if (now.state === 'closed' || now.told.has(goneKey)) return []
  file.note({ kind: 'gone' })
  file.set({ told: new Map([...now.told, [goneKey, on.work.now]]) })
  const who = now.owner ?? now.offeredTo
  const seat = (await seats()).find(({ adviser }) => adviser.id === who)
  const { name } = await customerOf(now, on)
  const text = on.content.reply('handoff.gone', { number: now.number, name })
  return tellAdviser(seat?.place ?? null, `handoff-gone:${now.id}:${on.work.now.toISOString()}`, text, on)
}

/** She is there again, or somebody tries again. */
export function stillThere(file: CaseFile): void {
  const { told } = file.now()
  if (told.has(goneKey)) file.set({ told: new Map([...told].filter(([key]) => key !== goneKey)) })
}
