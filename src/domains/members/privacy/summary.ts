/** What members knows of a person, in the words of content: a part of «我的数据». */
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { permits } from './consent.ts'
import { inWords } from './decide.ts'
import { listPreferences, readAbout } from './repo.ts'
import { privacySettings } from './schema.ts'

/** One line each; none of somebody who is not stored yet. */
export async function summaryOf(db: Queryable, customerId: string, content: Content): Promise<string[]> {
  const about = await readAbout(db, customerId)
  if (!about) return []
  const settings = content.settings(privacySettings)
  const chosen = (await listPreferences(db, customerId)).map((preferences) => inWords(preferences, settings))
  const { names, groups, messages, phone, place, since } = about
  const text = content.reply('privacy.about', {
    ...{ names, groups, messages, phone, place },
    ...permits(about, settings),
    optedOut: about.optedOutAt !== null,
    profilingRefused: about.profilingRefusedAt !== null,
    since: since && dayIn(content.zone, since),
    less: chosen.some(({ less }) => less),
    topics: [...new Set(chosen.flatMap(({ topics }) => topics))],
    times: [...new Set(chosen.flatMap(({ times }) => times))],
  })
  return text.split('\n').filter((line) => line.trim() !== '')
}
