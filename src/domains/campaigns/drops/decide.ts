/** Which variant somebody gets, and when within the window: fixed by hashes, the same whoever asks and whenever. */
import { hash } from 'node:crypto'

/** What decides the variants of a campaign: percents are of those who get something, holdout of all. */
export type Split = { id: string; variants: readonly { id: string; percent: number }[]; holdout: number }

/**
 * The variant of a target (a person's id, or a group's thread), null for the holdout.
 *
 * Everybody draws a number for each variant, scaled by its percent, and the best draw wins. So a variant that is new or
 * larger takes targets over from the others, one that is gone or smaller gives them up, and nobody moves between two whose
 * percents keep their proportion. Who is in the holdout is drawn apart: another holdout moves nobody between variants.
 */
export function variantOf({ id, variants, holdout }: Split, target: string): string | null {
  if (holdout > 0 && draw('holdout', id, target) < holdout / 100) return null
  if (variants.length === 1) return variants[0]!.id
  let best: string | null = null
  let least = Infinity
  for (const variant of variants) {
    if (variant.percent <= 0) continue
    // Of exponential draws with these rates, each is the smallest as often as its rate says.
    const score = -Math.log(draw('variant', id, target, variant.id)) / variant.percent
    if (score >= least) continue
    best = variant.id
    least = score
  }
  return best
}

/** When a target is due: evenly spread over `spread` milliseconds from the slot on. Another slot spreads otherwise. */
export function dueOf(slot: Date, spread: number, target: string): Date {
  if (spread <= 0) return slot
  return new Date(slot.getTime() + Math.floor(draw('due', slot.toISOString(), target) * spread))
}

/** A number above 0 and below 1 that these words always give, and each such number as often as any other. */
function draw(...words: string[]): number {
  const digits = hash('sha256', words.join('\n'), 'hex').slice(0, 13)
  return (Number.parseInt(digits, 16) + 0.5) / 2 ** 52
}
