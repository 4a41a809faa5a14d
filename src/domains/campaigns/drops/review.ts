/** What may be wrong with a drop beyond its form. */
import type { ContentKind, Item, Pointer, SettingsSection, Told } from '../../../kernel/content.ts'
import { inWords } from '../../../kernel/duration.ts'
import { accountProblem, privacySettings } from '../../members/index.ts'
import { createCalendar, holidaysKind } from '../calendar/index.ts'
import { type Gate, reviewCopies } from '../compliance/index.ts'
import { fieldProblemsIn, type Placeholders, wordsIn } from '../messages/index.ts'
import { firstUnknownDay } from '../schedule/index.ts'
import { readBody, type WrittenVariant } from './body.ts'
import { campaignsSettings, type Drop } from './schema.ts'

type Tell = (at: Pointer, told: Told) => void

/** What the drop alone tells. */
export function reviewAlone(drop: Drop, tell: Tell): void {
  const error = (at: Pointer, message: string, expected: string): void =>
    tell(at, { severity: 'error', message, expected })
  const { variants, problems } = readBody(drop.body)
  for (const problem of problems) tell(['body'], { severity: 'error', ...problem })
  reviewVariants(drop, variants, tell)
  const { to, late, spread, expires, approval, account, draft } = drop
  if (spread > expires)
    error(['spread'], `the last readers would get it after it has expired (${inWords(expires)})`, 'Less than `expires`')
  if (!draft && to.groups?.rules.length === 0)
    error(['to', 'groups', 'rules'], 'it names no group rule', 'Ids of group rules, or no `groups`')
  if (approval === 'waived' && to.segment !== undefined)
    error(['approval'], 'nobody may waive the approval of direct messages', '`required`, or groups alone')
  const warn = (at: Pointer, message: string, expected: string): void =>
    tell(at, { severity: 'warning', message, expected })
  if (late > expires)
    warn(['expires'], `what runs late has expired by then (${inWords(late)})`, '`late` not longer than `expires`')
  if (account !== undefined && to.segment === undefined)
    warn(['account'], 'in a group its speaker speaks, whatever stands here', 'No `account`, or a `segment`')
}

function reviewVariants({ variants: percents }: Drop, written: readonly WrittenVariant[], tell: Tell): void {
  if (!percents) return
  const ids = new Set(written.map(({ id }) => id))
  for (const id of Object.keys(percents)) {
    if (ids.has(id)) continue
    tell(['variants', id], {
      severity: 'error',
      message: `the text has no variant ${id}`,
      expected: `A line «# ${id}» before its messages; the text has ${[...ids].join(', ')}`,
    })
  }
  for (const { id, heading } of written) {
    if (Object.hasOwn(percents, id)) continue
    const message = `nobody gets the variant ${id}: it is not in \`variants\``
    tell(['body'], { severity: 'error', message, expected: 'A percent for each variant of the text', index: heading })
  }
  const sum = Object.values(percents).reduce((a, b) => a + b, 0)
  if (sum !== 100)
    tell(['variants'], { severity: 'error', message: `the percents make ${sum}`, expected: 'Percents that make 100' })
}

export type Around = {
  lent: Placeholders
  others: <O>(kind: ContentKind<O>) => readonly Item<O>[]
  settings: <S>(section: SettingsSection<S>) => S | undefined
  gate: Gate
}

/** What the drop and other content tell together. */
export function reviewAcross(drop: Drop, { lent, others, settings, gate }: Around, tell: Tell): void {
  reviewWords(drop, gate, tell)
  reviewCalendar(drop, others, tell)
  const strange = drop.account === undefined ? undefined : accountProblem(drop.account, others)
  if (strange) tell(['account'], strange)
  const topics = settings(privacySettings)?.topics.map(({ id }) => id)
  if (drop.topic !== undefined && topics && !topics.includes(drop.topic)) {
    tell(['topic'], {
      severity: 'error',
      message: `"${drop.topic}" is no topic that readers may choose`,
      expected:
        topics.length > 0 ? `One of ${topics.join(', ')}` : 'A topic under privacy.topics of settings.yaml first',
    })
  }
  const own = settings(campaignsSettings)
  if (drop.links === 'tracked' && own && own.links.baseUrl === undefined) {
    tell(['links'], {
      severity: 'error',
      message: 'nobody knows where tracked links should lead',
      expected: '`plain`; or campaigns.links.baseUrl in settings.yaml, the address under which the internet reaches us',
    })
  }
  if (drop.approval === 'waived' && drop.to.segment === undefined && own?.approval.groups === 'required') {
    tell(['approval'], {
      severity: 'error',
      message: 'settings.yaml waives no approval',
      expected: '`required`; or campaigns.approval.groups: waived in settings.yaml',
    })
  }
  for (const problem of fieldProblemsIn(drop.body, lent, others)) tell(['body'], { severity: 'error', ...problem })
}

/** What each variant says, as its readers get it. */
function reviewWords({ body, to }: Drop, gate: Gate, tell: Tell): void {
  const setting = {
    purpose: 'marketing' as const,
    direct: to.segment !== undefined,
    group: to.groups !== undefined,
    complete: true,
  }
  for (const { text, index } of readBody(body).variants) {
    const copies = wordsIn(text).map((one) => ({ text: one.text, offset: index + one.index }))
    for (const { severity, message, expected, index: at } of reviewCopies(gate, copies, setting))
      tell(['body'], { severity, message, expected, index: at })
  }
}

/** A calendar that ends before the drop does has expired: of days that nobody has told of none is due. */
function reviewCalendar({ when }: Drop, others: Around['others'], tell: Tell): void {
  const calendar = createCalendar(others(holidaysKind).map(({ data }) => data))
  const day = calendar.since === undefined ? undefined : firstUnknownDay(when, calendar, calendar.since)
  if (day === undefined) return
  const year = day.slice(0, 4)
  tell(['when', 'on'], {
    severity: when.end === undefined ? 'warning' : 'error',
    message: `the calendar of public holidays has expired: it says nothing of ${year}, so from ${day} on this is never due`,
    expected: `holidays/${year}.yaml by the notice of the State Council, or an \`end\` before ${day}`,
  })
}
