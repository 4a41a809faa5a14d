/** The compliance gate over a megabyte of copy, cold as in `check`: what is compiled by then is compiled by itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import { createGate, reviewCopies } from '../../src/domains/campaigns/compliance/decide.ts'
import { complianceBrandKind, complianceKind } from '../../src/domains/campaigns/compliance/index.ts'
import type { Row } from './row.ts'

const megabyte = 2 ** 20
const bar = 200

export async function measure(): Promise<Row[]> {
  const { content } = await loadFolder('content', registry)
  if (!content) throw new Error('content/ has errors; see npm run content')
  const gate = createGate(
    content.items(complianceKind).map(({ data }) => data),
    content.one(complianceBrandKind),
  )
  const folder = 'content/campaigns'
  const texts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
  const copies: { text: string; offset: number }[] = []
  for (let bytes = 0; bytes < megabyte; ) {
    for (const text of texts) {
      copies.push({ text, offset: 0 })
      bytes += Buffer.byteLength(text)
    }
  }
  const started = performance.now()
  reviewCopies(gate, copies, { purpose: 'marketing', direct: true, group: true, complete: false })
  const ms = performance.now() - started
  return [{ name: 'compliance of 1 MB of copy', value: ms, unit: 'ms', bar: `<= ${bar}`, ok: ms <= bar }]
}
