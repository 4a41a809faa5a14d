/** Reports of runs as lines for people and as CSV for spreadsheets. */
import type { RunReport, VariantReport } from '../domains/campaigns/index.ts'
import { minuteIn } from '../kernel/zone.ts'

export function linesOf(report: RunReport, zone: string): string[] {
  const { run, title, variants, cohorts } = report
  const state = [run.state, run.reason].filter(Boolean).join(': ')
  return [
    `${title} (${run.campaign}), ${minuteIn(zone, run.slot)}, ${state}, ${run.audience} recipients`,
    ...variants.flatMap((variant) => variantLines(variant).map((line) => `  ${line}`)),
    ...cohorts.map(({ segment, recipients, sent }) => `  of ${segment}: ${recipients} recipients, ${sent} got it`),
    '',
  ]
}

function variantLines(one: VariantReport): string[] {
  const name = one.variant === null ? 'holdout' : `variant ${one.variant}`
  const reached = one.goal && `${one.goal.count} of ${one.goal.of} reached the goal: ${shares(one.goal)}`
  const lifted =
    one.lift && `${points(one.lift.points)} over the holdout (${points(one.lift.low)} to ${points(one.lift.high)})`
  if (one.variant === null)
    return [`${name}: ${one.recipients} who got nothing on purpose`, ...(reached ? [`  ${reached}`] : [])]
  const counts = [
    `${one.sent} sent`,
    one.unknown > 0 && `${one.unknown} unknown`,
    one.waiting > 0 && `${one.waiting} wait${reasons(one.deferred)}`,
    sum(one.notSent) > 0 && `${sum(one.notSent)} not sent${reasons(one.notSent)}`,
  ].filter((text) => text !== false)
  const did = `${one.replied} replied, ${one.clicked} followed a link, ${one.optedOut} opted out`
  return [
    `${name}: ${counts.join(', ')}`,
    `  ${did}`,
    ...(reached ? [`  ${reached}`] : []),
    ...(lifted ? [`  ${lifted}`] : []),
  ]
}

function reasons(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([reason, count]) => `${reason} ${count}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const points = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} points`

function shares({ of, count, low, high }: NonNullable<VariantReport['goal']>): string {
  return of === 0 ? 'nobody to count' : `${percent(count / of)} (${percent(low)} to ${percent(high)})`
}

const columns = [
  ...['campaign', 'run', 'slot', 'state', 'variant', 'recipients', 'sent', 'unknown', 'waiting', 'deferred'],
  ...['not sent', 'reasons', 'replied', 'clicked', 'opted out', 'goal of', 'goal reached', 'goal low', 'goal high'],
  ...['lift', 'lift low', 'lift high'],
] as const

/** One line for each variant of each run; instants in UTC, shares as numbers from 0 to 1. */
export function csvOf(reports: readonly RunReport[]): string {
  const lines = reports.flatMap(({ run, variants }) =>
    variants.map((one) => [
      ...[run.campaign, run.id, run.slot.toISOString(), run.state, one.variant ?? 'holdout', one.recipients, one.sent],
      ...[one.unknown, one.waiting, sum(one.deferred), sum(one.notSent), reasons(one.notSent).trim()],
      ...[one.replied, one.clicked, one.optedOut, one.goal?.of ?? '', one.goal?.count ?? '', one.goal?.low ?? ''],
      ...[one.goal?.high ?? '', one.lift?.points ?? '', one.lift?.low ?? '', one.lift?.high ?? ''],
    ]),
  )
  return [columns, ...lines].map((cells) => cells.map(cellOf).join(',')).join('\r\n')
}

/** Quoted where it must be; what a spreadsheet would take for a formula is text. */
function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
