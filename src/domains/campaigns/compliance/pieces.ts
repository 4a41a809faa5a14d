/** What goes into the gate and what comes out of it. */
import type { Finding, Pointer } from '../../../kernel/content.ts'

/** A place in the text of a piece, in UTF-16 code units; what is missing stands at 0 with length 0. */
export type Spot = { index: number; length: number }

/**
 * A text that goes out: `text` is a message of its own, `title` and `description` belong to a card. `at` is whatever
 * leads the caller back to it, such as the way to it within its file.
 */
export type Piece<At = Pointer> = { text: string; at: At; kind: 'text' | 'title' | 'description' }

/** How the pieces of one drop or journey go out. */
export type Context = {
  /** marketing: the rules about sender and opt-out, and those for marketing alone, count too. */
  purpose: 'marketing' | 'service'
  /** To one customer at a time, to everybody in a group, or both. */
  to: 'direct' | 'group' | 'both'
  /** The brand's name, where the caller knows it; `{{ brand }}` counts anyway. */
  brand?: string
  /** Names of the personas that speak. */
  personas?: readonly string[]
  /** false: what goes before or comes after says who writes and how to refuse, as in the later steps of a journey. */
  complete?: boolean
  /** Whoever sends adds a line that says how to refuse. */
  hasOptOut?: boolean
  /** Names of products or campaigns in which words are not meant, beside those of compliance/brand.yaml. */
  exceptions?: readonly string[]
  /** Whether the content folder holds a file, by its path within it. Without it, paths are told of and not looked up. */
  holds?: (path: string) => boolean
  /** A message of more bytes of UTF-8 is sent in parts; 2,048 where nobody says. */
  partBytes?: number
}

/** A finding of the gate. `at` is the piece's own, the spot is within its text. */
export type Complaint<At = Pointer> = Spot &
  Pick<Finding, 'severity' | 'message' | 'expected'> & {
    /** The id of a rule of content/compliance, or one of `own`. */
    rule: string
    /** The law and its article; '' for what no law asks for. */
    law: string
    at: At
  }

/** Ids of what is looked at without a list of words. */
export type Own = 'sender' | 'opt-out' | 'personal-data' | 'too-long' | 'dead-link' | 'unsafe-link'

export type Told = Omit<Complaint<unknown>, 'at'>
