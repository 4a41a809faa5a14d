/** What an event of the stream does to the queue. Pure. */
import type { CaseLine, Queue } from '../../api.ts'

/** The line in its new state; without it when she may read it no longer and cannot take it either. */
export function patchQueue(queue: Queue, line: CaseLine, me: string): Queue {
  const others = queue.cases.filter(({ id }) => id !== line.id)
  const lets = line.readable || line.state === 'waiting' || line.offeredTo === me
  return { ...queue, cases: lets ? [...others, line].sort(inOrder) : others }
}

/** As the server has them: what is urgent first, then what has waited longest; closed ones last, the latest first. */
function inOrder(a: CaseLine, b: CaseLine): number {
  if (a.closedAt !== null && b.closedAt !== null) return a.closedAt < b.closedAt ? 1 : -1
  if (a.closedAt !== null || b.closedAt !== null) return a.closedAt === null ? -1 : 1
  return b.urgency - a.urgency || (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.number - b.number)
}
