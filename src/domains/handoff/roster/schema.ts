/** content/advisers.yaml: who takes cases, for what and when. */
import { z } from 'zod'
import { type Content, contentKind, type Item } from '../../../kernel/content.ts'
import { UsageError } from '../../../kernel/errors.ts'
import { DaysWritten, ShiftWritten } from '../hours/schema.ts'

const list = z.array(z.string().trim().min(1)).default([])

export const Adviser = z.strictObject({
  id: z
    .string()
    .max(32)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters and digits joined by hyphens: lin-yue')
    .describe('Name in cases and reports; it never changes'),
  name: z.string().trim().min(1).max(16).describe('What customers and colleagues call her'),
  role: z
    .enum(['adviser', 'manager'])
    .default('adviser')
    .describe('manager: sees all cases, and is asked when nobody takes one'),
  skills: list.describe('What she knows about; reasons of cases name them in handoff.yaml'),
  regions: list.describe('Values of the region tag that she knows; [] for all alike'),
  levels: list.describe('Values of the level tag that she looks after; [] for all alike'),
  groups: list.describe('Ids of groups.yaml that she looks after; [] for all alike'),
  shifts: z.array(ShiftWritten).default([]).describe('When she is on duty; none: never by herself, only by hand'),
  daysOff: z.array(DaysWritten).default([]).describe('Days on which she is not'),
  capacity: z.int().min(1).max(100).default(8).describe('So many open cases at once'),
  disabled: z.boolean().default(false).describe('true: she has left; signed out at once, and gets nothing any more'),
})
export type Adviser = z.output<typeof Adviser>

export const advisersKind = contentKind<Adviser>({
  name: 'advisers',
  title: 'Advisers',
  sources: [{ form: 'list', glob: 'advisers.yaml' }],
  schema: Adviser,
  unique: 'id',
  references: ({ groups }) => groups.map((id, index) => ({ at: ['groups', index], kind: 'groups', id })),
  review(items, tell) {
    tellNamesakes(items, tell)
    const active = items.filter(({ data }) => !data.disabled)
    const [first] = active
    if (first && active.every(({ data }) => data.role !== 'manager')) {
      tell(first, [], {
        severity: 'warning',
        message: 'nobody is a manager: a case that no adviser takes has nobody to go to',
        expected: 'role: manager with one of them',
      })
    }
  },
})

type Tell = Parameters<NonNullable<typeof advisersKind.review>>[1]

/** Colleagues write names when they hand a case over («转 林悦»): two of one name would be a guess. */
function tellNamesakes(items: Item<Adviser>[], tell: Tell): void {
  const first = new Map<string, string>()
  for (const item of items) {
    if (item.data.disabled) continue
    const other = first.get(item.data.name)
    first.set(item.data.name, other ?? item.data.id)
    if (other === undefined) continue
    tell(item, ['name'], {
      severity: 'error',
      message: `${other} is called «${item.data.name}» too`,
      expected: 'a name of her own for each: cases are handed over by name',
    })
  }
}

const rosters = new WeakMap<Content, ReadonlyMap<string, Adviser>>()

/** Whoever has not left, by id. */
export function rosterOf(content: Content): ReadonlyMap<string, Adviser> {
  const known = rosters.get(content)
  if (known) return known
  const active = content.items(advisersKind).filter(({ data }) => !data.disabled)
  const roster = new Map(active.map(({ data }) => [data.id, data]))
  rosters.set(content, roster)
  return roster
}

/** Of the roster, by id or by name, for whoever works at the command line. Throws a UsageError that says who there is. */
export function adviserOf(content: Content, asked: string): Adviser {
  const roster = rosterOf(content)
  const known = roster.get(asked) ?? [...roster.values()].find(({ name }) => name === asked)
  if (known) return known
  const there = roster.size > 0 ? `There are: ${[...roster.keys()].join(', ')}.` : 'advisers.yaml names nobody.'
  throw new UsageError({ code: 'unknown-adviser', message: `No adviser has the id «${asked}». ${there}` })
}
