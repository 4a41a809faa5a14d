/** An adviser sends a draft of the case in her hand: from then on the words are hers. */
import type { CaseFile } from '../cases/index.ts'
import { currentDrafts } from '../drafts/index.ts'
import type { Adviser } from '../roster/index.ts'
import { handoffSettings } from '../schema.ts'
import type { On } from '../talk/index.ts'
import { type Done, sayToCustomer } from './index.ts'

/**
 * Sends draft `n` (from 1) to the customer, signed. `key`: the message or click of hers that it was; once. Refused: `no-draft`
 * where there is none of that number, `stale-draft` when the customer has said something since.
 *
 * Words that a model writes by itself are labelled; these were read, chosen and signed by a human who answers for them, so
 * they are not, unless `handoff.labelDrafts` wants it.
 */
export async function sendDraft(file: CaseFile, by: Adviser, n: number, key: string, on: On): Promise<Done> {
  const now = file.now()
  if (now.owner !== by.id) return { refused: { kind: 'not-yours', owner: now.owner } }
  const found = await currentDrafts(now, on)
  if (found === 'stale') return { refused: { kind: 'stale-draft' } }
  const draft = found === 'none' ? undefined : found.drafts[n - 1]
  if (!draft) return { refused: { kind: 'no-draft' } }
  const labelled = draft.source === 'model' && on.content.settings(handoffSettings).labelDrafts
  return sayToCustomer(file, by, draft.text, key, on, labelled ? 'handoff.signed-draft' : 'handoff.signed')
}
