/** content/campaigns/*.md, with what slices lend. */
import { type ContentKind, contentKind } from '../../../kernel/content.ts'
import { mediaIn, type Placeholders, templatesIn } from '../messages/index.ts'
import { gateOf } from '../compliance/index.ts'
import { variantsIn } from './body.ts'
import { reviewAcross, reviewAlone } from './review.ts'
import { type Drop, dropSchema, type Goals } from './schema.ts'

export type Lent = { goals: Goals; placeholders: Placeholders }

/**
 * The kind with these goals and placeholders. Content finds a kind by its name: whoever reads drops may ask with the kind
 * of any, and gets what was read with those of the running program.
 */
export function dropsKind(lent: Lent): ContentKind<Drop> {
  return contentKind<Drop>({
    name: 'drops',
    title: 'Campaigns',
    sources: [{ form: 'page', glob: 'campaigns/*.md', bodyAs: 'body' }],
    schema: dropSchema(lent.goals),
    unique: 'id',
    references: (drop) => referencesOf(drop, lent.goals),
    templates: ({ body }) =>
      variantsIn(body).variants.flatMap(({ text, index }) => templatesIn(text, ['body'], lent.placeholders, index)),
    media: ({ body }) => variantsIn(body).variants.flatMap(({ text }) => mediaIn(text, ['body'])),
    review(items, tell) {
      for (const item of items) reviewAlone(item.data, (at, told) => tell(item, at, told))
    },
    reviewAcross(items, others, tell, settings) {
      const gate = gateOf(others)
      for (const item of items)
        reviewAcross(item.data, { lent: lent.placeholders, others, settings, gate }, (at, told) => tell(item, at, told))
    },
    skeleton: (id) => ({ path: `campaigns/${id}.md`, text: skeletonOf(id) }),
  })
}

type Named = { at: (string | number)[]; kind: string; id: string }

function referencesOf({ to, goal }: Drop, goals: Goals): Named[] {
  const { segment, groups } = to
  const members = groups?.members
  const named: Named[] = [
    ...(segment === undefined ? [] : [{ at: ['to', 'segment'], kind: 'segments', id: segment }]),
    ...(groups?.rules ?? []).map((id, i) => ({ at: ['to', 'groups', 'rules', i], kind: 'groups', id })),
    ...(members ? [{ at: ['to', 'groups', 'members', 'segment'], kind: 'segments', id: members.segment }] : []),
  ]
  const aims = goal ? (goals[goal.kind]?.references?.(goal.args) ?? []) : []
  return [...named, ...aims.map((one) => ({ ...one, at: ['goal', goal!.kind, ...one.at] }))]
}

/** It names nothing that content may lack, so it is a draft for nobody until somebody fills it in. */
function skeletonOf(id: string): string {
  return `---
id: ${id}
title: ${id}
draft: true
when: { at: 2027-01-01 10:00 }
to: { groups: { rules: [] } }
---

{{ brand }}: ${id}
`
}
