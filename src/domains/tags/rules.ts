/** What tagging needs of content: plain data, so that it can be handed to another thread. */
import { createHash } from 'node:crypto'
import type { Content } from '../../kernel/content.ts'
import { type PrivacySettings, privacySettings } from '../members/index.ts'
import { type Dimension, tagsKind } from './content.ts'
import type { RfmSettings } from './rfm/schema.ts'

export type TagRules = {
  /** Of everything below that tags come from: when it changes, the whole base is tagged again. */
  hash: string
  /** The brand's zone (IANA). */
  zone: string
  /** Whether nothing personal is kept of who has not agreed. */
  consent: PrivacySettings['consent']
  rfm: RfmSettings
  dimensions: readonly Dimension[]
}

export function tagRulesOf(content: Content): TagRules {
  const { rfm, dimensions } = content.one(tagsKind)
  const { consent } = content.settings(privacySettings)
  const rules = { zone: content.zone, consent, rfm, dimensions }
  return { ...rules, hash: createHash('sha256').update(JSON.stringify(rules, withoutWords)).digest('hex') }
}

/** How something is called changes nobody's tags. */
function withoutWords(key: string, value: unknown): unknown {
  return key === 'title' || key === 'saidAs' ? undefined : value
}

/** How far back facts are loaded, in milliseconds: as far as some rule looks. */
export type LookBack = { orders: number; interactions: number; messages: number }

/** What has no window of its own counts for so long. */
const longest = 3_650 * 86_400_000

export function lookBackOf({ dimensions, rfm }: TagRules): LookBack {
  const back: LookBack = { orders: rfm.window ?? longest, interactions: rfm.window ?? longest, messages: 0 }
  for (const dimension of dimensions) {
    const needs = needsOf(dimension)
    back.orders = Math.max(back.orders, needs.orders ?? 0)
    back.interactions = Math.max(back.interactions, needs.interactions ?? 0)
    back.messages = Math.max(back.messages, needs.messages ?? 0)
  }
  return back
}

function needsOf(dimension: Dimension): Partial<LookBack> {
  switch (dimension.kind) {
    case 'level':
      return { orders: dimension.window }
    case 'loyalty':
      return { orders: dimension.window, interactions: dimension.window }
    case 'lifecycle': {
      const last = dimension.leaving.after
      return { orders: last, interactions: last, messages: last }
    }
    case 'interest': {
      // After so many half-lives nothing to speak of is left.
      const faded = 6 * dimension.halfLife
      return { orders: faded, interactions: faded, messages: faded }
    }
    case 'region':
      return { orders: dimension.holds.order, messages: dimension.holds.said }
    case 'valueGroup':
    case 'byHand':
      return {}
    default:
      return dimension satisfies never
  }
}

/** Windows whose end a fact may cross without anything else happening, in milliseconds. */
export function windowsOf({ dimensions, rfm }: TagRules): number[] {
  const windows = dimensions.flatMap((dimension) =>
    dimension.kind === 'level' || dimension.kind === 'loyalty' ? [dimension.window] : [],
  )
  return [...new Set(rfm.window === undefined ? windows : [...windows, rfm.window])]
}

/**
 * How tags of a dimension get along. `one`: a single value holds. `all`: every value holds by itself. `together`: several
 * values say one thing, such as a city and its province; a hand's take the place of all others.
 */
export function mannerOf(dimension: Dimension): 'one' | 'all' | 'together' {
  switch (dimension.kind) {
    case 'interest':
      return 'all'
    case 'region':
      return 'together'
    case 'byHand':
      return dimension.several ? 'all' : 'one'
    default:
      return 'one'
  }
}
