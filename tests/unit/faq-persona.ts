/** Personas for tests: the brand's own page, and small ones; a content folder around them. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { checkContent, createRegistry, loadFolder } from '../../src/content/index.ts'
import { personaKind, personaOf } from '../../src/domains/faq/persona/index.ts'
import { Persona } from '../../src/domains/faq/persona/schema.ts'
import { groupRules } from '../../src/domains/members/index.ts'
import { tagsKind } from '../../src/domains/tags/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { folderWith } from '../support/content-files.ts'

export const registry = createRegistry([{ name: 'test', kinds: [personaKind, groupRules, tagsKind] }])

const tags =
  'dimensions: [{ id: consumption, title: 消费力, kind: byHand, values: [{ id: 高消费 }, { id: 未消费 }] }]\n'
export const brandPage = await readFile(fileURLToPath(new URL('../../content/persona.md', import.meta.url)), 'utf8')

export const filesWith = (files: Record<string, string>): Record<string, string> => ({
  'settings.yaml': 'brand: { name: 青屿 }\n',
  'tags.yaml': tags,
  ...files,
})

export async function contentOf(files: Record<string, string>): Promise<Content> {
  const { content, findings } = await loadFolder(await folderWith(filesWith(files)), registry)
  if (!content) throw new Error(JSON.stringify(findings))
  return content
}

/** Findings as «severity line: message». */
export async function findingsOf(files: Record<string, string>): Promise<string[]> {
  const findings = await checkContent(await folderWith(filesWith(files)), registry)
  return findings.map(({ severity, line, message }) => `${severity} ${line}: ${message}`)
}

/** The example brand's persona, with the content that it stands in. */
export async function brand(): Promise<{ content: Content; persona: Persona }> {
  const content = await contentOf({ 'persona.md': brandPage })
  const persona = personaOf(content, null)
  if (!persona) throw new Error('the brand has no persona')
  return { content, persona }
}

export function personaWith(fields: Partial<z.input<typeof Persona>> = {}): Persona {
  return Persona.parse({ id: 'test', name: '小屿', character: '安静、踏实。', ...fields })
}
