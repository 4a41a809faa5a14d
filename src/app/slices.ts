/** The slices, and what must hold of them before anything starts. */
import * as delivery from '../delivery/index.ts'
import * as campaigns from '../domains/campaigns/index.ts'
import * as faq from '../domains/faq/index.ts'
import * as handoff from '../domains/handoff/index.ts'
import * as members from '../domains/members/index.ts'
import * as orders from '../domains/orders/index.ts'
import * as segments from '../domains/segments/index.ts'
import * as tags from '../domains/tags/index.ts'
import type { Effect } from '../kernel/effect.ts'
import { ZhangguiError } from '../kernel/errors.ts'
import type { Slice } from '../kernel/slice.ts'
import * as fetching from '../media/fetching/index.ts'
import * as retention from './retention/index.ts'

const others: readonly Slice[] = [
  members.slice,
  members.privacy.slice,
  orders.slice,
  tags.slice,
  delivery.slice,
  fetching.slice,
  retention.slice,
]

/**
 * These come last: what answers may be filled with, what segments may ask, and what cases show of a customer is what all the
 * others register.
 */
const handing = handoff.handoffSlice([...others, { facts: faq.facts }])
const answering = faq.faqSlice([...others, handing])
const lending = [...others, answering, handing]
/** What campaigns may begin with, do, aim at, and say of each reader. */
export const lent = campaigns.campaignsLent(lending)
const most = [...lending, campaigns.campaignsSlice(lent)]
export const slices: readonly Slice[] = [...most, segments.segmentsSlice(most)]

/** Effects that a slice must apply; scheduling is the kernel's own. */
const applied = [
  'SendMessage',
  'RecallMessage',
  'CancelSend',
  'HoldSends',
  'ReleaseSends',
  'StopSends',
  'FetchMedia',
  'OpenCase',
  'OpenTask',
  'AskQuestion',
  'CloseQuestion',
  'YieldThread',
  'AddTag',
  'RemoveTag',
  'ProposeTag',
  'DraftEntry',
  'RecordInteraction',
  'DraftReplies',
  'KeepDrafts',
  'Announce',
] as const satisfies Exclude<Effect['kind'], 'ScheduleEvent'>[]

/**
 * Throws `slices` when an effect has no applier or two, an event name two owners, or a slice does not say how it keeps
 * a customer's rights (law 14).
 */
export function assertSlices(given: readonly Slice[]): void {
  const wrong: string[] = []
  for (const kind of applied) {
    const owners = given.filter((slice) => slice.applies?.[kind]).map(({ name }) => name)
    if (owners.length !== 1) wrong.push(`${kind} is applied by ${owners.join(' and ') || 'nobody'}`)
  }
  for (const [thing, of] of [
    ['event', (slice: Slice) => Object.keys(slice.events ?? {})],
    ['reply', (slice: Slice) => Object.keys(slice.replies ?? {})],
    ['settings section', (slice: Slice) => (slice.settings ?? []).map(({ name }) => name)],
  ] as const) {
    const owners = new Map<string, string>()
    for (const slice of given) {
      for (const name of of(slice)) {
        const other = owners.get(name)
        if (other) wrong.push(`the ${thing} «${name}» belongs to ${other} and to ${slice.name}`)
        owners.set(name, slice.name)
      }
    }
  }
  for (const { name, rights } of given) {
    if (rights === 'none') continue
    for (const right of ['onMerge', 'onUnlink', 'forget', 'exportOf'] as const) {
      if (typeof rights[right] !== 'function') wrong.push(`${name} does not export ${right}`)
    }
  }
  if (wrong.length > 0)
    throw new ZhangguiError({ code: 'slices', message: `The slices do not fit together: ${wrong.join('; ')}.` })
}
