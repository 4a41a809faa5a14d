/** The clauses of this slice, by their names in segments.yaml. */
import { segmentClause } from '../../../kernel/slice.ts'
import type { Clauses } from '../schema.ts'
import { consentClause } from './consent.ts'
import { groupClause } from './group.ts'
import { interactionClause } from './interaction.ts'
import { ordersClause } from './orders.ts'
import { rfmClause } from './rfm.ts'
import { regionClause, tagClause } from './tag.ts'
import { activeClause, joinedClause } from './times.ts'

export const clauses: Clauses = {
  tag: segmentClause(tagClause),
  region: segmentClause(regionClause),
  rfm: segmentClause(rfmClause),
  group: segmentClause(groupClause),
  joined: segmentClause(joinedClause),
  active: segmentClause(activeClause),
  orders: segmentClause(ordersClause),
  interaction: segmentClause(interactionClause),
  consent: segmentClause(consentClause),
}
