/** Checks the import rules of .dependency-cruiser.ts over src, tests and scripts; exits 1 when one is broken. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseResult, type IViolation } from 'dependency-cruiser'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { forbidden, options } from '../.dependency-cruiser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** How many modules were read below `folder`, and the rules that they break. */
export async function checkImports(folder = root): Promise<{ modules: number; violations: IViolation[] }> {
  const { output } = await cruise(
    ['src', 'tests', 'scripts'].filter((name) => existsSync(join(folder, name))),
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: folder },
    {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
    { tsConfig: extractTsConfig(join(root, 'tsconfig.json')) },
  )
  const { summary } = output as ICruiseResult
  return { modules: summary.totalCruised, violations: summary.violations }
}

if (import.meta.main) {
  const { modules, violations } = await checkImports()
  for (const { rule, from, to, cycle } of violations) {
    console.error(`${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}  ${rule.name}`)
  }
  console.log(`${modules} modules, ${violations.length} broken import rules`)
  // With a TypeScript that it does not know, dependency-cruiser reads nothing and finds nothing wrong.
  if (modules < 20) console.error('Too few modules were read: does dependency-cruiser know this TypeScript?')
  process.exit(violations.length > 0 || modules < 20 ? 1 : 0)
}
