/** Clicks that say nothing to the customer: done at the server, told here, and the case read again. */
import { App } from 'antd'
import { useCallback, useState } from 'react'
import type { Act, CaseDetail, CaseLine, Me, Queue } from '../../api.ts'
import { act, freshKey, type Outcome } from '../api/acts.ts'
import { cache } from '../api/cache.ts'
import { whyOf } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import { patchQueue } from '../live/patch.ts'
import type { Key } from '../locale/speak.ts'
import { useSpeech } from '../locale/index.tsx'
import { refusalWords } from './refusals.ts'

export type Acts = {
  busy: boolean
  /** Whether it was done. `told`: what to say then; nothing when it shows by itself. */
  run: (number: number, what: Act, told?: Key) => Promise<boolean>
  /** The same for any other click. */
  finish: (ask: () => Promise<Outcome>, told?: Key) => Promise<boolean>
}

export function useActs(me: Pick<Me, 'id'>): Acts {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)

  const finish = useCallback(
    async (ask: () => Promise<Outcome>, told?: Key): Promise<boolean> => {
      setBusy(true)
      try {
        const outcome = await ask()
        if ('refused' in outcome) {
          void message.warning(t(...refusalWords(outcome.refused)))
          void cache.invalidateQueries({ queryKey: keys.queue })
          return false
        }
        if ('slow' in outcome) void message.info(t('case.slow'))
        else if (told) void message.success(t(told))
        if ('done' in outcome) take(outcome.done, me)
        return true
      } catch (error) {
        void message.error(t(...whyOf(error)))
        return false
      } finally {
        setBusy(false)
      }
    },
    [me, message, t],
  )
  const run = useCallback(
    (number: number, what: Act, told?: Key) => {
      const key = freshKey()
      return finish(() => act(number, key, what), told)
    },
    [finish],
  )
  return { busy, run, finish }
}

function take(line: CaseLine, me: Pick<Me, 'id'>): void {
  cache.setQueryData<Queue>(keys.queue, (queue) => queue && patchQueue(queue, line, me.id))
  cache.setQueryData<CaseDetail>(keys.case(line.number), (detail) => detail && { ...detail, line })
  void cache.invalidateQueries({ queryKey: keys.case(line.number) })
}
