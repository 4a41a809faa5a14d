/** Evaluations as a community manager writes them: short dialogues, and what must come of them. */
import { z } from 'zod'
import { type ContentKind, contentKind, type Item } from '../../../kernel/content.ts'
import { Duration } from '../../../kernel/duration.ts'
import { OrderFixture } from './orders.ts'
import { Mood } from '../answers/schema.ts'
import { faqKind } from '../schema.ts'

/** What a case is about; results are counted by it. */
export const EvalKind = z.enum([
  'plain',
  'paraphrase',
  'typo',
  'slang',
  'multi',
  'traditional',
  'english',
  'unanswerable',
  'angry',
  'injected',
  'price',
  'noise',
  'context',
  'order',
  'medical',
  'courtesy',
  'fault',
])
export type EvalKind = z.infer<typeof EvalKind>

/**
 * What became of a turn. `voiced`: in the model's words, fresh or from before (met by `verbatim` where no model is
 * asked). `silent`: nothing was said to anybody. The others are as in an exchange.
 */
export const EvalDecision = z.enum([
  'voiced',
  'verbatim',
  'fact',
  'offered',
  'unknown',
  'refused',
  'handed',
  'courtesy',
  'silent',
])
export type EvalDecision = z.infer<typeof EvalDecision>

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)])
/** A text, or several of which one is enough. */
const Words = oneOrMore(z.string().trim().min(1))

export const Expectation = z.strictObject({
  entry: z.string().optional().describe('The entry that must be said or cited'),
  entries: z.array(z.string()).min(1).optional().describe('Entries that must all be said or cited'),
  notEntries: z.array(z.string()).min(1).optional().describe('Entries of which none may be said or cited'),
  decision: oneOrMore(EvalDecision).optional().describe('What must become of it; of several, one'),
  mustSay: z.array(Words).optional().describe('Each of these must be said; of a list within the list, one is enough'),
  mustNotSay: z.array(z.string().trim().min(1)).optional().describe('None of these may be said'),
  groupMustNotSay: z
    .array(z.string().trim().min(1))
    .optional()
    .describe('None of these may be said in the group; a direct message may'),
  orOffered: z
    .boolean()
    .optional()
    .describe('true: it is enough when the entry is offered to choose from; what must be said is not looked at then'),
  mood: oneOrMore(Mood).optional().describe('The mood that must be heard in it; looked at only where a model is asked'),
  handoff: z
    .union([z.boolean(), z.string().min(1)])
    .optional()
    .describe('true: a case for a human must be opened; false: none may be; a word: one with this reason'),
})
export type Expectation = z.output<typeof Expectation>

const Turn = z.strictObject({
  says: oneOrMore(z.string().min(1)).describe(
    'What is said; a list is a burst: one message after the other, a second apart',
  ),
  quoted: z.string().min(1).optional().describe('The message that it quotes'),
  from: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Somebody else: a name of your choice, `staff` for a colleague, `phone` for one who types on the bot’s own phone',
    ),
  mention: z.boolean().optional().describe('Whether this turn names the bot; else as the case says'),
  after: Duration.optional().describe('How long after the turn before; a quarter of a minute if left out'),
  expect: Expectation.optional(),
})
export type EvalTurn = z.output<typeof Turn>

export const EvalCase = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: typo-invoice')
    .describe('Stays the same for the life of the case: the baseline and recordings point at it'),
  title: z.string().min(1).optional().describe('What it is about, for people'),
  kind: EvalKind.describe('What it is about; results are counted by it'),
  at: z.iso
    .datetime({ offset: true })
    .default('2026-11-24T15:00:00+08:00')
    .describe('When it begins: the same every time, so that results stay the same'),
  in: z
    .string()
    .min(1)
    .default('direct')
    .describe('`direct` for a direct message, else the id of a rule of groups.yaml'),
  mention: z.boolean().default(true).describe('In a group: whether turns name the bot'),
  orders: z.array(OrderFixture).default([]).describe('Orders of hers'),
  turns: z.array(Turn).min(1).max(20).describe('What is said, one turn after the other'),
})
export type EvalCase = z.output<typeof EvalCase>

/** What somebody can be in a turn beside the one whom the case is about. */
export const staffName = 'staff'
export const phoneName = 'phone'

/** Every entry that the expectations of a case name as one that must be said. */
export function entriesCovered({ turns }: EvalCase): string[] {
  return turns.flatMap(({ expect }) => [...(expect?.entry ? [expect.entry] : []), ...(expect?.entries ?? [])])
}

export const evalsKind = contentKind<EvalCase>({
  name: 'evals',
  title: 'Evaluation cases',
  sources: [{ form: 'list', glob: 'evals/*.yaml' }],
  schema: EvalCase,
  unique: 'id',
  references: (one) => [
    ...(one.in === 'direct' ? [] : [{ at: ['in'], kind: 'groups', id: one.in }]),
    ...one.turns.flatMap(({ expect }, turn) => referencesOf(expect, ['turns', turn, 'expect'])),
  ],
  reviewAcross(items, others, tell) {
    for (const item of items) {
      if (item.data.turns.some(({ expect }) => expect !== undefined && Object.keys(expect).length > 0)) continue
      tell(item, ['id'], {
        severity: 'error',
        message: `the case «${item.data.id}» expects nothing`,
        expected: 'At least one turn with `expect`; `decision: silent` says that nothing may be said',
      })
    }
    if (items.length > 0) tellUncovered(items, others(faqKind), tell)
  },
})

type Reference = { at: (string | number)[]; kind: string; id: string }

function referencesOf(expect: Expectation | undefined, at: (string | number)[]): Reference[] {
  if (!expect) return []
  const lists = (['entries', 'notEntries'] as const).flatMap((key) =>
    (expect[key] ?? []).map((id, i): Reference => ({ at: [...at, key, i], kind: 'faq', id })),
  )
  return expect.entry === undefined ? lists : [{ at: [...at, 'entry'], kind: 'faq', id: expect.entry }, ...lists]
}

type Tell = Parameters<NonNullable<ContentKind<EvalCase>['reviewAcross']>>[2]

/** One warning for a file, at the first of its entries that no case asks for. Drafts are not answered yet. */
function tellUncovered(
  cases: readonly Item<EvalCase>[],
  entries: readonly Item<{ id: string; draft: boolean }>[],
  tell: Tell,
): void {
  const covered = new Set(cases.flatMap(({ data }) => entriesCovered(data)))
  const byFile = new Map<string, Item<{ id: string }>[]>()
  for (const entry of entries) {
    if (entry.data.draft || covered.has(entry.data.id)) continue
    byFile.set(entry.file, [...(byFile.get(entry.file) ?? []), entry])
  }
  for (const uncovered of byFile.values()) {
    const [first] = uncovered
    if (!first) continue
    const ids = uncovered.map(({ data }) => data.id)
    tell(first, ['id'], {
      severity: 'warning',
      message: `no evaluation case covers ${ids.join(', ')}`,
      expected: 'A case in evals/*.yaml that expects each of them: nobody notices otherwise when it is no longer found',
    })
  }
}
