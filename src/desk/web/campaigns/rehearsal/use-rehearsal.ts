/** One rehearsal: begun, looked at while it plays, and ended when she leaves the page. */
import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useEffect, useState } from 'react'
import type { RehearsalLine, RehearsalWish } from '../../../campaigns-api.ts'
import { noticeOver } from '../../api/cache.ts'
import { get, post, postLast, whyOf } from '../../api/client.ts'
import { useSpeech } from '../../locale/index.tsx'

const lookEveryMs = 1_000

export type Rehearsing = {
  line: RehearsalLine | undefined
  error: unknown
  busy: boolean
  begin: (wish: RehearsalWish) => Promise<void>
  cancel: () => void
}

export function useRehearsal(): Rehearsing {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [id, setId] = useState<string | null>(null)
  const [beginning, setBeginning] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['rehearsal', id],
    queryFn: () => get<RehearsalLine>(`/api/rehearsals/${id}`),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'playing' ? lookEveryMs : false),
    // One for which nobody asks is dropped, and she may be looking at something else meanwhile.
    refetchIntervalInBackground: true,
    gcTime: 0,
  })
  const line = id === null ? undefined : data

  useEffect(() => {
    if (id === null) return
    const leave = (): void => postLast(`/api/rehearsals/${id}/cancel`)
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [id])

  async function begin(wish: RehearsalWish): Promise<void> {
    setBeginning(true)
    try {
      setId((await post<RehearsalLine>('/api/rehearsals', wish)).id)
    } catch (failure) {
      noticeOver(failure)
      void message.error(t(...whyOf(failure)))
    } finally {
      setBeginning(false)
    }
  }

  function cancel(): void {
    if (id !== null) post<undefined>(`/api/rehearsals/${id}/cancel`, {}).then(() => void refetch(), noticeOver)
  }

  return { line, error, busy: beginning || line?.state === 'playing', begin, cancel }
}
