/** What may be wrong with journeys beyond their form. */
import type { ContentKind, Pointer, Told } from '../../../kernel/content.ts'
import { accountProblem, privacySettings } from '../../members/index.ts'
import { type Gate, gateOf, reviewCopies } from '../compliance/index.ts'
import { fieldProblemsIn, parseMessages, type Placeholders, wordsIn } from '../messages/index.ts'
import type { Journey, Step } from './schema.ts'
import { allSteps, sendsIn, startsIn } from './steps.ts'

type Tell = (at: Pointer, told: Told) => void

/** What the journeys tell by themselves. */
export const reviewAlone: NonNullable<ContentKind<Journey>['review']> = (items, tell) => {
  const circles = circlesIn(items.map(({ data }) => data))
  const started = new Set(items.flatMap(({ data }) => startsIn(data)))
  const drafts = new Set(items.flatMap(({ data }) => (data.draft ? [data.id] : [])))
  for (const item of items) {
    const { steps, id, triggers } = item.data
    const here: Tell = (at, told) => tell(item, at, told)
    for (const { text, at } of sendsIn(steps))
      for (const problem of parseMessages(text).problems) here(at, { severity: 'error', ...problem })
    reviewSteps(item.data, drafts, here)
    if (triggers.length === 0 && !started.has(id)) {
      const expected = 'A `trigger`, or another journey with `start` and its id'
      here([], { severity: 'error', message: 'nothing begins it', expected })
    }
    const circle = circles.get(id)
    if (!circle) continue
    const message = `it starts itself again: ${circle.join(' → ')}`
    here(['steps'], { severity: 'error', message, expected: 'journeys that lead on, and never back' })
  }
}

function reviewSteps({ id, steps }: Journey, drafts: ReadonlySet<string>, tell: Tell): void {
  const ids = new Set<string>()
  for (const { step, at } of allSteps(steps)) {
    if (ids.has(step.id)) {
      const message = `two steps are called ${step.id}`
      tell(at, { severity: 'error', message, expected: 'a name of its own for each step' })
    }
    ids.add(step.id)
    if (step.kind === 'stop' && step.journey === id) {
      const message = 'a journey does not stop itself'
      tell([...at, 'stop'], { severity: 'error', message, expected: '`end: true`, or another journey' })
    }
    if (step.kind === 'start' && drafts.has(step.journey)) {
      const message = `nobody enters ${step.journey}: it is a draft`
      tell([...at, 'start'], { severity: 'warning', message, expected: '`draft: false` there, or no such step' })
    }
  }
  for (const at of afterEnds(steps)) {
    const message = 'nobody comes here: the journey has ended before'
    tell(at, { severity: 'warning', message, expected: '«end» as the last step' })
  }
}

/** What the journeys and other content tell together. */
export function reviewAcross(
  placeholders: Placeholders,
  ...[items, others, tell, settings]: Parameters<NonNullable<ContentKind<Journey>['reviewAcross']>>
): void {
  const gate = gateOf(others)
  const topics = settings(privacySettings)?.topics.map(({ id }) => id)
  for (const item of items) {
    const { steps, topic, account } = item.data
    const strange = account === undefined ? undefined : accountProblem(account, others)
    if (strange) tell(item, ['account'], strange)
    for (const [at, told] of wordsReviewed(item.data, gate)) tell(item, at, told)
    for (const { text, at } of sendsIn(steps)) {
      for (const problem of fieldProblemsIn(text, placeholders, others))
        tell(item, at, { severity: 'error', ...problem })
    }
    if (topic === undefined || !topics || topics.includes(topic)) continue
    const expected =
      topics.length > 0 ? `One of ${topics.join(', ')}` : 'A topic under privacy.topics of settings.yaml first'
    tell(item, ['topic'], { severity: 'error', message: `"${topic}" is no topic that readers may choose`, expected })
  }
}

/** What its messages say; the first of marketing on each way tells who writes and how to have no more of it. */
function wordsReviewed({ steps, purpose }: Journey, gate: Gate): [Pointer, Told][] {
  const firsts = firstSends(steps).found
  return allSteps(steps).flatMap(({ step, at }) => {
    if (step.kind !== 'send') return []
    const copies = wordsIn(step.text).map((one) => ({ text: one.text, offset: one.index }))
    const setting = { purpose, direct: true, group: false, complete: firsts.has(step) }
    return reviewCopies(gate, copies, setting).map(({ severity, message, expected, index }): [Pointer, Told] => [
      [...at, 'send'],
      { severity, message, expected, index },
    ])
  })
}

/** Sends before which somebody may have got nothing; `open`: whether she may come to the end of the steps without any. */
function firstSends(steps: readonly Step[]): { found: Set<Step>; open: boolean } {
  const found = new Set<Step>()
  for (const step of steps) {
    if (step.kind === 'end') return { found, open: false }
    if (step.kind === 'send') return { found: found.add(step), open: false }
    if (step.kind !== 'branch') continue
    const ways = [...step.cases.map((one) => firstSends(one.steps)), firstSends(step.otherwise)]
    for (const way of ways) for (const one of way.found) found.add(one)
    if (ways.every(({ open }) => !open)) return { found, open: false }
  }
  return { found, open: true }
}

/** Steps that stand behind an `end` of the same list. */
function afterEnds(steps: readonly Step[], at: Pointer = ['steps']): Pointer[] {
  const end = steps.findIndex(({ kind }) => kind === 'end')
  const lost: Pointer[] = end >= 0 && end < steps.length - 1 ? [[...at, end + 1]] : []
  return steps.reduce<Pointer[]>((found, step, i) => {
    if (step.kind !== 'branch') return found
    const cases = step.cases.flatMap((one, j) => afterEnds(one.steps, [...at, i, 'branch', j, 'steps']))
    return [...found, ...cases, ...afterEnds(step.otherwise, [...at, i, 'else'])]
  }, lost)
}

/** For each journey that starts itself again by way of others: the way. */
function circlesIn(journeys: readonly Journey[]): Map<string, string[]> {
  const starts = new Map(journeys.map((journey) => [journey.id, startsIn(journey)]))
  const way = (from: string, to: string, seen: readonly string[]): string[] | undefined => {
    for (const next of starts.get(from) ?? []) {
      if (next === to) return [...seen, to]
      if (seen.includes(next)) continue
      const found = way(next, to, [...seen, next])
      if (found) return found
    }
    return undefined
  }
  return new Map(
    journeys.flatMap(({ id }) => {
      const found = way(id, id, [id])
      return found ? [[id, found] as const] : []
    }),
  )
}
