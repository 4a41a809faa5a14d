/** How many people have which score. */

/** `averageAmount` in the shop's currency. */
export type ScoreGroup = { score: number; people: number; averageFrequency: number; averageAmount: number }

/** Counts rows of the plain form while they pass; `list` gives the groups, best first. */
export function groupScores(): {
  add(row: { score: number; orders: number; cents: bigint }): void
  list(): ScoreGroup[]
} {
  const groups = new Map<number, { people: number; orders: number; cents: bigint }>()
  return {
    add({ score, orders, cents }) {
      let group = groups.get(score)
      if (!group) groups.set(score, (group = { people: 0, orders: 0, cents: 0n }))
      group.people += 1
      group.orders += orders
      group.cents += cents
    },
    list: () =>
      [...groups]
        .map(([score, { people, orders, cents }]) => ({
          score,
          people,
          averageFrequency: orders / people,
          averageAmount: Number(cents / BigInt(people)) / 100,
        }))
        .sort((a, b) => b.score - a.score),
  }
}
