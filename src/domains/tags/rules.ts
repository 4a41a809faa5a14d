/** What tagging needs of content: plain data, so that it can be handed to another thread. */
import { createHash } from 'node:crypto'
import type { Content } from '../../kernel/content.ts'
import { type PrivacySettings, privacySettings } from '../members/index.ts'
import { type Dimension, tagsKind } from './content.ts'
import type { RfmSettings } from './rfm/schema.ts'

export type TagRules = {
  /** Of everything that tags come from: when it changes, the whole base is tagged again. */
  hash: string
  /** The same by dimension; under '' of what all of them depend on. Tells what a change is about. */
  parts: Readonly<Record<string, string>>
  /** The brand's zone (IANA). */
  zone: string
  /** Whether nothing personal is kept of who has not agreed. */
  consent: PrivacySettings['consent']
  rfm: RfmSettings
  dimensions: readonly Dimension[]
  /** Only these dimensions are decided: all others, and the scores, stand as they are stored. */
  only?: readonly string[]
}

export function tagRulesOf(content: Content): TagRules {
  const { consent } = content.settings(privacySettings)
  return rulesOf({ zone: content.zone, consent, ...content.one(tagsKind) })
}

export function rulesOf(given: Pick<TagRules, 'zone' | 'consent' | 'rfm' | 'dimensions'>): TagRules {
  const { zone, consent, rfm, dimensions } = given
  const parts: Record<string, string> = { '': hashOf([zone, consent, rfm]) }
  for (const dimension of dimensions) parts[dimension.id] = hashOf(dimension)
  return { zone, consent, rfm, dimensions, parts, hash: hashOf(parts) }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, withoutWords)).digest('hex')
}

/**
 * The dimensions that a change from other parts is about, those that are gone included; null: all of them, and the scores.
 */
export function changedDimensions(before: TagRules['parts'], { parts, dimensions }: TagRules): string[] | null {
  if (before[''] !== parts['']) return null
  const names = new Set([...Object.keys(before), ...Object.keys(parts)])
  const changed = [...names].filter((name) => before[name] !== parts[name])
  // Groups of value look at the lifecycle.
  const depends = dimensions.filter(({ kind }) => kind === 'lifecycle' || kind === 'valueGroup').map(({ id }) => id)
  return depends.some((id) => changed.includes(id)) ? [...new Set([...changed, ...depends])] : changed
}

/** The same rules for these dimensions alone. */
export function narrowed(rules: TagRules, only: readonly string[]): TagRules {
  return { ...rules, only, dimensions: rules.dimensions.filter(({ id }) => only.includes(id)) }
}

/** How something is called changes nobody's tags. */
function withoutWords(key: string, value: unknown): unknown {
  return key === 'title' || key === 'saidAs' ? undefined : value
}

/** How far back facts are loaded, in milliseconds: as far as some rule looks; 0: none of them. */
export type LookBack = { orders: number; interactions: number; messages: number }

/** What has no window of its own counts for so long. */
const longest = 3_650 * 86_400_000

export function lookBackOf({ dimensions, rfm, only }: TagRules): LookBack {
  const scores = only ? 0 : (rfm.window ?? longest)
  const back: LookBack = { orders: scores, interactions: scores, messages: 0 }
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
      // Her first order says since when she is a customer.
      return { orders: longest, interactions: last, messages: last }
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
export function windowsOf({ dimensions, rfm, only }: TagRules): number[] {
  const windows = dimensions.flatMap((dimension) =>
    dimension.kind === 'level' || dimension.kind === 'loyalty' ? [dimension.window] : [],
  )
  return [...new Set(only || rfm.window === undefined ? windows : [...windows, rfm.window])]
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
