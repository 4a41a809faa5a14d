/** Clicks: each has a key of its own and is repeated with it until the server has said what became of it. */
import type { Act, ActAnswer, CaseLine } from '../../api.ts'
import { noticeOver } from './cache.ts'
import { ApiFailure, post } from './client.ts'

export const freshKey = (): string => crypto.randomUUID()
const pausesMs = [500, 1_000, 2_000, 4_000, 8_000, 8_000]
const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms))

export type Outcome = { done: CaseLine } | { refused: { kind: string; who: string } } | { slow: true }

/** Throws an ApiFailure when it is certain that nothing more will come of it by itself. */
export async function act(number: number, key: string, what: Act): Promise<Outcome> {
  return repeat(() => post<ActAnswer>(`/api/cases/${number}/acts`, { key, act: what }))
}

export async function openByHand(customerId: string, key: string, note: string): Promise<Outcome> {
  return repeat(() => post<ActAnswer>('/api/cases', { key, customerId, note }))
}

async function repeat(ask: () => Promise<ActAnswer>): Promise<Outcome> {
  for (const ms of [...pausesMs, undefined]) {
    try {
      const answer = await ask()
      if ('done' in answer) return { done: answer.line }
      if ('refused' in answer) return { refused: answer.refused }
      if (ms === undefined) return { slow: true }
    } catch (error) {
      noticeOver(error)
      if (ms === undefined || !(error instanceof ApiFailure) || !error.passes) throw error
    }
    await pause(ms)
  }
  return { slow: true }
}
