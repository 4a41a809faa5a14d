/** The one place where rehearsals are played: one at a time, kept until the next, dropped when nobody looks any more. */
import { reasonOf, UsageError } from '../../../kernel/errors.ts'
import type { RehearsalLine, RehearsalWish } from '../../campaigns-api.ts'
import { Refused } from '../refused.ts'
import type { CampaignsHouse } from './house.ts'
import type { RehearsalPlayed } from './lent.ts'

/** A page asks every second, and one in the background at least once a minute. */
const patienceMs = 150_000
const lookEveryMs = 10_000

type Ending = { played: RehearsalPlayed } | { failed: string | null } | { cancelled: true }
type Playing = {
  id: string
  by: string
  wish: RehearsalWish
  share: number
  lookedAt: Date
  abort: AbortController
  ending: Ending | undefined
  ended: Promise<void>
}

export type Stage = {
  /** Throws 409 `rehearsal-busy` while somebody else's plays; her own is ended for it. */
  begin(wish: RehearsalWish, by: string): Promise<RehearsalLine>
  /** Undefined for what is kept no more. */
  look(id: string): RehearsalLine | undefined
  page(id: string, lang: 'zh' | 'en'): string | undefined
  cancel(id: string): void
  /** Resolves once nothing plays any more. */
  close(): Promise<void>
}

export function openStage({ clock, ids, log, lent }: Pick<CampaignsHouse, 'clock' | 'ids' | 'log' | 'lent'>): Stage {
  let current: Playing | undefined

  async function begin(wish: RehearsalWish, by: string): Promise<RehearsalLine> {
    while (current && current.ending === undefined) {
      if (current.by !== by && !current.abort.signal.aborted) throw busy()
      current.abort.abort()
      await current.ended
    }
    const playing: Playing = {
      ...{ id: ids.fresh(), by, wish, share: 0, lookedAt: clock.now(), abort: new AbortController() },
      ...{ ending: undefined, ended: Promise.resolve() },
    }
    current = playing
    playing.ended = play(playing)
    watch(playing)
    return lineOf(playing)
  }

  async function play(playing: Playing): Promise<void> {
    const { signal } = playing.abort
    const progress = (share: number): void => void (playing.share = Math.max(playing.share, Math.min(1, share)))
    try {
      const played = await lent.rehearse(playing.wish, { progress, signal })
      playing.ending = signal.aborted ? { cancelled: true } : { played }
    } catch (error) {
      if (signal.aborted) playing.ending = { cancelled: true }
      else if (error instanceof UsageError) playing.ending = { failed: error.message }
      else {
        log.error({ err: error }, 'a rehearsal failed')
        playing.ending = { failed: null }
      }
    }
  }

  function watch(playing: Playing): void {
    clock.after(lookEveryMs, () => {
      if (playing.ending !== undefined) return
      if (clock.now().getTime() - playing.lookedAt.getTime() > patienceMs) playing.abort.abort()
      else watch(playing)
    })
  }

  const known = (id: string): Playing | undefined => (current?.id === id ? current : undefined)
  return {
    begin,
    look(id) {
      const playing = known(id)
      if (!playing) return undefined
      playing.lookedAt = clock.now()
      return lineOf(playing)
    },
    page(id, lang) {
      const ending = known(id)?.ending
      return ending && 'played' in ending ? ending.played.pages[lang] : undefined
    },
    cancel(id) {
      const playing = known(id)
      if (playing && playing.ending === undefined) playing.abort.abort()
    },
    async close() {
      current?.abort.abort()
      await current?.ended.catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'a rehearsal did not end'))
    },
  }
}

function lineOf({ id, wish, share, ending, abort }: Playing): RehearsalLine {
  if (!ending) return abort.signal.aborted ? { id, wish, state: 'cancelled' } : { id, wish, state: 'playing', share }
  if ('cancelled' in ending) return { id, wish, state: 'cancelled' }
  if ('failed' in ending) return { id, wish, state: 'failed', message: ending.failed }
  const { differences, failures } = ending.played
  return { id, wish, state: 'done', differences, failures }
}

function busy(): Refused {
  const message = 'Somebody else rehearses now. Wait until it is over.'
  return new Refused({ status: 409, error: 'rehearsal-busy', message })
}
