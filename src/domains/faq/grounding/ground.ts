/** What a cited entry gives an answer to stand on, read once for each version of the content. */
import type { GuardsContent, Product } from '../guards/index.ts'
import type { FaqEntry } from '../schema.ts'
import { datesWithin } from './numbers/calendar.ts'
import { type Claim, claimsOf, groundsOf } from './numbers/claims.ts'
import { plainly } from './numbers/normal.ts'
import { bare, type Named, namedIn } from './products.ts'
import { pieceAt, type Promised, promisesIn, sentenceAt } from './promises.ts'

/** An amount, date or way to somebody that an entry states, with what stands around it. */
export type Fact = {
  keys: ReadonlySet<string>
  unit: string
  /** The products that it may be about; none: it is about no product. */
  subjects: readonly Product[]
  /** The regions, levels and the like that it is said of; none: it is said of all. */
  scopes: readonly Product[]
  threshold: boolean
  /** Kinds of timed promises in its sentence, else those that the entry's questions ask for. */
  beside: ReadonlySet<string>
}

/** A promise of an entry, and the regions, levels and the like of which it is made; none: it is made to all. */
export type Pledge = Promised & { scopes: readonly Product[] }

export type Ground = {
  facts: readonly Fact[]
  promises: readonly Pledge[]
  products: ReadonlySet<Product>
  /** Kinds of timed promises that its questions ask for («几天到货») and its answer does not name. */
  asked: ReadonlySet<string>
  /** Letters and digits of the answer alone. */
  said: string
  /** The same with its questions and tags, each between marks. */
  named: string
}

const grounds = new WeakMap<FaqEntry, { guards: GuardsContent; ground: Ground }>()

export function groundOf(entry: FaqEntry, guards: GuardsContent): Ground {
  const known = grounds.get(entry)
  if (known?.guards === guards) return known.ground
  const ground = read(entry, guards)
  grounds.set(entry, { guards, ground })
  return ground
}

function read({ answer, questions, tags }: FaqEntry, guards: GuardsContent): Ground {
  const plain = plainly(answer)
  const named = namedIn(plain, guards.products)
  const promises = promisesIn(plain, guards)
  const words = [...questions, ...tags].map(plainly)
  const products = new Set(
    [...named, ...words.flatMap((text) => namedIn(text, guards.products))].map(({ product }) => product),
  )
  const only = new Set(named.map(({ product }) => product)).size <= 1 ? [...products] : []
  const promised = new Set(promises.map(({ kind }) => kind.id))
  const asked = new Set(
    words
      .flatMap((text) => promisesIn(text, guards))
      .flatMap(({ kind }) => (kind.timed && !promised.has(kind.id) ? [kind.id] : [])),
  )
  const of = {
    plain,
    named,
    scopes: namedIn(plain, guards.scopes),
    only: only.length === 1 ? only : [],
    promises,
    asked,
  }
  return {
    facts: claimsOf(plain, true).map((claim) => factOf(claim, of)),
    promises: promises.map((promise) => ({ ...promise, scopes: scopesAt(promise, of) })),
    asked,
    products,
    said: bare(answer),
    named: [bare(answer), ...words.map(bare)].join('\u0001'),
  }
}

type EntryRead = {
  plain: string
  named: readonly Named[]
  scopes: readonly Named[]
  /** The one product that the entry is about. */
  only: readonly Product[]
  promises: readonly Promised[]
  asked: ReadonlySet<string>
}

function factOf(claim: Claim, { plain, named, scopes, only, promises, asked }: EntryRead): Fact {
  const [from, to] = sentenceAt(plain, claim.start, claim.end)
  const about = (list: readonly Named[]): Product[] => aboutAt(plain, list, claim.start, claim.end)
  const subjects = about(named)
  const beside = promises
    .filter(({ kind, start, end }) => kind.timed && start < to && end > from)
    .map(({ kind }) => kind.id)
  const keys = groundsOf(claim, subjects.length > 0).flatMap((key) => [key, ...datesWithin(key)])
  return {
    keys: new Set(keys),
    unit: claim.unit,
    subjects: subjects.length > 0 ? subjects : only,
    scopes: about(scopes),
    threshold: claim.threshold,
    beside: beside.length > 0 ? new Set(beside) : asked,
  }
}

function scopesAt({ start, end }: Promised, { plain, scopes }: EntryRead): Product[] {
  return aboutAt(plain, scopes, start, end)
}

/** What of a list is named around a place, and the last of it that its sentence names before. */
function aboutAt(plain: string, list: readonly Named[], start: number, end: number): Product[] {
  const [first] = sentenceAt(plain, start, end)
  const within = (from: number, to: number) => list.filter((one) => one.start < to && one.end > from)
  const named = [...within(...pieceAt(plain, start, end)), ...within(first, start).slice(-1)]
  return [...new Set(named.map(({ product }) => product))]
}
