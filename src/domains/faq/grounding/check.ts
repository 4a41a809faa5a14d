/**
 * Whether an answer of the model may be said: every claim of it stands in an entry that it cites and was given.
 * Pure; what entries say is read once for each version of the content.
 */
import type { Content } from '../../../kernel/content.ts'
import type { CheckName, Complaint, ModelAnswer, Turn } from '../answers/schema.ts'
import { type GuardsContent, guardsOf, type Product } from '../guards/index.ts'
import type { Persona } from '../persona/index.ts'
import type { FaqEntry } from '../schema.ts'
import { type Claim, claimsOf } from './numbers/claims.ts'
import { type Fact, type Ground, groundOf } from './ground.ts'
import { plainly } from './numbers/normal.ts'
import { bare, type Named, namedIn, quoted, strangeGoods, subjectAt } from './products.ts'
import { clauseAt, type Promised, promisesIn } from './promises.ts'
import * as sayings from './sayings.ts'
import { durations } from './numbers/vocabulary.ts'
import * as words from './vocabulary.ts'

export type CheckedOn = {
  /** The entries that the model was given. */
  given: readonly FaqEntry[]
  question: string
  context: readonly Turn[]
  persona: Persona | undefined
  content: Content
  /** Names by which the asker is known: she may be called by them, and nobody else by theirs. */
  askerNames: readonly string[]
}

const longestCourtesy = 80
const complaintsAtMost = 12
/** In characters: a shorter one may be said in words of its own. */
const shortestMeasured = 6
/** In characters: what is no longer, has a figure and a word of the entry stands or falls by the figure. */
const longestOfFigure = 24
const longestMeasured = 400
const han = /\p{Script=Han}/u
const inHan = /^\p{Script=Han}{2}/u
/** Of its pairs of characters that what it cites has too. Good answers of the example brand have 0.39 and more, a poem 0.08. */
const leastShared = 0.3
/** What is longer is complained of, and not read to its end. */
const longestRead = 4_000

/** [] when the answer may be said. What it complains of is in the words of the answer, for the repair. */
export function checkAnswer(answer: ModelAnswer, on: CheckedOn): Complaint[] {
  if (bare(answer.answer) === '') return [{ check: 'empty', words: '' }]
  const guards = guardsOf(on.content)
  const plain = plainly(withoutOffer(answer, on.persona).slice(0, longestRead))
  const cited = on.given.filter(({ id }) => answer.cites.includes(id))
  const grounds = cited.map((entry) => groundOf(entry, guards))
  const said = grounds.map((ground) => ground.said).join('\u0001')
  const named = grounds.map((ground) => ground.named).join('\u0001')
  const question = plainly(on.question)
  const promises = promisesIn(plain, guards)
  const scopes = namedIn(plain, guards.scopes)
  const all = [
    ...citations(answer, on.given),
    ...besideThePoint(plain, named, cited),
    ...unfounded(plain, grounds, promises, guards, question),
    ...unfoundedGoods(plain, grounds, named, guards, on, question),
    ...unfoundedPromises(promises, grounds, claimsOf(plain), ({ start, end }) => subjectAt(plain, scopes, start, end)),
    ...agreedTo(plain, question, grounds, guards),
    ...sayings.absolutesIn(plain, guards.absolutes, said),
    ...sayings.absolutesIn(plain, guards.medical, said),
    ...sayings.bannedIn(plain, on.persona),
    ...sayings.personsIn(plain, said, on.askerNames),
    ...sayings.humanClaims(plain),
    ...sayings.leaksIn(plain, { entryIds: on.given.map(({ id }) => id), known: said, persona: on.persona }),
    ...sayings.languageOf(plain, question, said),
    ...sayings.lengthComplaint(answer, on.persona),
  ]
  return distinct(all).slice(0, complaintsAtMost)
}

