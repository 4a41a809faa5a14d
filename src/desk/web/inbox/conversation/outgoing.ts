/** What she has written and the server has not answered for yet: kept in order, by case, whatever page is shown. */
import { useSyncExternalStore } from 'react'
import type { Act, CaseDetail, CaseLine, Line, Me, Queue, Uploaded } from '../../../api.ts'
import { act, freshKey } from '../../api/acts.ts'
import { cache, noticeOver } from '../../api/cache.ts'
import { upload, whyOf } from '../../api/client.ts'
import { keys } from '../../api/queries.ts'
import { patchQueue } from '../../live/patch.ts'
import type { Fills, Key } from '../../locale/speak.ts'
import { refusalWords } from '../refusals.ts'

type Saying =
  | { kind: 'text'; text: string }
  | { kind: 'draft'; n: number; text: string }
  | { kind: 'file'; file: File; text: string; uploaded: Uploaded | null }

export type Outgoing = {
  /** Of the click; the same for every try, so that it is said once. */
  key: string
  number: number
  saying: Saying
  state: 'waiting' | 'sending' | 'failed' | 'taken'
  why: [Key, Fills] | null
  /** The lines that were there before: what is new and says the same is this one. */
  known: readonly string[]
}

let all: readonly Outgoing[] = []
const listeners = new Set<() => void>()
const running = new Set<number>()

export const useOutgoing = (): readonly Outgoing[] =>
  useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => all,
  )

export function sendLater(number: number, saying: Saying): void {
  const known = cache.getQueryData<CaseDetail>(keys.case(number))?.conversation.map(({ id }) => id) ?? []
  change([...all, { key: freshKey(), number, saying, state: 'waiting', why: null, known }])
  void run(number)
}

export function tryAgain(key: string): void {
  const one = all.find((outgoing) => outgoing.key === key)
  if (!one) return
  update(key, { state: 'waiting', why: null })
  void run(one.number)
}

export function drop(key: string): void {
  const one = all.find((outgoing) => outgoing.key === key)
  change(all.filter((outgoing) => outgoing.key !== key))
  if (one) void run(one.number)
}

/** One after the other: what was written second is not said first, also when the first one failed. */
async function run(number: number): Promise<void> {
  if (running.has(number)) return
  running.add(number)
  try {
    for (;;) {
      const next = all.find((one) => one.number === number && one.state !== 'taken')
      if (!next || next.state === 'failed') return
      update(next.key, { state: 'sending' })
      await sendOne(next)
    }
  } finally {
    running.delete(number)
  }
}

async function sendOne({ key, number, saying }: Outgoing): Promise<void> {
  try {
    const outcome = await act(number, key, await actOf(key, saying))
    if ('refused' in outcome) {
      update(key, { state: 'failed', why: refusalWords(outcome.refused) })
      return
    }
    if ('slow' in outcome) {
      update(key, { state: 'failed', why: ['error.unavailable', {}] })
      return
    }
    update(key, { state: 'taken' })
    void settle(key, outcome.done)
  } catch (error) {
    noticeOver(error)
    update(key, { state: 'failed', why: whyOf(error) })
  }
}

async function actOf(key: string, saying: Saying): Promise<Act> {
  if (saying.kind === 'text') return { act: 'say', text: saying.text }
  if (saying.kind === 'draft') return { act: 'draft', n: saying.n }
  const uploaded =
    saying.uploaded ?? (await upload<Uploaded>(`/api/media?name=${encodeURIComponent(saying.file.name)}`, saying.file))
  update(key, { saying: { ...saying, uploaded } })
  return { act: 'say-media', media: uploaded.id, name: uploaded.name }
}

/** It goes away when the case that holds its line has been read. */
async function settle(key: string, line: CaseLine): Promise<void> {
  const me = cache.getQueryData<Me>(keys.me)
  if (me) cache.setQueryData<Queue>(keys.queue, (queue) => queue && patchQueue(queue, line, me.id))
  cache.setQueryData<CaseDetail>(keys.case(line.number), (detail) => detail && { ...detail, line })
  await cache.invalidateQueries({ queryKey: keys.case(line.number) })
  change(all.filter((one) => one.key !== key))
}

/** Those that no line of the conversation shows yet. A new line stands for one of them only. */
export function stillOutgoing(outgoing: readonly Outgoing[], lines: readonly Line[]): Outgoing[] {
  const used = new Set<string>()
  return outgoing.filter(({ saying, known, state }) => {
    if (state === 'failed') return true
    const shown = lines.find(
      ({ id, who, text, media }) =>
        who === 'adviser' &&
        !known.includes(id) &&
        !used.has(id) &&
        (saying.kind === 'file' ? media !== null && media.id === saying.uploaded?.id : text.includes(saying.text)),
    )
    if (shown) used.add(shown.id)
    return !shown
  })
}

function update(key: string, changed: Partial<Outgoing>): void {
  change(all.map((one) => (one.key === key ? { ...one, ...changed } : one)))
}

function change(next: readonly Outgoing[]): void {
  all = next
  for (const tell of listeners) tell()
}
