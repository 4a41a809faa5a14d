/** The queries' one cache, and the place where a session that is over is noticed. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiFailure } from './client.ts'

let onOver = (): void => {}

/** Called once the server says that nobody is signed in. */
export function whenOver(then: () => void): void {
  onOver = then
}

/** For whoever asks without the cache: the same look at what failed. */
export function noticeOver(error: unknown): void {
  if (error instanceof ApiFailure && error.status === 401) onOver()
}

export const cache = new QueryClient({
  queryCache: new QueryCache({ onError: noticeOver }),
  mutationCache: new MutationCache({ onError: noticeOver }),
  defaultOptions: {
    queries: {
      retry: (count, error) => error instanceof ApiFailure && error.passes && count < 5,
      // The stream says what changes; without it everything is read again when it is back.
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
    },
  },
})
