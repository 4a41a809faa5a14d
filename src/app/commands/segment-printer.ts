/** An explanation as a tree, as the rule is written. */
import type { Reason } from '../../domains/segments/index.ts'

const day = 86_400_000

export function explanationLines(reason: Reason, indent = ''): string[] {
  const { holds, name, args, fact, parts = [] } = reason
  const asked = args === undefined ? '' : ` ${argsInWords(args)}`
  const behind = fact === undefined ? '' : `  — ${fact}`
  return [
    `${indent}${holds ? 'yes' : 'no '}  ${name}${asked}${behind}`,
    ...parts.flatMap((part) => explanationLines(part, `${indent}     `)),
  ]
}

/** As it would be written, without quotes: `{within: 30d, count: {min: 2}}`. Durations are milliseconds by now. */
function argsInWords(args: unknown, key = ''): string {
  if (Array.isArray(args))
    return args.length === 1 ? argsInWords(args[0]) : `[${args.map((one) => argsInWords(one)).join(', ')}]`
  if (typeof args === 'object' && args !== null) {
    const parts = Object.entries(args).filter(([, value]) => value !== undefined)
    return `{${parts.map(([name, value]) => `${name}: ${argsInWords(value, name)}`).join(', ')}}`
  }
  if (typeof args === 'number' && /within/i.test(key))
    return args % day === 0 ? `${args / day}d` : `${args / 3_600_000}h`
  return String(args)
}
