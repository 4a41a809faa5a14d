/** The groups of the queue. Pure. */
import type { CaseLine, Me, SeatLine } from '../../../api.ts'

export type GroupName = 'offered' | 'mine' | 'waiting' | 'others' | 'closed'
export type Group = { name: GroupName; cases: CaseLine[] }

/** What waits for her comes first, then what is hers. Those of colleagues only a manager sees. Empty ones are left out. */
export function groupsOf(cases: readonly CaseLine[], me: Pick<Me, 'id' | 'role'>): Group[] {
  const groups: Record<GroupName, CaseLine[]> = { offered: [], mine: [], waiting: [], others: [], closed: [] }
  for (const line of cases) groups[groupOf(line, me)].push(line)
  return Object.entries(groups)
    .map(([name, lines]) => ({ name: name as GroupName, cases: lines }))
    .filter((group) => group.cases.length > 0)
}

function groupOf(line: CaseLine, me: Pick<Me, 'id' | 'role'>): GroupName {
  if (line.state === 'closed') return 'closed'
  if (line.state === 'owned') return line.owner === me.id ? 'mine' : 'others'
  if (line.state === 'offered' && line.offeredTo === me.id) return 'offered'
  return 'waiting'
}

/** What she has to look at, for the title of the page. */
export function unreadOf(cases: readonly CaseLine[], me: Pick<Me, 'id'>): number {
  return cases
    .filter(({ state, owner, offeredTo }) =>
      state === 'owned' ? owner === me.id : state === 'offered' && offeredTo === me.id,
    )
    .reduce((sum, { state, unread }) => sum + (state === 'offered' ? Math.max(unread, 1) : unread), 0)
}

/** Names of advisers by id, for lines that hold only the id. */
export function nameOf(team: readonly SeatLine[], id: string | null): string {
  return team.find((seat) => seat.id === id)?.name ?? id ?? ''
}
