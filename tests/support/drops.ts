/** Content with campaigns, for tests of what they say: the slices as they are, with goals of a test's own. */
import { z } from 'zod'
import { importKind } from '../../src/app/import/schema.ts'
import { lent, slices } from '../../src/app/slices.ts'
import { createRegistry, loadFolder, type Registry } from '../../src/content/index.ts'
import { deskSettings } from '../../src/desk/server/settings.ts'
import { dropsKind, type Goals } from '../../src/domains/campaigns/drops/index.ts'
import type { Placeholders } from '../../src/domains/campaigns/messages/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { goalKind } from '../../src/kernel/slice.ts'
import { folderWith, type Files } from './content-files.ts'

const goals: Goals = {
  order: goalKind({
    title: 'An order',
    schema: z.strictObject({ category: z.string().optional() }),
    reached: () => '',
  }),
  reply: goalKind({ title: 'A reply', schema: z.strictObject({}), reached: () => '' }),
}

export const lentPlaceholders: Placeholders = Object.assign({}, ...slices.map((slice) => slice.placeholders ?? {}))

const campaigns = slices.find(({ name }) => name === 'campaigns')!
const ours = dropsKind({ goals: { ...lent.goals, ...goals }, placeholders: lentPlaceholders })

export const withCampaigns: Registry = createRegistry([
  ...slices.filter(({ name }) => name !== 'campaigns'),
  { name: 'import', kinds: [importKind] },
  { name: 'desk', settings: [deskSettings] },
  { ...campaigns, kinds: (campaigns.kinds ?? []).map((kind) => (kind.name === ours.name ? ours : kind)) },
])

/** A small shop in which drops find what they name. */
const shop: Files = {
  'settings.yaml': 'brand: { name: 青屿 }\nprivacy: { topics: [{ id: 护肤, words: [护肤] }] }\n',
  'tags.yaml': `dimensions:
  - { id: interest, kind: byHand, several: true, values: [{ id: 护肤, saidAs: 护肤 }, { id: 香水, saidAs: 香水香氛 }, { id: 挑剔 }] }
  - { id: consumption, kind: byHand, values: [{ id: 高消费, saidAs: 老朋友 }, { id: 低消费 }] }
  - { id: mood, kind: byHand, values: [{ id: 生气 }] }
  - { id: region, kind: region, shown: true }
  - { id: skin, kind: byHand, sensitive: true, values: [{ id: 敏感肌, saidAs: 敏感肌 }] }
`,
  'segments.yaml': 'segments:\n  - { id: big-sale, title: 大促, rule: { active: { within: 60d } } }\n',
  'groups.yaml': 'groups:\n  - { id: vip, title: VIP, match: { topics: [青屿*] } }\n',
  'media/box.png': new Uint8Array([1, 2, 3]),
}

/** What the shop's replies, persona and the like lack is no matter here: findings of the campaigns' files alone. */
export async function findingsOfDrops(files: Files): Promise<string[]> {
  const { findings } = await loadFolder(await folderWith({ ...shop, ...files }), withCampaigns)
  return findings
    .filter(({ file }) => file.startsWith('campaigns/'))
    .map(({ severity, line, column, message, expected }) => `${severity} ${line}:${column} ${message} → ${expected}`)
}

/** The small shop's content with these files. */
export async function contentOfDrops(files: Files = {}): Promise<Content> {
  const folder = await folderWith({ ...shop, ...files })
  const { content, findings } = await loadFolder(folder, withCampaigns, {
    tolerates: ({ file, severity }) => severity === 'warning' || !file.startsWith('campaigns/'),
  })
  if (!content) throw new Error(JSON.stringify(findings.filter(({ file }) => file.startsWith('campaigns/'))))
  return content
}

/** A drop's file: these keys over what every drop must have, and this body. */
export function dropFile(keys: Record<string, string> = {}, body = '青屿小屿：你好'): string {
  const all = { id: 'hello', title: '问候', when: '{ at: 2026-12-10 20:00 }', to: '{ segment: big-sale }', ...keys }
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`)
  return `---\n${lines.join('\n')}\n---\n\n${body}\n`
}
