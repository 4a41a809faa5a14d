/** The stream of what happens: it patches what is in the cache and reads again what it cannot patch. */
import { useEffect, useState } from 'react'
import type { CaseDetail, LiveEvent, Me, Queue } from '../../api.ts'
import { cache, noticeOver } from '../api/cache.ts'
import { ApiFailure, get } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import { patchQueue } from './patch.ts'

/** A shorter break is nobody's business. */
const tellAfterMs = 3_000
const comeBackMs = 2_000

/** `cursor` is that of the first reading of the queue. Returns whether the line has been down for a while. */
export function useLive(me: Me, cursor: string | undefined): { down: boolean } {
  const [down, setDown] = useState(false)
  const ready = cursor !== undefined
  useEffect(() => {
    if (!ready) return
    const stream = openStream(me, cache.getQueryData<Queue>(keys.queue)?.cursor ?? '', setDown)
    return () => stream.close()
  }, [me, ready])
  return { down }
}

function openStream(me: Me, cursor: string, tellDown: (down: boolean) => void): { close(): void } {
  let place = cursor
  let source: EventSource
  let broken = false
  let closed = false
  let soon: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined

  const connect = (): void => {
    source = new EventSource(`/api/events?after=${encodeURIComponent(place)}`)
    source.onmessage = (message: MessageEvent<string>) => {
      if (message.lastEventId !== '') place = message.lastEventId
      take(JSON.parse(message.data) as LiveEvent)
    }
    source.onerror = () => {
      if (closed) return
      broken = true
      soon ??= setTimeout(() => tellDown(true), tellAfterMs)
      // The browser comes back by itself unless it was answered no.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(() => void comeBack(), comeBackMs)
    }
  }

  async function comeBack(): Promise<void> {
    try {
      await get<Me>('/api/me')
    } catch (error) {
      noticeOver(error)
      if (error instanceof ApiFailure && error.status === 401) return
    }
    if (!closed) connect()
  }

  function take(event: LiveEvent): void {
    if (broken) {
      broken = false
      clearTimeout(soon)
      soon = undefined
      tellDown(false)
      readAgain()
    }
    if (event.kind === 'case') takeCase(event, me)
    if (event.kind === 'team') {
      cache.setQueryData<Queue>(keys.queue, (queue) => queue && { ...queue, team: event.team })
    }
    if (event.kind === 'reset') readAgain()
    if (event.kind === 'over') noticeOver(new ApiFailure(401, { error: 'signed-out', message: 'The session ended.' }))
  }

  connect()
  return {
    close() {
      closed = true
      clearTimeout(soon)
      clearTimeout(again)
      source.close()
    },
  }
}

function takeCase({ line, entries }: Extract<LiveEvent, { kind: 'case' }>, me: Me): void {
  cache.setQueryData<Queue>(keys.queue, (queue) => queue && patchQueue(queue, line, me.id))
  const key = keys.case(line.number)
  if (!line.readable) {
    cache.removeQueries({ queryKey: key })
    return
  }
  cache.setQueryData<CaseDetail>(key, (detail) => detail && { ...detail, line })
  if (entries.length > 0) void cache.invalidateQueries({ queryKey: key })
}

function readAgain(): void {
  void cache.invalidateQueries({ queryKey: keys.queue })
  void cache.invalidateQueries({ queryKey: ['case'] })
}
