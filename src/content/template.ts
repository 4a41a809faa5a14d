/** Liquid templates: what may stand in them, and how they are filled in. WeChat shows plain text: nothing is escaped. */
import { Liquid, LiquidError, type Template } from 'liquidjs'
import { reasonOf } from '../kernel/errors.ts'
import { templateWords, type Words } from './messages.ts'
import { nearest } from './suggest.ts'

/** Placeholders that every template may use. */
const everywhere = ['brand']

/** A template is a few lines; these stop one that loops for ever, in milliseconds and allocated units. */
const limits = { parseLimit: 1_000_000, renderLimit: 500, memoryLimit: 1_000_000 }

const engine = new Liquid({
  ...limits,
  // In memory and empty: a template cannot read files of this machine.
  templates: {},
  ownPropertyOnly: true,
  strictVariables: false,
  strictFilters: false,
  timezoneOffset: 0,
})
for (const tag of ['include', 'render', 'layout', 'block']) Reflect.deleteProperty(engine.tags, tag)

/** A complaint about a template, at an index into its text. */
export type TemplateProblem = { index: number; words: Words }

export function parseTemplate(text: string): Template[] {
  return engine.parse(text)
}

/** Fills a template in. Values are put in as they are, never read as templates themselves. */
export function render(template: Template[], values: Record<string, unknown>): string {
  return String(engine.renderSync(template, values))
}

/** Everything that is wrong with a template that may use `placeholders`, and that must give words for each example. */
export function checkTemplate(
  text: string,
  placeholders: readonly string[],
  examples: readonly Readonly<Record<string, unknown>>[] = [],
): TemplateProblem[] {
  const known = [...placeholders, ...everywhere]
  const problems = unknownFilters(text)
  let template: Template[]
  try {
    template = parseTemplate(text)
  } catch (error) {
    return [...problems, syntaxProblem(error, text)]
  }
  for (const [name, places] of Object.entries(engine.analyzeSync(template, { partials: false }).globals)) {
    if (known.includes(name)) continue
    const words = templateWords.unknownPlaceholder(name, nearest(name, known), known)
    problems.push(...places.map(({ location }) => ({ index: indexOf(text, location.row, location.col), words })))
  }
  if (problems.length > 0) return problems
  try {
    render(template, Object.fromEntries(known.map((name) => [name, name])))
  } catch (error) {
    problems.push({ index: beginOf(error) ?? 0, words: templateWords.cannotRender(reasonWithoutPlace(error)) })
  }
  return problems.length > 0 ? problems : tryExamples(template, examples)
}

/** The first example with which the template gives no words, or uses a value that the example does not have. */
function tryExamples(template: Template[], examples: readonly Readonly<Record<string, unknown>>[]): TemplateProblem[] {
  for (const example of examples) {
    const shown = Object.entries(example).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [`${name}: ${value}`] : [],
    )
    try {
      const values = { ...Object.fromEntries(everywhere.map((name) => [name, name])), ...example }
      const text = String(engine.renderSync(template, values, { strictVariables: true }))
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
  if (tag !== undefined && !Object.hasOwn(engine.tags, tag)) {
    const near = nearest(tag, Object.keys(engine.tags))
    return { index, words: templateWords.unknownTag(tag, near) }
  }
  const closed = piece.startsWith('{{') ? piece.includes('}}') : !piece.startsWith('{%') || piece.includes('%}')
  return { index, words: closed ? templateWords.broken(reasonWithoutPlace(error)) : templateWords.unclosed() }
}

/** Filters are looked for by hand, so that one unknown filter does not hide what else is wrong. */
function unknownFilters(text: string): TemplateProblem[] {
  const known = Object.keys(engine.filters)
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

/** How many openers stand before an index, and how far the index is behind the last of them. */
function openers(text: string, index: number): { count: number; last: number } {
  let count = 0
  let last = 0
  for (const { index: at } of text.slice(0, index + 2).matchAll(/\{\{|\{%/g)) {
    if (at > index) break
    count += 1
    last = at
  }
  return { count, last }
}

/**
 * The offset in a file at which an index of a template stands. The template was read from the piece of the file;
 * quoting and folding move its letters about, but never an opener from its turn.
 */
export function offsetIn(piece: string, template: string, index: number): number {
  const { count, last } = openers(template, index)
  if (count === 0) return 0
  let seen = 0
  for (const { index: at } of piece.matchAll(/\{\{|\{%/g)) {
    seen += 1
    if (seen === count) return Math.min(at + index - last, piece.length)
  }
  return 0
}

function beginOf(error: unknown): number | undefined {
  return LiquidError.is(error) ? (error as { token?: { begin?: number } }).token?.begin : undefined
}

/** Liquid ends its messages with a place of its own reckoning, which ours replaces. */
function reasonWithoutPlace(error: unknown): string {
  return reasonOf(error).replace(/(?:, file:.*)?, line:\d+, col:\d+$/s, '')
}

/** An index from a row and a column, both from 1. */
function indexOf(text: string, row: number, column: number): number {
  let start = 0
  for (let line = 1; line < row; line += 1) start = text.indexOf('\n', start) + 1
  return start + column - 1
}
