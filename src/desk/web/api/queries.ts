/** What pages read, by its key in the cache. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { CaseDetail, Found, Me, Queue, Timeline, Words } from '../../api.ts'
import { syncClock } from '../live/server-clock.ts'
import { get } from './client.ts'

export const keys = {
  me: ['me'] as const,
  queue: ['queue'] as const,
  words: ['words'] as const,
  case: (number: number) => ['case', number] as const,
  search: (words: string) => ['search', words] as const,
  timeline: (customer: string) => ['timeline', customer] as const,
}

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: () => get<Me>('/api/me') })

export const useQueue = () =>
  useQuery({
    queryKey: keys.queue,
    queryFn: async () => {
      const queue = await get<Queue>('/api/queue')
      syncClock(queue.now)
      return queue
    },
  })

export const useWords = () => useQuery({ queryKey: keys.words, queryFn: () => get<Words>('/api/words') })

export const useCase = (number: number, readable: boolean) =>
  useQuery({
    queryKey: keys.case(number),
    queryFn: () => get<CaseDetail>(`/api/cases/${number}`),
    enabled: readable,
    // A case in the cache may have been missed by the stream while it was not open.
    refetchOnMount: 'always',
  })

export const useSearch = (words: string) =>
  useQuery({
    queryKey: keys.search(words),
    queryFn: () => get<Found>(`/api/search?q=${encodeURIComponent(words)}`),
    enabled: words !== '',
    staleTime: 0,
    gcTime: 0,
  })

export const useTimeline = (customer: string, shown: boolean) =>
  useInfiniteQuery({
    queryKey: keys.timeline(customer),
    queryFn: ({ pageParam }) => {
      const before = pageParam === '' ? '' : `?before=${encodeURIComponent(pageParam)}`
      return get<Timeline>(`/api/customers/${customer}/timeline${before}`)
    },
    initialPageParam: '',
    getNextPageParam: (page: Timeline) => page.earlier,
    enabled: shown,
    staleTime: 0,
  })
