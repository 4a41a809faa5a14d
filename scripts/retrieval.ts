/**
 * Measures retrieval: how often the right entry comes first, what is decided, and how often chances come true.
 *
 *   npm run retrieval -- [folder]
 *
 * Asked are the wordings of content/faq, each while it is left out of its entry; every second of them while its whole
 * entry is left out, so that nothing answers it; the shop of the tests with its strangers; and the set in `folder`
 * (entries.jsonl: id, question; queries.jsonl: q, id), if one is given. Takes a few minutes.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../src/app/registry.ts'
import { loadFolder } from '../src/content/index.ts'
import { consider } from '../src/domains/faq/retrieval/ask.ts'
import { type Candidate, featuresOf, odds, offerOf } from '../src/domains/faq/retrieval/confidence.ts'
import { charsOf, normalise } from '../src/domains/faq/retrieval/tokenise.ts'
import { entriesOf, type FaqEntry, faqKind } from '../src/domains/faq/schema.ts'
import type { Content, ContentKind } from '../src/kernel/content.ts'
import { contentWith } from '../tests/unit/faq-content.ts'
import { paraphrases, shopEntries, strangers } from '../tests/unit/faq-shop.ts'

/** A question that was asked; `right` is the entry that answers it. */
type Row = { right: string | null; length: number; found: readonly Candidate[]; decision: string; said: string[] }

const now = new Date('2026-03-02T10:00:00+08:00')

function askIn(content: Content, question: string, right: string | null, group?: string): Row {
  const { decision, found } = consider(content, question, { now, group: group ?? null })
  const entries = decision.kind === 'answer' ? decision.entries : []
  const offered = decision.kind === 'suggest' ? decision.found.map(({ entry }) => entry) : entries
  const length = charsOf(normalise(question)).length
  return { right, length, found, decision: decision.kind, said: offered.map(({ id }) => id) }
}

async function brand(): Promise<{ content: Content; entries: FaqEntry[] }> {
  const { content } = await loadFolder('content', registry, { tolerates: () => true })
  if (!content) throw new Error('the content folder cannot be read')
  return { content, entries: entriesOf(content) }
}

/** The content as if it had these entries. */
function having(content: Content, entries: readonly FaqEntry[]): Content {
  const items = entries.map((data) => ({ data, file: '', at: [] }))
  return {
    ...content,
    items: <T>(kind: ContentKind<T>) => (kind.name === faqKind.name ? (items as never) : content.items(kind)),
  }
}

function leftOut({ content, entries }: { content: Content; entries: FaqEntry[] }): { known: Row[]; unknown: Row[] } {
  const known: Row[] = []
  const unknown: Row[] = []
  for (const entry of entries) {
    const others = entries.filter((other) => other !== entry)
    const none = having(content, others)
    for (const [i, question] of entry.questions.entries()) {
      const [group] = entry.groups
      if (i % 2 === 0) unknown.push(askIn(none, question, null, group))
      const questions = entry.questions.filter((other) => other !== question)
      if (questions.length === 0) continue
      known.push(askIn(having(content, [...others, { ...entry, questions }]), question, entry.id, group))
    }
  }
  return { known, unknown }
}

function setIn(folder: string): Row[] {
  const linesOf = (file: string): Record<string, string>[] =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)
  const entries = linesOf('entries.jsonl').map(({ id = '', question = '' }) => ({
    id,
    questions: [question],
    answer: question,
  }))
  const content = contentWith({ entries })
  return linesOf('queries.jsonl').map(({ q = '', id = '' }) => askIn(content, q, id))
}

const share = (part: number, of: number): string => (of === 0 ? '–' : (part / of).toFixed(3))

function tell(name: string, rows: readonly Row[]): void {
  const ranks = rows.map(({ right, found }) => found.findIndex(({ entry }) => entry.id === right) + 1)
  const upTo = (rank: number): string => share(ranks.filter((at) => at > 0 && at <= rank).length, rows.length)
  const mrr = ranks.reduce((total, at) => total + (at > 0 ? 1 / at : 0), 0)
  const decided = (kind: string, isRight: boolean): number =>
    rows.filter(({ decision, said, right }) => decision === kind && said.includes(right ?? '') === isRight).length
  const verdicts = ['answer', 'suggest'].map(
    (kind) => `${kind} ${decided(kind, true)} right, ${decided(kind, false)} not`,
  )
  console.log(`\n${name}: ${rows.length} questions`)
  console.log(`  top-1 ${upTo(1)}, hit@5 ${upTo(5)}, MRR@10 ${share(mrr, rows.length)}`)
  console.log(`  ${verdicts.join('; ')}; none ${rows.filter(({ decision }) => decision === 'none').length}`)
}

