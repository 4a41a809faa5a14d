/** Live content that holds FAQ entries and nothing else, for tests and benches of the slice. */
import { z } from 'zod'
import { FaqEntry, faqKind, faqSettings } from '../../src/domains/faq/schema.ts'
import { groupRules } from '../../src/domains/members/index.ts'
import type { Content, ContentKind, SettingsSection } from '../../src/kernel/content.ts'

type Given = {
  entries?: z.input<typeof FaqEntry>[]
  settings?: z.input<typeof faqSettings.schema>
  groups?: z.input<typeof groupRules.schema>
  media?: Record<string, string>
}

/** Replies read as their key and values: `faq.unknown {}`. */
export function contentWith({ entries = [], settings = {}, groups = {}, media = {} }: Given): Content {
  const items = entries.map((entry) => ({ data: FaqEntry.parse(entry), file: 'faq/test.yaml', at: [] }))
  return {
    version: 'test',
    zone: 'Asia/Shanghai',
    items: <T>(kind: ContentKind<T>) => (kind.name === faqKind.name ? (items as never) : []),
    one: <T>(kind: ContentKind<T>) => kind.schema.parse(kind.name === groupRules.name ? groups : {}),
    settings: <T>(section: SettingsSection<T>) =>
      section.schema.parse(section.name === faqSettings.name ? settings : {}),
    reply: (key, values = {}) => `${key} ${JSON.stringify(values)}`,
    render: (text, values = {}) => `${text} ${JSON.stringify(values)}`,
    mediaId: (path) => media[path],
  }
}