/** The line below an answer to somebody angry is approved as it stands. */
function withoutOffer({ answer, mood }: ModelAnswer, persona: Persona | undefined): string {
  const offer = persona?.moods[mood]?.offersHuman
  return offer === undefined ? answer : answer.replaceAll(offer, '')
}

function distinct(complaints: readonly Complaint[]): Complaint[] {
  return [...new Map(complaints.map((one) => [`${one.check} ${one.words}`, one])).values()]
}

function citations({ answer, cites, intent }: ModelAnswer, given: readonly FaqEntry[]): Complaint[] {
  const unknown = cites.filter((id) => !given.some((entry) => entry.id === id))
  if (unknown.length > 0) return [{ check: 'citation', words: unknown.join(' ') }]
  const needsNone = intent !== 'faq' && [...answer].length <= longestCourtesy
  return cites.length > 0 || needsNone ? [] : [{ check: 'citation', words: '' }]
}

/**
 * A text that has hardly a word of what it cites does not stand on it: a poem claims nothing, and is no answer. Of words
 * in Latin letters nothing is said: an answer in English shares none.
 */
function besideThePoint(plain: string, named: string, cited: readonly FaqEntry[]): Complaint[] {
  const characters = [...bare(plain)].slice(0, longestMeasured)
  const pairs = characters.flatMap((first, i) => (han.test(first) ? [first + (characters[i + 1] ?? '')] : []))
  if (cited.length === 0 || pairs.length < shortestMeasured) return []
  const shared = pairs.filter((pair) => named.includes(pair))
  const isFigure = pairs.length <= longestOfFigure && shared.some((pair) => inHan.test(pair))
  if (isFigure && claimsOf(plain).some(({ mild }) => !mild)) return []
  return shared.length / pairs.length < leastShared ? [{ check: 'citation', words: '' }] : []
}

/** Amounts, dates, links and numbers to call that stand in no cited entry, or there about something else. */
function unfounded(
  plain: string,
  grounds: readonly Ground[],
  promises: readonly Promised[],
  guards: GuardsContent,
  question: string,
): Complaint[] {
  const facts = grounds.flatMap((ground) => ground.facts)
  const products = namedIn(plain, guards.products)
  const scopes = namedIn(plain, guards.scopes)
  const nearest = (named: readonly Named[], { start, end }: Claim) => subjectAt(plain, named, start, end)
  return claimsOf(plain).flatMap((claim): Complaint[] => {
    const found = facts.filter(({ keys }) => claim.keys.some((key) => keys.has(key)))
    const beside = promisesBeside(claim, plain, promises)
    const wrong =
      found.length === 0
        ? !isEcho(claim, beside, question) && !(claim.mild && !facts.some(({ unit }) => unit === claim.unit))
        : isMisplaced(claim, found, { subject: nearest(products, claim), scope: nearest(scopes, claim), beside })
    return wrong ? [{ check: claim.check, words: claim.words }] : []
  })
}

function promisesBeside(claim: Claim, plain: string, promises: readonly Promised[]): Promised[] {
  const [from, to] = clauseAt(plain, claim.start, claim.end)
  return promises.filter(({ start, end }) => start < to && end > from)
}

/** A count that the customer named herself, said back where it promises nothing. */
function isEcho(claim: Claim, beside: readonly Promised[], question: string): boolean {
  if (claim.check !== 'number' || !claim.soft || beside.some(({ stance }) => stance === 'affirmed')) return false
  return claimsOf(question).some(({ keys }) => keys.some((key) => claim.keys.includes(key)))
}

type Around = { subject: Product | undefined; scope: Product | undefined; beside: readonly Promised[] }

/**
 * The figure is in the entry, but there it is another product's or region's, a threshold and no price, or the time of
 * something else.
 */
