/** Which cell of a row is which field, by the names of the first row. */
import { nearest } from '../../content/suggest.ts'
import { UsageError } from '../../kernel/errors.ts'

/** The place of each field's column, from 0, and its name in this file. A field that the file lacks has none. */
export type Columns<F extends string> = {
  places: Partial<Record<F, number>>
  names: Partial<Record<F, string>>
  width: number
}

/**
 * Finds the columns. Throws a UsageError that lists what is missing and what is there. `needed` are groups of fields of
 * which a file must have one each.
 */
export function findColumns<F extends string>(
  header: readonly string[],
  known: Readonly<Record<F, readonly string[]>>,
  needed: readonly (readonly F[])[],
  file: string,
): Columns<F> {
  const there = header.map(plainName)
  const columns: Columns<F> = { places: {}, names: {}, width: header.length }
  const fields = Object.keys(known) as F[]
  for (const field of fields) {
    const name = known[field].find((name) => there.includes(plainName(name)))
    if (name === undefined) continue
    const place = there.indexOf(plainName(name))
    columns.places[field] = place
    columns.names[field] = header[place]?.trim() ?? name
  }
  const missing = needed.filter((group) => !group.some((field) => columns.places[field] !== undefined))
  if (missing.length === 0) return columns
  const free = there.filter((_, place) => !Object.values(columns.places).includes(place))
  const lines = missing.map((group) => {
    const names = group.flatMap((field) => known[field])
    const near = names.map((name) => nearest(name, free)).find((name) => name !== undefined)
    return `  ${group.join(' or ')}: one of ${names.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`
  })
  throw new UsageError({
    code: 'import-columns',
    message: `${file} lacks columns:\n${lines.join('\n')}\nThere are: ${there.join(', ')}.\nRename them, or add their names to content/import.yaml.`,
  })
}

/** Exports mark columns with ornaments: a BOM, a star for what must be given, spaces of all widths. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\ufeff*\s]/g, '')
    .toLowerCase()
}
