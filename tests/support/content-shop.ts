/** A small shop's content for the tests of content itself: a list, pages, a single file, settings and replies. */
import { z } from 'zod'
import { createRegistry } from '../../src/content/index.ts'
import { contentKind, settingsSection } from '../../src/kernel/content.ts'
import { Duration } from '../../src/kernel/duration.ts'

export const entries = contentKind({
  name: 'faq',
  title: 'FAQ entries',
  sources: [
    { form: 'list', glob: 'faq/*.yaml' },
    { form: 'page', glob: 'faq/*.md', bodyAs: 'answer' },
  ],
  schema: z.strictObject({
    id: z.string().min(1),
    questions: z.array(z.string().min(1)).min(1).describe('How customers ask it'),
    answer: z.string().min(1).describe('What is sent'),
    tags: z.array(z.string()).default([]),
    groups: z.array(z.string()).default([]),
    validUntil: z.iso.date().optional(),
  }),
  unique: 'id',
  references: ({ groups }) => groups.map((id, index) => ({ at: ['groups', index], kind: 'groups', id })),
  media: ({ answer }) => [...answer.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => ({ at: ['answer'], path })),
  templates: ({ answer }) => [{ at: ['answer'], text: answer, placeholders: ['customer'] }],
  review(items, tell) {
    for (const item of items) {
      item.data.tags.forEach((tag, index) => {
        if (tag === 'todo') tell(item, ['tags', index], { severity: 'warning', message: 'not done', expected: 'Do it' })
      })
    }
  },
  skeleton: (id) => ({ path: `faq/${id}.yaml`, text: `- id: ${id}\n  questions:\n    - ${id}\n  answer: ${id}\n` }),
})

export const groups = contentKind({
  name: 'groups',
  title: 'the groups of groups.yaml',
  sources: [{ form: 'single', path: 'groups.yaml', optional: true }],
  schema: z.strictObject({
    groups: z
      .array(z.strictObject({ id: z.string(), answer: z.enum(['mention', 'off']).default('mention') }))
      .default([]),
  }),
  ids: (data) => data.groups.map(({ id }, index) => ({ at: ['groups', index, 'id'], id })),
})

export const pace = settingsSection({
  name: 'pace',
  title: 'How fast we speak',
  schema: z.strictObject({
    wait: Duration.prefault('1s').describe('Between two messages'),
    perMinute: z.int().min(1).max(100).default(40),
    between: z.tuple([Duration, Duration]).optional(),
  }),
})

export const shop = createRegistry([
  {
    name: 'shop',
    kinds: [entries, groups],
    settings: [pace],
    replies: {
      'shop.hello': { title: 'Greets', placeholders: ['customer'] },
      'shop.bye': { title: 'Says goodbye', placeholders: [] },
    },
  },
])

/** A folder in order; tests change a file of it. */
export const good: Record<string, string> = {
  'settings.yaml': 'brand:\n  name: 青屿\n',
  'replies.yaml': 'shop:\n  hello: 你好 {{ customer }}\n  bye: 再见\n',
  'groups.yaml': 'groups:\n  - id: vip\n',
  'faq/use.md': '---\nid: use\nquestions:\n  - 怎么用\n---\n\n早晚各一次。\n',
  'faq/more.yaml': '- id: price\n  questions: [多少钱]\n  answer: 看主页\n',
}
