// The house rules of docs/architecture.md that a linter can see. Import rules live in .dependency-cruiser.ts.
import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { house } from './scripts/lint/house-rules.ts'

export default defineConfig(
  { ignores: ['src/kernel/prisma/', 'node_modules/', '.data/', 'dist/', 'content/', 'coverage/', 'tests/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // What a spread of a string gives, code points, is what we mean; text is cut at graphemes by delivery/split.ts.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Nothing to do is an answer too: a listener that must exist, a right with nothing to forget.
      '@typescript-eslint/no-empty-function': 'off',
      // «Promise<void> | void»: a callback may wait or not.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // The wire brings NUL and its kin, and we look for them.
      'no-control-regex': 'off',
      // Types for data, interfaces for ports: the difference says something.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Implementations of an asynchronous port are asynchronous, whether they wait or not.
      '@typescript-eslint/require-await': 'off',
      // noUncheckedIndexedAccess asks for them wherever a regular expression or a check has just vouched for the index.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { house },
    rules: {
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'house/no-clock': 'error',
      'house/no-default-now': 'error',
      'house/no-environment': 'error',
      'house/no-customer-words': 'error',
    },
  },
  { files: ['src/kernel/clock.ts', 'src/kernel/ids.ts'], rules: { 'house/no-clock': 'off' } },
  { files: ['src/env.ts'], rules: { 'house/no-environment': 'off' } },
  {
    // What simulated customers say, the words of the desk, and words that we recognise but never say.
    files: ['src/gateways/simulator/**', 'src/desk/**/locale/**', 'src/**/vocabulary.ts'],
    rules: { 'house/no-customer-words': 'off' },
  },
  {
    // Pure: no input, no output, no clock; what they need comes in as arguments.
    files: ['src/**/decide.ts', 'src/**/decide/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^node:(?!util$|crypto$|buffer$)', message: 'decide.ts does no I/O.' },
            { regex: '^(pg|@prisma/|prisma)', message: 'decide.ts does no I/O.' },
            { regex: '(^|/)(repo|repo/.*)\\.ts$', message: 'decide.ts gets its state as an argument.' },
            { regex: '(^|/)kernel/(db|clock|ids|accept|handle|jobs|log)\\.ts$', message: 'decide.ts is pure.' },
          ],
        },
      ],
    },
  },
  {
    files: ['tests/**', 'scripts/**', '*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
)
