/**
 * Regular expressions that people write in content. They run on an engine whose time grows with the text alone (RE2):
 * no pattern can hold up the house, however it was written.
 */
import { RE2JS, RE2JSException } from 're2js'
import { z } from 'zod'
import { simplified } from './spelling.ts'

/** `test`: whether it is found anywhere in a text, which comes in plain spelling (kernel/spelling.ts). */
export type Pattern = { source: string; test(text: string): boolean }

/** A longer one is no pattern that a person still reads. */
const longest = 500
/** Repetitions within repetitions multiply; more states than this cost megabytes. */
const mostStates = 2_000

/**
 * The compiled pattern, or what is wrong with it. Look-around and back references have no linear time and are refused.
 * Whoever writes it need not think of spelling: it is found in whatever way customers write the same.
 */
export function compilePattern(source: string): Pattern | { problem: string } {
  try {
    const compiled = RE2JS.compile(plainly(source), RE2JS.CASE_INSENSITIVE)
    if (compiled.programSize() > mostStates) return { problem: 'its repetitions multiply into too many states' }
    return { source, test: (text) => compiled.test(text) }
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message }
    throw error
  }
}

/** The pattern in the spelling of the texts. A full-width mark stands for itself: «？» is no quantifier. */
function plainly(source: string): string {
  const narrow = source.replace(/[\uff01-\uff5e]/gu, (wide) => wide.normalize('NFKC').replace(/[^\p{L}\p{N}]/u, '\\$&'))
  return simplified(narrow)
}

export function isPattern(compiled: Pattern | { problem: string }): compiled is Pattern {
  return 'test' in compiled
}

/** A pattern as a field of content: what cannot be compiled is a finding. */
export const PatternSource = z
  .string()
  .min(1)
  .max(longest)
  .superRefine((source, context) => {
    const compiled = compilePattern(source)
    if (!isPattern(compiled)) {
      context.addIssue({ code: 'custom', message: `this pattern cannot be used: ${compiled.problem}` })
    }
  })
