import { RuleTester } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, test } from 'vitest'
import { house } from '../../scripts/lint/house-rules.ts'

RuleTester.describe = describe
RuleTester.it = test
const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } })

tester.run('no-clock', house.rules['no-clock'], {
  valid: ['const at = new Date(row.at)', 'const ms = performance.now()', 'const now = clock.now()', 'Math.round(1.5)'],
  invalid: [
    { code: 'const at = new Date()', errors: [{ messageId: 'time' }] },
    { code: 'const at = Date()', errors: [{ messageId: 'time' }] },
    { code: 'const ms = Date.now()', errors: [{ messageId: 'time' }] },
    { code: "const ms = Date['now']()", errors: [{ messageId: 'time' }] },
    { code: 'const read = Date.now', errors: [{ messageId: 'time' }] },
    { code: 'const pick = Math.random()', errors: [{ messageId: 'chance' }] },
  ],
})

tester.run('no-default-now', house.rules['no-default-now'], {
  valid: ['function due(now: Date) {}', 'function due(at = epoch) {}'],
  invalid: [
    { code: 'function due(now = read()) {}', errors: [{ messageId: 'now' }] },
    { code: 'function due({ clock = systemClock }) {}', errors: [{ messageId: 'now' }] },
  ],
})

tester.run('no-environment', house.rules['no-environment'], {
  valid: ['env.databaseUrl', 'process.pid', "import { pid } from 'node:process'"],
  invalid: [
    { code: 'process.env.TOKEN', errors: [{ messageId: 'env' }] },
    { code: "process['env'].TOKEN", errors: [{ messageId: 'env' }] },
    { code: 'const { TOKEN } = process.env', errors: [{ messageId: 'env' }] },
    { code: "import { env } from 'node:process'", errors: [{ messageId: 'env' }] },
  ],
})

tester.run('no-customer-words', house.rules['no-customer-words'], {
  valid: [
    "reply('faq.unknown')",
    '// 问答: the approved answer\nrun()',
    'const han = /[一-龥]/u',
    'const comma = "，"',
  ],
  invalid: [
    { code: "say('你好')", errors: [{ messageId: 'words' }] },
    { code: 'say(`您好，${name}`)', errors: [{ messageId: 'words' }] },
    { code: "say({ '欢迎': 1 })", errors: [{ messageId: 'words' }] },
  ],
})

test('the rules are switched on for src, and off where the house says so', async () => {
  const { ESLint } = await import('eslint')
  const eslint = new ESLint()
  const levelOf = async (path: string, rule: string) => {
    const { rules } = (await eslint.calculateConfigForFile(path)) as { rules: Record<string, [number]> }
    return rules[rule]?.[0]
  }
  const names = Object.keys(house.rules).map((name) => `house/${name}`)
  for (const rule of [...names, 'no-console', 'no-empty', 'no-warning-comments']) {
    expect(await levelOf('src/delivery/loop.ts', rule), rule).toBe(2)
  }
  expect(await levelOf('src/kernel/clock.ts', 'house/no-clock')).toBe(0)
  expect(await levelOf('src/env.ts', 'house/no-environment')).toBe(0)
  expect(await levelOf('src/domains/faq/decide.ts', '@typescript-eslint/no-restricted-imports')).toBe(2)
})
