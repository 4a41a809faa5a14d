/** Drops: one scheduled piece of content for one segment or set of groups. */
import type { Content } from '../../../kernel/content.ts'
import { dropsKind } from './kind.ts'
import type { Drop } from './schema.ts'

export { type Split, dueOf, variantOf } from './decide.ts'
export { fingerprintOf, frozenOf } from './frozen.ts'
export { dropsKind } from './kind.ts'
export {
  type CampaignsSettings,
  type Drop,
  FrozenDrop,
  type FrozenGoal,
  type Goals,
} from './schema.ts'

/** Content finds kinds by name; what slices lend was settled when they were read. */
const drops = dropsKind({ goals: {}, placeholders: {} })

/** The drops of the live content in the order of the files, without drafts. */
export function dropsOf(content: Content): Drop[] {
  return content.items(drops).flatMap(({ data }) => (data.draft ? [] : [data]))
}
