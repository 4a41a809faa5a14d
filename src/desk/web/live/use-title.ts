/** The title of the page says how much waits for her, and a case that comes is told. */
import { useEffect, useRef } from 'react'
import type { Me, Queue } from '../../api.ts'
import { unreadOf } from '../inbox/queue/groups.ts'
import { useSpeech } from '../locale/index.tsx'
import { announce } from './announce.tsx'

export function useTitle(me: Me, queue: Queue | undefined): void {
  const { t } = useSpeech()
  const unread = queue ? unreadOf(queue.cases, me) : 0
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t('app.name')}` : t('app.name')
  }, [unread, t])
  useEffect(() => {
    if (!queue) return
    const before = known.current
    known.current = new Set(queue.cases.map(({ id }) => id))
    const fresh = before && queue.cases.find(({ id, state }) => !before.has(id) && state !== 'closed')
    if (fresh) announce(t('live.newCase', { reason: fresh.reason.title }))
  }, [queue, t])
}
