/** What advisers write to the bot in WeChat; the words stand in content/handoff.yaml. */
import { z } from 'zod'
import { usualWords } from './vocabulary.ts'

const names = [
  'accept',
  'decline',
  'transfer',
  'resolve',
  'note',
  'draft',
  'list',
  'recall',
  'resend',
  'away',
  'back',
  'take',
  'escalate',
  'keep',
] as const
export type CommandName = (typeof names)[number]

const Words = z
  .array(z.string().trim().min(1).max(8).regex(/^\S+$/u, 'one word without spaces'))
  .min(1, 'at least one word for it')

/** A command that content says nothing of has its usual words. */
const each = Object.fromEntries(names.map((name) => [name, Words.prefault(usualWords[name])])) as Record<
  CommandName,
  z.ZodPrefault<typeof Words>
>

/** The words of each command. One word means one thing. */
export const CommandWords = z
  .strictObject(each)
  .superRefine((words, context) => {
    const first = new Map<string, string>()
    for (const name of names) {
      for (const [index, word] of words[name].entries()) {
        const other = first.get(word)
        if (other === undefined) first.set(word, name)
        else {
          const message = `«${word}» means ${other} already: a word of its own for each command`
          context.addIssue({ code: 'custom', path: [name, index], message })
        }
      }
    }
  })
  .describe('What advisers write in WeChat for each command')
export type CommandWords = z.output<typeof CommandWords>

/**
 * What an adviser wrote. `number`: the case that she names, in the text or by what she quotes; null where she names none.
 * say: for the customer, word for word. choose: the case itself, and nothing else: what she writes next is for its customer.
 */
export type Command =
  | { kind: 'accept'; number: number | null }
  | { kind: 'decline'; number: number | null }
  | { kind: 'recall'; number: number | null }
  | { kind: 'resend'; number: number | null }
  /** A manager takes it from whoever has it. */
  | { kind: 'take'; number: number }
  | { kind: 'escalate'; number: number | null; note: string }
  /** The last question and its answer, as a draft for the FAQ. */
  | { kind: 'keep'; number: number | null }
  | { kind: 'transfer'; number: number | null; to: string; note: string }
  | { kind: 'resolve'; number: number | null; code: string | null }
  | { kind: 'note'; number: number | null; text: string }
  /** draft: from 1; null to see them again. */
  | { kind: 'draft'; number: number | null; draft: number | null }
  | { kind: 'list' | 'away' | 'back' }
  | { kind: 'choose'; number: number }
  /** isDoubtful: it may be for another case than her words are for just now. */
  | { kind: 'say'; number: number | null; text: string; isDoubtful?: true }
  /** A command that cannot be carried out as it stands; nothing of it may reach a customer. */
  | { kind: 'unclear'; command: CommandName; why: 'whom' | 'what' | 'which' | 'code' }

/** Those that are about one case. */
export type OnCase = Exclude<Command, { kind: 'list' | 'away' | 'back' | 'choose' | 'unclear' }>
