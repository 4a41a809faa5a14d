/** What content says that pages need. */
import { handoffKind, handoffSettings } from '../../../domains/handoff/index.ts'
import { mannerOf, tagsKind, valuesOf } from '../../../domains/tags/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Words } from '../../api.ts'

export function wordsOf(content: Content): Words {
  const { canned, resolutions, reasons } = content.one(handoffKind)
  const recallSeconds = content.settings(handoffSettings).relay.recallFor / 1_000
  return {
    ...{ canned, resolutions, recallSeconds },
    reasons: reasons.map(({ id, title }) => ({ id, title })),
    tags: content.one(tagsKind).dimensions.map((dimension) => ({
      ...{ dimension: dimension.id, title: dimension.title ?? dimension.id, many: mannerOf(dimension) === 'all' },
      values: valuesOf(dimension).map(({ id, title }) => ({ value: id, title: title ?? id })),
    })),
  }
}

/** How a case ended, in content's words; the code where it has none. */
export function resolutionTitle(content: Content, code: string | null): string {
  return content.one(handoffKind).resolutions.find(({ id }) => id === code)?.title ?? code ?? ''
}
