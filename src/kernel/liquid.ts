/** Liquid, the language of our templates: what may stand in one, and which placeholders it uses. */
import { Liquid, type Template } from 'liquidjs'

/** A template is a few lines; these stop one that loops for ever, in milliseconds and allocated units. */
const limits = { parseLimit: 1_000_000, renderLimit: 500, memoryLimit: 1_000_000 }

function engine({ lenientIf }: { lenientIf: boolean }): Liquid {
  const made = new Liquid({
    ...limits,
    // In memory and empty: a template cannot read files of this machine.
    templates: {},
    ownPropertyOnly: true,
    strictVariables: false,
    strictFilters: false,
    lenientIf,
    timezoneOffset: 0,
  })
  for (const tag of ['include', 'render', 'layout', 'block']) Reflect.deleteProperty(made.tags, tag)
  return made
}

export const liquid = engine({ lenientIf: false })

/** Where every value must be there, this one still lets `default` and `if` ask whether it is. */
export const liquidThatAsks = engine({ lenientIf: true })

/** A placeholder as a template uses it: ['tags', 'interest'] for {{ tags.interest }}, at an index into its text. */
export type Used = { path: readonly [string, ...string[]]; index: number }

/** Every use of a placeholder that the template does not make itself, in the order of names. Throws what Liquid throws. */
export function usesIn(text: string, template: Template[] = liquid.parse(text)): Used[] {
  const { globals } = liquid.analyzeSync(template, { partials: false })
  return Object.entries(globals).flatMap(([name, places]) =>
    places.map(({ segments, location }) => {
      const rest = segments.slice(1)
      const end = rest.findIndex((segment) => typeof segment !== 'string')
      const fields = (end === -1 ? rest : rest.slice(0, end)).map(String)
      return { path: [name, ...fields], index: indexOf(text, location.row, location.col) }
    }),
  )
}

/** An index from a row and a column, both from 1. */
function indexOf(text: string, row: number, column: number): number {
  let start = 0
  for (let line = 1; line < row; line += 1) start = text.indexOf('\n', start) + 1
  return start + column - 1
}
