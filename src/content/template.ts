/** Liquid templates: what may stand in them, and how they are filled in. WeChat shows plain text: nothing is escaped. */
import { LiquidError, type Template } from 'liquidjs'
import type { TemplateText } from '../kernel/content.ts'
import { reasonOf } from '../kernel/errors.ts'
import { liquid, liquidThatAsks, type Used, usesIn } from '../kernel/liquid.ts'
import { templateWords, type Words } from './messages.ts'
import { isBlock } from './shape.ts'
import { nearest } from './suggest.ts'

/** Placeholders that every template may use. */
const everywhere = ['brand']

/** A complaint about a template, at an index into its text. */
export type TemplateProblem = { index: number; words: Words; severity?: 'warning' }

export function parseTemplate(text: string): Template[] {
  return liquid.parse(text)
}

/** Fills a template in. Values are put in as they are, never read as templates themselves. */
export function render(template: Template[], values: Record<string, unknown>): string {
  return String(liquid.renderSync(template, values))
}

/** Everything that is wrong with a template that may use `placeholders`, and that must give words for each example. */
export function checkTemplate({
  text,
  placeholders,
  examples = [],
  uncertain = {},
}: Omit<TemplateText, 'at' | 'offset'>): TemplateProblem[] {
  const known = [...placeholders, ...everywhere]
  const problems = unknownFilters(text)
  let template: Template[]
  try {
    template = parseTemplate(text)
  } catch (error) {
    return [...problems, syntaxProblem(error, text)]
  }
  const uses = usesIn(text, template)
  for (const { path, index } of uses) {
    const [name] = path
    if (known.includes(name)) continue
    problems.push({ index, words: templateWords.unknownPlaceholder(name, nearest(name, known), known) })
  }
  if (problems.length > 0) return problems
  try {
    render(template, Object.fromEntries(known.map((name) => [name, name])))
  } catch (error) {
    problems.push({ index: beginOf(error) ?? 0, words: templateWords.cannotRender(reasonWithoutPlace(error)) })
  }
  if (problems.length > 0) return problems
  const tried = tryExamples(template, examples)
  return tried.length > 0 ? tried : tryWithout(text, uncertain, uses)
}

/** Placeholders that the template says without asking whether there is something to say, each told of once. */
function tryWithout(
  text: string,
  uncertain: Readonly<Record<string, unknown>>,
  uses: readonly Used[],
): TemplateProblem[] {
  const all = withFields(uncertain, uses)
  return Object.keys(uncertain).flatMap((name) => {
    if (!uses.some(({ path }) => path[0] === name)) return []
    const index = holeIn(text, { ...all, [name]: undefined })
    if (index === undefined) return []
    const said = uses.find((use) => use.index === index)?.path.join('.') ?? name
    return [{ index, words: templateWords.mayBeMissing(said), severity: 'warning' }]
  })
}

/** The values that stand for the placeholders, with every field that the template asks for. */
function withFields(values: Readonly<Record<string, unknown>>, uses: readonly Used[]): Record<string, unknown> {
  const all: Record<string, unknown> = { ...Object.fromEntries(everywhere.map((name) => [name, name])), ...values }
  for (const { path } of uses) {
    const [name, field] = path
    const value = all[name]
    if (field !== undefined && isBlock(value)) all[name] = { [field]: [field], ...value }
  }
  return all
}

/** Where the template needs a value that is not there and has no other words for it; undefined when nowhere. */
function holeIn(text: string, values: Readonly<Record<string, unknown>>): number | undefined {
  for (let rest = text; ; ) {
    try {
      liquidThatAsks.parseAndRenderSync(rest, values, { strictVariables: true })
      return undefined
    } catch (error) {
      const index = beginOf(error) ?? 0
      const start = rest.lastIndexOf('{{', index + 1)
      const end = rest.indexOf('}}', index) + 2
      // Liquid looks for a default in front of other filters only; behind them it does as well.
      const output = start !== -1 && !rest.slice(start, index).includes('}}') ? rest.slice(start, end) : ''
      if (!/\|\s*default\b/.test(output)) return index
      rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end)
    }
  }
}

/** The first example with which the template gives no words, or uses a value that the example does not have. */
function tryExamples(template: Template[], examples: readonly Readonly<Record<string, unknown>>[]): TemplateProblem[] {
  for (const example of examples) {
    const shown = Object.entries(example).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [`${name}: ${value}`] : [],
    )
    try {
      const values = { ...Object.fromEntries(everywhere.map((name) => [name, name])), ...example }
      const text = String(liquid.renderSync(template, values, { strictVariables: true }))
      if (text.trim() === '') return [{ index: 0, words: templateWords.silentFor(shown) }]
    } catch (error) {
      const words = templateWords.unfitFor(reasonWithoutPlace(error), shown)
      return [{ index: beginOf(error) ?? 0, words }]
    }
  }
  return []
}

function syntaxProblem(error: unknown, text: string): TemplateProblem {
  const index = beginOf(error) ?? 0
  const piece = text.slice(index)
  const tag = /^\{%-?\s*(\w+)/.exec(piece)?.[1]
  if (tag !== undefined && !Object.hasOwn(liquid.tags, tag)) {
    const near = nearest(tag, Object.keys(liquid.tags))
    return { index, words: templateWords.unknownTag(tag, near) }
  }
  const closed = piece.startsWith('{{') ? piece.includes('}}') : !piece.startsWith('{%') || piece.includes('%}')
  return { index, words: closed ? templateWords.broken(reasonWithoutPlace(error)) : templateWords.unclosed() }
}

/** Filters are looked for by hand, so that one unknown filter does not hide what else is wrong. */
function unknownFilters(text: string): TemplateProblem[] {
  const known = Object.keys(liquid.filters)
  const problems: TemplateProblem[] = []
  for (const piece of text.matchAll(/\{\{.*?\}\}|\{%.*?%\}/gs)) {
    // A | within quotes is no filter; blanks keep the indexes.
    const bare = piece[0].replaceAll(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length))
    for (const filter of bare.matchAll(/\|\s*([A-Za-z_]\w*)/g)) {
      const name = filter[1] ?? ''
      if (known.includes(name)) continue
      const index = piece.index + filter.index + filter[0].length - name.length
      problems.push({ index, words: templateWords.unknownFilter(name, nearest(name, known)) })
    }
  }
  return problems
}

function beginOf(error: unknown): number | undefined {
  return LiquidError.is(error) ? (error as { token?: { begin?: number } }).token?.begin : undefined
}

/** Liquid ends its messages with a place of its own reckoning, which ours replaces. */
function reasonWithoutPlace(error: unknown): string {
  return reasonOf(error).replace(/(?:, file:.*)?, line:\d+, col:\d+$/s, '')
}
