/** What changes between two rehearsals of the same days: what is live, and what is saved. */
import type { Difference, Rehearsal, RunShown } from '../../desk/rehearsal/schema.ts'
import { minuteIn } from '../../kernel/zone.ts'

const keyOf = ({ campaign, slot }: RunShown): string => `${campaign} ${slot.toISOString()}`

/** Runs that are new, gone or come to something else, and journeys that do; the earliest first. */
export function differencesOf(before: Rehearsal, after: Rehearsal): Difference[] {
  const old = new Map(before.runs.map((run) => [keyOf(run), run]))
  const fresh = new Map(after.runs.map((run) => [keyOf(run), run]))
  const runs = [...new Map([...old, ...fresh])].flatMap(([key, { campaign, title, slot }]): Difference[] => {
    const [was, is] = [old.get(key), fresh.get(key)]
    const [sentBefore, sentAfter] = [was?.outcomes['sent'] ?? 0, is?.outcomes['sent'] ?? 0]
    if (was?.state === is?.state && was?.audience === is?.audience && sentBefore === sentAfter) return []
    const what = !was ? 'new' : !is ? 'gone' : 'changed'
    return [{ kind: 'drop', id: campaign, title, slot, what, before: sentBefore, after: sentAfter }]
  })
  const ids = [...new Set([...before.journeys, ...after.journeys].map(({ id }) => id))]
  const journeys = ids.flatMap((id): Difference[] => {
    const [was, is] = [before, after].map(({ journeys }) => journeys.find((one) => one.id === id))
    if (was?.sent === is?.sent && was?.entered === is?.entered) return []
    const what = !was ? 'new' : !is ? 'gone' : 'changed'
    const title = is?.title ?? was?.title ?? id
    return [{ kind: 'journey', id, title, slot: null, what, before: was?.sent ?? 0, after: is?.sent ?? 0 }]
  })
  const at = ({ slot }: Difference): number => slot?.getTime() ?? Number.POSITIVE_INFINITY
  return [...runs, ...journeys].sort((one, other) => at(one) - at(other) || (one.id < other.id ? -1 : 1))
}

export function differenceLines(differences: readonly Difference[], zone: string): string[] {
  if (differences.length === 0) return ['Nothing changes in these days.']
  const sign = { new: '+', gone: '-', changed: '~' }
  return differences.map(({ what, title, slot, before, after }) => {
    const when = slot ? minuteIn(zone, slot) : 'journey         '
    return `${sign[what]} ${when}  ${title}  ${what === 'changed' ? `${before} → ${after} sent` : `${what === 'new' ? after : before} sent`}`
  })
}
