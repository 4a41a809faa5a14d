/** The content kind `persona`: the brand's own page, and those that group rules name. */
import { type Content, contentKind } from '../../../kernel/content.ts'
import { findRule } from '../../members/index.ts'
import { Mood } from '../answers/schema.ts'
import { review } from './review.ts'
import { Persona } from './schema.ts'

/** The persona of the brand; those of single kinds of groups stand in the folder `personas`. */
const brandFile = 'persona.md'

export const personaKind = contentKind<Persona>({
  name: 'persona',
  title: 'Personas',
  sources: [
    { form: 'page', glob: brandFile, bodyAs: 'character' },
    { form: 'page', glob: 'personas/*.md', bodyAs: 'character' },
  ],
  schema: Persona,
  unique: 'id',
  references: ({ levels, levelsBy }) =>
    Object.keys(levels).map((value) => ({ at: ['levels', value], kind: 'tags', id: `${levelsBy}/${value}` })),
  review(items, tell) {
    for (const item of items) review(item.data, (at, words) => tell(item, at, words))
  },
  skeleton: (id) => ({
    path: `personas/${id}.md`,
    text: `---\nid: ${id}\nname: ${id}\nmoods:\n${Mood.options.map((mood) => `  ${mood}: {}\n`).join('')}---\n\n# ${id}\n`,
  }),
})

/** Who speaks in groups of this rule, or where no rule names anybody (null: a direct message) for the brand. */
export function personaOf(content: Content, ruleId: string | null): Persona | undefined {
  const personas = content.items(personaKind)
  const named = findRule(content, ruleId)?.persona
  const own = named === undefined ? undefined : personas.find(({ data }) => data.id === named)
  return (own ?? personas.find(({ file }) => file === brandFile))?.data
}
