/** Fields of placeholders, such as {{ tags.interest }}: which there are depends on other content. */
import type { ContentKind, Item } from '../../../kernel/content.ts'
import { type Used, usesIn } from '../../../kernel/liquid.ts'
import type { Placeholders, Problem } from './schema.ts'

/** Fields that no placeholder has, in a text that may hold several messages; indexes lead into it. */
export function fieldProblemsIn(
  text: string,
  lent: Placeholders,
  others: <O>(kind: ContentKind<O>) => readonly Item<O>[],
): Problem[] {
  return usesOf(text).flatMap(({ path: [name, field], index }) => {
    const fields = Object.hasOwn(lent, name) ? lent[name]!.fields?.(others) : undefined
    if (!fields || (field !== undefined && fields.includes(field))) return []
    const known = fields.map((one) => `{{ ${name}.${one} }}`).join(', ')
    const message =
      field === undefined
        ? `\`${name}\` says nothing by itself`
        : `nothing fills the placeholder \`${name}.${field}\` here`
    return [{ index, message, expected: fields.length === 0 ? 'Nothing: there is none yet' : `One of ${known}` }]
  })
}

/** [] of what is no template: that is told elsewhere. */
function usesOf(text: string): Used[] {
  try {
    return usesIn(text)
  } catch {
    return []
  }
}
