/** Patterns that people write in content: linear in time, or refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, isPattern, PatternSource } from '../../src/kernel/pattern.ts'
import { plainSpelling } from '../../src/kernel/spelling.ts'
import { effortOf } from '../support/effort.ts'

function finds(source: string, text: string): boolean {
  const pattern = compilePattern(source)
  if (!isPattern(pattern)) throw new Error(pattern.problem)
  return pattern.test(plainSpelling(text))
}

function problemOf(source: string): string {
  const pattern = compilePattern(source)
  return isPattern(pattern) ? '' : pattern.problem
}

describe('a pattern from content', () => {
  it.each(['(a+)+$', '(x+x+)+y', '(a|a)*b', '(.*a){12}', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    '«%s», which never ends elsewhere, ends at once',
    (source) => {
      const text = `${'a'.repeat(20_000)}!`
      const effort = effortOf(() => {
        const pattern = compilePattern(source)
        if (isPattern(pattern)) pattern.test(text)
      })
      expect(effort).toBeLessThan(2_000)
    },
  )

  it.each([
    ['(多少钱', 'missing closing )'],
    ['(?=好用)', 'unsupported'],
    ['(好)\\1', 'invalid escape'],
    ['((a{50}){50}){50}', ''],
  ])('«%s» is refused with the reason', (source, reason) => {
    expect(problemOf(source)).toContain(reason)
    expect(problemOf(source)).not.toBe('')
  })

  it('is found in whatever way customers write the same', () => {
    expect(finds('防晒.{0,3}SPF50', '防曬乳 ｓｐｆ５０')).toBe(true)
    expect(finds('多少錢？', '多少钱?')).toBe(true)
    expect(finds('\\d+元', '１９９元')).toBe(true)
    expect(finds('\\D元', '199元')).toBe(false)
  })

  it('is a finding where it cannot be used', () => {
    const { error } = PatternSource.safeParse('(a')
    expect(error?.issues[0]?.message).toMatch(/^this pattern cannot be used: /)
  })

  it('is a finding where no person can read it', () => {
    expect(PatternSource.safeParse('a'.repeat(501)).success).toBe(false)
  })

  it('survives any source and any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (source, text) => {
        const pattern = compilePattern(source)
        if (isPattern(pattern)) pattern.test(text)
      }),
    )
  })
})
