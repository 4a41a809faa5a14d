/** What was said, as pages show it. */
import { rosterOf } from '../../../domains/handoff/index.ts'
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import type { Conversation, Line } from '../../api.ts'
import type { LineRow } from './repo/lines.ts'
import { type Below, directThreadsOf, listSaid, type SaidRow, whereaboutsOf } from './repo/said.ts'

export const linesPerPage = 60
/** What she said in a group shortly before her case was opened is what it is about. */
const beforeMs = 3_600_000
const everBefore = new Date(0)
const everAfter = new Date('9999-01-01T00:00:00Z')

/** What was said to and by the customer of a case, in her direct messages, and by her in groups while it was open. */
export async function conversationOf(
  db: Queryable,
  row: Pick<LineRow, 'id' | 'customerId' | 'openedAt' | 'closedAt'>,
  below: Below | null,
  content: Content,
): Promise<Conversation> {
  const { id, customerId, openedAt, closedAt } = row
  const hers = customerId === null ? null : await whereaboutsOf(db, customerId)
  const said = await listSaid(db, {
    customers: hers?.customers ?? [],
    threads: hers?.threads ?? (await directThreadsOf(db, id)),
    ...{ groupsFrom: new Date(openedAt.getTime() - beforeMs), groupsUntil: closedAt ?? everAfter },
    ...{ below, limit: linesPerPage },
  })
  return { lines: said.map((one) => lineOf(one, content)).reverse(), earlier: earlierThan(said) }
}

/** What she said anywhere and was told directly, the latest first. */
export async function saidByPerson(
  db: Queryable,
  customerId: string,
  below: Below | null,
  content: Content,
): Promise<{ lines: Line[]; earlier: string | null }> {
  const hers = await whereaboutsOf(db, customerId)
  const said = await listSaid(db, {
    ...{ ...hers, groupsFrom: everBefore, groupsUntil: everAfter, below, limit: linesPerPage },
  })
  return { lines: said.map((one) => lineOf(one, content)), earlier: earlierThan(said) }
}

function earlierThan(said: readonly SaidRow[]): string | null {
  const last = said.at(-1)
  return last && said.length === linesPerPage ? `${last.at.toISOString()}_${last.id}` : null
}

/** Reads `before` of an address; undefined for what we never gave out. */
export function readBelow(before: string | undefined): Below | null | undefined {
  if (before === undefined || before === '') return null
  const [, at = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([mo][0-9a-f-]{1,36})$/u.exec(before) ?? []
  return id === '' || Number.isNaN(Date.parse(at)) ? undefined : { at: new Date(at), id }
}

const types: Record<string, Line['type']> = {
  ...{ text: 'text', image: 'image', audio: 'audio', video: 'video', file: 'file', link: 'link', location: 'location' },
  ...{ emoticon: 'sticker', miniProgram: 'miniprogram', contactCard: 'contact' },
}

/** In the key of everything that an adviser says to a customer. */
const sayPrefix = 'handoff-say:'

function lineOf(row: SaidRow, content: Content): Line {
  const { id, at, direction, topic, recalled, state, mediaId, mime, bytes } = row
  const type = types[row.type] ?? 'unknown'
  const isAdvisers = row.key?.startsWith(sayPrefix) ?? false
  const out = isAdvisers ? 'adviser' : 'bot'
  const by = row.by === null ? '' : (rosterOf(content).get(row.by)?.name ?? row.by)
  // The platform's text of what is no text is its own markup.
  const text = type === 'text' ? row.text : (row.title ?? '')
  return {
    ...{ id, type, state, group: topic, recalled, at: at.toISOString() },
    who: direction === 'in' ? 'customer' : direction === 'human' ? 'phone' : out,
    by: isAdvisers ? by : '',
    text: recalled ? '' : text,
    quoted: recalled ? null : (row.quoted?.text ?? null),
    media:
      recalled || mediaId === null
        ? null
        : { id: mediaId, mime: mime ?? '', name: row.filename ?? '', bytes: bytes ?? 0 },
    say: isAdvisers ? row.key : null,
  }
}
