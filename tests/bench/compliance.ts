/**
 * What the gate costs for 1 MB of copy, cold as in `check`: messages of a brand with one bad sentence in ten, for groups
 * and customers at once, so that every check has its turn. Processor time of this thread, as other work does not count.
 */
import { effortOf } from '../support/effort.ts'
import { exampleGate, text } from '../unit/campaigns-compliance-content.ts'
import { bad, harmless } from '../unit/campaigns-compliance-copy.ts'
import type { Row } from './row.ts'

const size = 2 ** 20
const bar = 200

export async function measure(): Promise<Row[]> {
  const gate = await exampleGate()
  const pieces = messages().map(text)
  const context = { purpose: 'marketing', to: 'both', brand: '青屿', hasOptOut: true } as const
  const value = effortOf(() => gate(pieces, context))
  return [{ name: 'compliance of 1 MB of copy', value, unit: 'ms', bar: `<= ${bar} ms`, ok: value <= bar }]
}

/** Messages of three sentences, 1 MB of UTF-8 together. */
function messages(): string[] {
  const list: string[] = []
  for (let bytes = 0, i = 0; bytes < size; i += 1) {
    const sentences = [0, 1, 2].map((j) => sentence(i * 3 + j))
    const message = sentences.join('\n')
    list.push(message)
    bytes += Buffer.byteLength(message)
  }
  return list
}

function sentence(i: number): string {
  const wrong = i % 10 === 0 ? bad[i % bad.length]?.[0] : undefined
  return wrong ?? harmless[i % harmless.length] ?? ''
}
