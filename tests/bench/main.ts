/**
 * `npm run bench`: every figure that the project promises, measured side by side in one run.
 *
 *     npm run bench [-- --only GROUP[,GROUP]] [--full] [--json FILE]
 *
 * Exits 1 when a bar is missed.
 */
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Group, Row } from './row.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, full: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean' } },
})

const groups: Group[] = [
  { name: 'wire', measure: async (say) => (await import('./wire.ts')).measure(say) },
  { name: 'faq', measure: async () => (await import('./faq.ts')).bench() },
  { name: 'answers', measure: async (say) => (await import('./answers.ts')).measure(say) },
  { name: 'desk', measure: async (say) => (await import('./desk.ts')).measure(say) },
  { name: 'compliance', measure: async () => (await import('./compliance.ts')).measure() },
  { name: 'import', full: true, measure: async (say) => (await import('./import.ts')).measure(say) },
  { name: 'speech', measure: async () => (await import('./speech.ts')).measure() },
  { name: 'start', measure: async (say) => (await import('./start.ts')).measure(say) },
  { name: 'segments', full: true, measure: async (say) => (await import('./segments.ts')).measure(say) },
  { name: 'memory', full: true, measure: async (say) => (await import('./memory.ts')).measure(say) },
  { name: 'campaigns', full: true, measure: async (say) => (await import('./campaigns.ts')).measure(say) },
  { name: 'campaign-wire', full: true, measure: async (say) => (await import('./campaign-wire.ts')).measure(say) },
  { name: 'rehearsal', full: true, measure: async (say) => (await import('./rehearsal.ts')).measure(say) },
  { name: 'tagging', full: true, measure: async (say) => (await import('./tagging.ts')).measure(say) },
]

if (values.help) {
  process.stdout.write(`Groups: ${groups.map(({ name, full }) => name + (full ? ' (with --full)' : '')).join(', ')}\n`)
  process.exit(0)
}
const only = values.only?.split(',')
const unknown = only?.filter((name) => !groups.some((group) => group.name === name)) ?? []
if (unknown.length > 0) {
  process.stderr.write(
    `There is no group ${unknown.join(', ')}; there is ${groups.map(({ name }) => name).join(', ')}.\n`,
  )
  process.exit(2)
}

const rows: Row[] = []
for (const group of groups) {
  if (only ? !only.includes(group.name) : group.full && !values.full) continue
  process.stderr.write(`${group.name} …\n`)
  rows.push(...(await group.measure((progress) => process.stderr.write(`  ${progress}\n`))))
}
print(rows)
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exit(rows.every(({ ok }) => ok) ? 0 : 1)

function print(measured: Row[]): void {
  const cpu = cpus()
  process.stdout.write(
    `${cpu.length} × ${cpu[0]?.model.trim() ?? 'cpu'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}\n\n`,
  )
  const cells = measured.map((row) => [
    row.name,
    `${Number(row.value.toPrecision(4))} ${row.unit}`,
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    row.bar ?? '',
    row.ok ? 'ok' : 'MISSED',
  ])
  const table = [['figure', 'value', 'ratio', 'bar', ''], ...cells]
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)))
  for (const row of table)
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    )
}
