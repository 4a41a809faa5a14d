/** The example brand's entries, guards and persona as they stand in content/. */
import { fileURLToPath } from 'node:url'
import { loadFolder } from '../../src/content/load.ts'
import { createRegistry } from '../../src/content/registry.ts'
import { guardsKind } from '../../src/domains/faq/guards/index.ts'
import { personaKind } from '../../src/domains/faq/persona/index.ts'
import { entriesOf, type FaqEntry, faqKind, faqSettings } from '../../src/domains/faq/schema.ts'
import { groupRules } from '../../src/domains/members/index.ts'
import type { Content } from '../../src/kernel/content.ts'

const folder = fileURLToPath(new URL('../../content', import.meta.url))

/** Other slices' files are of no interest here; whatever is wrong with them is told of in their tests. */
export async function exampleContent(): Promise<Content> {
  const kinds = [faqKind, guardsKind, personaKind, groupRules]
  const registry = createRegistry([{ name: 'faq', kinds, settings: [faqSettings] }])
  const { content, findings } = await loadFolder(folder, registry, { tolerates: ({ file }) => file !== 'guards.yaml' })
  if (!content)
    throw new Error(
      findings
        .filter(({ file }) => file === 'guards.yaml')
        .map((f) => `${f.line}: ${f.message} (${f.expected})`)
        .join('\n'),
    )
  return content
}

export function entryOf(content: Content, id: string): FaqEntry {
  const entry = entriesOf(content).find((one) => one.id === id)
  if (!entry) throw new Error(`content/faq has no entry «${id}»`)
  return entry
}
