/** Which account speaks where, when the one that did is gone. */

/** An account as its row tells, and for how long. */
export type AccountNow = {
  name: string
  state: string
  heartbeatAt: Date | null
  connectedAt: Date | null
  deafSince: Date | null
}

/** A group, the account that speaks there, and the accounts of ours that are in it. */
export type SpokenIn = { groupId: string; speaker: string; inside: readonly string[] }

export type Move = { groupId: string; from: string; to: string }

/**
 * Whether an account has been without a connection for longer than `failoverMs`. A process that was killed leaves
 * `connected` behind, but no heartbeat; one that is deaf may still have a heartbeat.
 */
export function isGone(account: AccountNow | undefined, now: Date, failoverMs: number): boolean {
  // Another user is logged in: a human must act before this account says anything again.
  if (!account || account.state === 'swapped') return true
  const since = (at: Date | null): number => (at ? now.getTime() - at.getTime() : Number.POSITIVE_INFINITY)
  if (account.deafSince && since(account.deafSince) > failoverMs) return true
  if (account.state === 'connected') return since(account.heartbeatAt ?? account.connectedAt) > failoverMs
  // Not connected: its last sign of life counts, the beginning of the silence where we know it.
  return since(account.deafSince ?? account.heartbeatAt ?? account.connectedAt) > failoverMs
}

/** Whether an account can take over at this moment. */
function canSpeak(account: AccountNow | undefined, now: Date, failoverMs: number): boolean {
  return account?.state === 'connected' && account.deafSince === null && !isGone(account, now, failoverMs)
}

/**
 * The groups whose speaker is gone, or is no longer in them, with the first account in `order` that is there and
 * connected. A group without such an account keeps its speaker: nobody else could answer.
 */
export function chooseSpeakers(
  groups: readonly SpokenIn[],
  accounts: readonly AccountNow[],
  { now, failoverMs, order }: { now: Date; failoverMs: number; order: readonly string[] },
): Move[] {
  const byName = new Map(accounts.map((account) => [account.name, account]))
  const able = order.filter((name) => canSpeak(byName.get(name), now, failoverMs))
  return groups.flatMap(({ groupId, speaker, inside }) => {
    if (inside.includes(speaker) && !isGone(byName.get(speaker), now, failoverMs)) return []
    const to = able.find((name) => name !== speaker && inside.includes(name))
    return to === undefined ? [] : [{ groupId, from: speaker, to }]
  })
}