/** A chance that was predicted, and whether it came true. */
type Case = { features: number[]; chance: number; isTrue: boolean; weight: number }

/** `most`: of how many entries one shall be right. What is the same text needs no chance. */
function casesOf(rows: readonly Row[], most: number, weight: number): Case[] {
  return rows.flatMap(({ found, right, length }) => {
    const [first] = found
    if (!first || first.likeness === 1) return []
    const { count, chance } = most === 1 ? { count: 1, chance: first.score } : offerOf(found, length, most)
    const weights = found.map(({ likeness }) => (likeness / first.likeness) ** odds.contrast)
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
    const share = sum(weights.slice(0, count)) / sum(weights)
    const isTrue = found.slice(0, count).some(({ entry }) => entry.id === right)
    return [{ features: [1, ...featuresOf(first.likeness, share, length)], chance, isTrue, weight }]
  })
}

/** In ten bins: what was predicted, what came true, and of how many. */
function reliability(name: string, cases: readonly Case[]): void {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, weight: 0, predicted: 0, came: 0 }))
  for (const { chance, isTrue, weight } of cases) {
    const bin = bins[Math.min(9, Math.floor(chance * 10))]!
    bin.count++
    bin.weight += weight
    bin.predicted += weight * chance
    if (isTrue) bin.came += weight
  }
  const all = bins.reduce((total, { weight }) => total + weight, 0)
  const error = bins.reduce((total, { predicted, came }) => total + Math.abs(predicted - came), 0)
  console.log(`\n${name}: expected calibration error ${share(error, all)}`)
  for (const { weight, predicted, came, count } of bins)
    if (count > 0) console.log(`  ${share(predicted, weight)} predicted, ${share(came, weight)} came true, of ${count}`)
}

/** Logistic regression by gradient descent with momentum: the constants of confidence.ts before they were rounded. */
function fit(cases: readonly Case[]): string {
  const total = cases.reduce((sum, { weight }) => sum + weight, 0)
  const factors = [0, 0, 0, 0]
  const speed = [0, 0, 0, 0]
  for (let step = 0; step < 20_000; step++) {
    const slope = [0, 0, 0, 0]
    for (const { features, isTrue, weight } of cases) {
      const logOdds = features.reduce((sum, value, i) => sum + value * factors[i]!, 0)
      const off = (weight * (1 / (1 + Math.exp(-logOdds)) - Number(isTrue))) / total
      for (const [i, value] of features.entries()) slope[i]! += off * value
    }
    for (const i of factors.keys()) {
      speed[i] = 0.95 * speed[i]! - 0.05 * slope[i]!
      factors[i]! += speed[i]
    }
  }
  const [start, likeness, ofAll, length] = factors.map((factor) => factor.toFixed(2))
  return `start ${start}, likeness ${likeness}, share ${ofAll}, length ${length}`
}

const { known, unknown } = leftOut(await brand())
const shop = contentWith({ entries: shopEntries })
const asked = paraphrases.map(([question, right]) => askIn(shop, question, right))
const strange = strangers.map((question) => askIn(shop, question, null))
const [folder] = process.argv.slice(2)
const set = folder === undefined ? [] : setIn(folder)

tell('Brand, without the wording itself', known)
tell('Brand, without the entry', unknown)
tell('Shop of the tests', asked)
tell('Strangers in that shop', strange)
if (folder !== undefined) tell(`The set in ${folder}`, set)

for (const [what, most] of [
  ['first entry', 1],
  ['entries offered', 3],
] as const) {
  // A third of what is asked has no answer.
  const learned = [
    ...casesOf([...known, ...asked], most, 1),
    ...casesOf(unknown, most, 0.5),
    ...casesOf(strange, most, 6),
  ]
  reliability(`Brand and shop, ${what}`, learned)
  if (folder !== undefined) reliability(`The set, which had no part in it, ${what}`, casesOf(set, most, 1))
  console.log(`\nfitted for the ${what}: ${fit(learned)}`)
}
console.log('in use:', odds)
