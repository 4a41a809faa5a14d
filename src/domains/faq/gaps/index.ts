/** What the FAQ does not know: questions that got no good answer, grouped, and drafts of entries for them. */
import type { Content } from '../../../kernel/content.ts'
import type { Queryable } from '../../../kernel/work.ts'
import { withoutPleasantries } from '../pleasantries.ts'
import { consider } from '../retrieval/ask.ts'
import { spoken } from '../retrieval/reading.ts'
import { normalise } from '../retrieval/tokenise.ts'
import { entriesOf, type FaqEntry, faqKind, faqSettings } from '../schema.ts'
import { groupAlike, type Wording } from './group.ts'
import { listMissed } from './repo.ts'
import { examplesAtMost, type Gap } from './schema.ts'

export { type Draft, draftEntry, type Drafting } from './draft.ts'
export { hidden, masked } from './mask.ts'
export { type Proposal, proposeEntry } from './propose.ts'
export type { Gap } from './schema.ts'

/** The newest so many questions are looked at: grouping them takes seconds. */
const questionsAtMost = 10_000
const nearestAtMost = 3
const day = 86_400_000

export type GapsAsked = {
  now: Date
  /** How far to look back. */
  days: number
  /** Groups that were asked less often are left out. */
  least: number
}

export type Gaps = {
  gaps: Gap[]
  /** Questions that were looked at; `more`: there are older ones that were not. */
  questions: number
  more: boolean
}

/** What was asked most and answered least, first. The same rows give the same list. */
export async function findGaps(db: Queryable, content: Content, { now, days, least }: GapsAsked): Promise<Gaps> {
  const missed = await listMissed(db, new Date(now.getTime() - days * day), questionsAtMost + 1)
  const questions = missed.slice(0, questionsAtMost)
  const settings = content.settings(faqSettings)
  const drafts = draftedQuestions(content)
  const gaps = groupAlike(questions, {
    plain: (text) => withoutPleasantries(spoken(text), settings),
    background: backgroundOf(content),
  })
    .map((group) => gapOf(group, content, now, drafts))
    .filter(({ asked }) => asked >= least)
    .sort(byNeed)
  return { gaps, questions: questions.length, more: missed.length > questionsAtMost }
}

function gapOf(group: readonly Wording[], content: Content, now: Date, drafts: ReadonlyMap<string, string>): Gap {
  const { found } = consider(content, group[0]!.text, { now, group: null })
  return {
    asked: group.reduce((sum, { asked }) => sum + asked, 0),
    people: new Set(group.flatMap(({ people }) => [...people])).size,
    lastAsked: new Date(Math.max(...group.map(({ lastAsked }) => lastAsked.getTime()))),
    examples: group.slice(0, examplesAtMost).map(({ text }) => text),
    nearest: found.slice(0, nearestAtMost).map(({ entry, score }) => ({ entry: entry.id, chance: score })),
    draft: group.map(({ text }) => drafts.get(normalise(text))).find((id) => id !== undefined) ?? null,
  }
}

/** As many questions as tell usual words from rare ones. */
const backgroundAtMost = 2_000

function backgroundOf(content: Content): string[] {
  const entries = entriesOf(content)
  const each = Math.max(1, Math.floor(backgroundAtMost / Math.max(1, entries.length)))
  return entries.flatMap(({ questions }) => questions.slice(0, each)).slice(0, backgroundAtMost)
}

function byNeed(a: Gap, b: Gap): number {
  const [first, second] = [a.examples[0]!, b.examples[0]!]
  return (
    b.asked - a.asked ||
    b.people - a.people ||
    b.lastAsked.getTime() - a.lastAsked.getTime() ||
    (first < second ? -1 : Number(first > second))
  )
}

/** The questions of drafts, normalised, with the draft that has them. */
function draftedQuestions(content: Content): Map<string, string> {
  const drafts = content.items(faqKind).filter(({ data }) => data.draft)
  return new Map(drafts.flatMap(({ data }) => data.questions.map((question) => [normalise(question), data.id])))
}

/** The entries by which a gap is nearest, as content has them. */
export function nearestEntries(content: Content, { nearest }: Gap): { entry: FaqEntry; chance: number }[] {
  const entries = new Map(content.items(faqKind).map(({ data }) => [data.id, data]))
  return nearest.flatMap(({ entry: id, chance }) => {
    const entry = entries.get(id)
    return entry ? [{ entry, chance }] : []
  })
}

/** The first free id of a draft of this day: `gap-20261122-1`. */
export function freeGapId(content: Content, today: string, isTaken: (id: string) => boolean = () => false): string {
  const known = new Set(content.items(faqKind).map(({ data }) => data.id))
  for (let number = 1; ; number++) {
    const id = `gap-${today.replaceAll('-', '')}-${number}`
    if (!known.has(id) && !isTaken(id)) return id
  }
}
