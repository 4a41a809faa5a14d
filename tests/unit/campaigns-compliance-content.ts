/** The gate of the example brand, from content/ as it stands, and ways to ask it. */
import { fileURLToPath } from 'node:url'
import { loadFolder } from '../../src/content/load.ts'
import { createRegistry } from '../../src/content/registry.ts'
import {
  type Complaint,
  complianceBrandKind,
  complianceKind,
  type Context,
  type Gate,
  gateOf,
  type Piece,
} from '../../src/domains/campaigns/compliance/index.ts'
import type { Content } from '../../src/kernel/content.ts'

const folder = fileURLToPath(new URL('../../content', import.meta.url))
const ours = 'compliance/'

/** Other slices' files are of no interest here; whatever is wrong with them is told of in their tests. */
export async function complianceContent(): Promise<Content> {
  const registry = createRegistry([{ name: 'campaigns', kinds: [complianceKind, complianceBrandKind] }])
  const { content, findings } = await loadFolder(folder, registry, { tolerates: ({ file }) => !file.startsWith(ours) })
  const wrong = findings.filter(({ file }) => file.startsWith(ours))
  if (!content || wrong.length > 0)
    throw new Error(wrong.map((f) => `${f.file}:${f.line}: ${f.message} (${f.expected})`).join('\n'))
  return content
}

export async function exampleGate(): Promise<Gate> {
  const { items } = await complianceContent()
  return gateOf(items)
}

export const text = (words: string): Piece => ({ text: words, at: [], kind: 'text' })
export const service: Context = { purpose: 'service', to: 'direct' }
export const marketing: Context = { purpose: 'marketing', to: 'direct', brand: '青屿' }
export const group: Context = { purpose: 'marketing', to: 'group', brand: '青屿' }

export const wordsOf = (words: string, { index, length }: Complaint): string => words.slice(index, index + length)
