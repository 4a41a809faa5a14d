/** What a campaign may aim at, as far as members knows of it. */
import { z } from 'zod'
import { type GoalKind, goalKind } from '../../../kernel/slice.ts'
import { oneOrMore } from './parts.ts'
import { came, did, wrote } from './repo.ts'

const NoArgs = z.strictObject({})

const reply: GoalKind<z.output<typeof NoArgs>> = {
  title: 'She wrote to us, directly or in a group',
  schema: NoArgs,
  reached: (_, { after, until, bind }) => wrote({ after, until }, bind),
}

const InteractionArgs = z.strictObject({
  kind: oneOrMore(z.string().min(1)).describe('A kind of interactions.yaml, or several of which one will do'),
})

const interaction: GoalKind<z.output<typeof InteractionArgs>> = {
  title: 'She did something that counts: asked, praised, shared, brought somebody',
  schema: InteractionArgs,
  references: ({ kind }) => kind.map((id) => ({ at: ['kind'], kind: 'interactions', id })),
  reached: ({ kind }, { after, until, bind }) => did(kind, { after, until }, bind),
}

const JoinedArgs = z.strictObject({
  rules: oneOrMore(z.string().min(1)).optional().describe('Only groups with this rule of groups.yaml, or one of these'),
})

const joined: GoalKind<z.output<typeof JoinedArgs>> = {
  title: 'She joined a group, and we saw it',
  schema: JoinedArgs,
  references: ({ rules = [] }) => rules.map((id) => ({ at: ['rules'], kind: 'groups', id })),
  reached: ({ rules }, { after, until, bind }) => came(rules, { after, until }, bind),
}

export const goals: Readonly<Record<string, GoalKind>> = {
  reply: goalKind(reply),
  interaction: goalKind(interaction),
  joined: goalKind(joined),
}
