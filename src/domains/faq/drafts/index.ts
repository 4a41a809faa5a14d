/** What advisers answered, kept as drafts for the FAQ: masked at once, and answered from by nobody until a person wrote it. */
import type { DraftEntry } from '../../../kernel/effect.ts'
import type { Applying } from '../../../kernel/slice.ts'
import { masked } from '../gaps/mask.ts'
import { saveDrafts } from './repo.ts'

export { deleteDraftsOf, type KeptDraft, listDrafts, listDraftsOf, markWritten } from './repo.ts'

export function applyDraftEntry({ key, question, answer, by, customerId }: DraftEntry, { work }: Applying): void {
  work.write(saveDrafts, {
    ...{ key, by, customerId, createdAt: work.now },
    ...{ question: masked(question), answer: answer.split('\n').map(masked).join('\n') },
  })
}