function isMisplaced(claim: Claim, found: readonly Fact[], { subject, scope, beside }: Around): boolean {
  const { check, unit, threshold } = claim
  const isOfGoods = check === 'price' || check === 'percentage' || (check === 'number' && unit !== '')
  const isAbout = (list: readonly Product[], one: Product | undefined): boolean =>
    one === undefined || list.length === 0 || list.includes(one)
  const timed = beside.filter(({ kind, stance }) => kind.timed && stance !== 'open').map(({ kind }) => kind.id)
  const isTime = durations.has(unit) && timed.length > 0
  return !found.some(
    (fact) =>
      (!isOfGoods || isAbout(fact.subjects, subject)) &&
      isAbout(fact.scopes, scope) &&
      (check !== 'price' || fact.threshold === threshold) &&
      (!isTime || timed.some((kind) => fact.beside.has(kind))),
  )
}

function unfoundedGoods(
  plain: string,
  grounds: readonly Ground[],
  named: string,
  guards: GuardsContent,
  { persona }: CheckedOn,
  question: string,
): Complaint[] {
  const known = [named, bare(persona?.name ?? '')].join('\u0001')
  const others = namedIn(plain, guards.products).filter(
    ({ product }) => !grounds.some(({ products }) => products.has(product)),
  )
  // What she asked for and there is not may be called by its name.
  const asked = bare(question)
  const missing = (name: string): boolean =>
    asked.includes(bare(name)) && words.missing.test(plain.slice(Math.max(0, plain.indexOf(name) - 10)))
  const strange = [
    ...others.map((one) => one.words),
    ...strangeGoods(plain, guards, known).filter((name) => !missing(name)),
    ...quoted(plain).filter((name) => !known.includes(bare(name)) && !asked.includes(bare(name))),
  ]
  return strange.map((name) => ({ check: 'product', words: name }))
}

/** Affirmed what no cited entry affirms, or denied what none denies. */
function unfoundedPromises(
  promises: readonly Promised[],
  grounds: readonly Ground[],
  claims: readonly Claim[],
  scopeOf: (promise: Promised) => Product | undefined,
): Complaint[] {
  const entries = grounds.flatMap((ground) => ground.promises)
  return promises.flatMap((promise): Complaint[] => {
    if (promise.stance === 'open') return []
    const same = entries.filter(({ kind, group }) => kind.id === promise.kind.id && group === promise.group)
    const scope = scopeOf(promise)
    const isMadeTo = (scopes: readonly Product[]) =>
      scope === undefined || scopes.length === 0 || scopes.includes(scope)
    if (same.some(({ stance, scopes }) => stance === promise.stance && isMadeTo(scopes))) return []
    // A duration that an entry names in answer to such a question was looked at with the amounts.
    const isTime = claims.some(
      ({ unit, start, end }) => durations.has(unit) && start < promise.end && end > promise.start,
    )
    if (promise.kind.timed && isTime && grounds.some(({ asked }) => asked.has(promise.kind.id))) return []
    const free = promise.stance === 'denied' && promise.kind.denial === 'free'
    if (free && !same.some(({ stance }) => stance === 'affirmed')) return []
    return [{ check: 'promise', words: promise.words }]
  })
}

/** «可以的» to «给我打五折吧»: a yes promises what was asked for. */
function agreedTo(plain: string, question: string, grounds: readonly Ground[], guards: GuardsContent): Complaint[] {
  const [yes] = words.agreement.exec(plain) ?? []
  if (yes === undefined) return []
  const entries = grounds.flatMap((ground) => ground.promises)
  const asked = promisesIn(question, guards).filter(
    ({ kind, group, stance, start, end }) =>
      kind.asked &&
      stance !== 'denied' &&
      words.asks.test(question.slice(...clauseAt(question, start, end))) &&
      !entries.some((entry) => entry.kind.id === kind.id && entry.group === group && entry.stance === 'affirmed'),
  )
  return asked.map(
    ({ words: promise }): Complaint => ({ check: 'promise' satisfies CheckName, words: `${yes.trim()}: ${promise}` }),
  )
}
