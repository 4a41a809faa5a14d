/** Tags: what is known of a customer in named dimensions, each with its evidence. */
import type { Slice } from '../../kernel/slice.ts'
import { tagsKind } from './content.ts'
import { applyAddTag, applyProposeTag, applyRemoveTag } from './hand/index.ts'
import { steps, triggers } from './journeys/index.ts'
import { facts, placeholders, proposable } from './lent/index.ts'
import { tagsSettings } from './mirror/index.ts'
import { rights } from './rights/index.ts'

export { Dimension, type TagsContent, tagsKind, valuesOf } from './content.ts'
export { type Lane as TaggingLane, markDue, markDueMany, markEverybody } from './due/repo.ts'
export * from './rfm/index.ts'
export * from './schema.ts'
export { mannerOf, type TagRules, tagRulesOf } from './rules.ts'
export {
  type Answered as TaggingAnswered,
  type Answers as TaggingAnswers,
  type Asked as TaggingAsked,
  type Order as TaggingOrder,
  serveThread as serveTaggingThread,
} from './thread.ts'

export { type ExplainedTag, explainTags, type TagsExplained } from './explain/index.ts'
export { mirrorTags } from './mirror/index.ts'
export { type Tagged, tagEverybodyNow } from './foreground.ts'
export { type TagRun, tagProgress } from './run/repo.ts'
export { addTag, type ByHand, type HandOutcome, removeTag, type TagRefusal } from './hand/index.ts'

export const slice: Slice = {
  name: 'tags',
  kinds: [tagsKind],
  settings: [tagsSettings],
  replies: { 'tags.known': { title: '«My data»: the tags that have words for her', placeholders: ['tags'] } },
  applies: { AddTag: applyAddTag, RemoveTag: applyRemoveTag, ProposeTag: applyProposeTag },
  facts,
  proposable,
  placeholders,
  triggers,
  steps,
  rights,
}
