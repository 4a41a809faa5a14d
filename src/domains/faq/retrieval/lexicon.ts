/**
 * Words that jieba's dictionary does not know, and words that mean the same: those of content/words.yaml, the tags of the
 * entries, and what everybody asks with.
 *
 * They are laid over what jieba cuts instead of being loaded into it. What it has loaded it keeps: the words of one
 * version of the content would live on in the next, and two processes would read the same text differently. And a fresh
 * dictionary for each version costs 0.2 s and 60 MB. A word counts where it begins and ends between two of jieba's words,
 * so that «发红» is not found in «开发红包».
 */
export type Lexicon = {
  /** What each word is read as: itself, or the first of its group. */
  readonly meanings: ReadonlyMap<string, string>
  /** The words that begin with a character, longest first. */
  readonly byFirst: ReadonlyMap<string, readonly string[]>
  /** Words that mean nearly the same as others: which of them was said counts a little. */
  readonly near: ReadonlySet<string>
}

type Groups = Iterable<readonly string[]>

/**
 * All words come normalised. The words of a group of `near` mean nearly the same, those of `same` altogether. Of a word in
 * two groups the first counts. Of `words`, one of a single character says nothing: jieba cuts there anyway.
 */
export function lexiconOf(given: { words: Iterable<string>; near: Groups; same: Groups }): Lexicon {
  const meanings = new Map<string, string>()
  const read = (groups: Groups): void => {
    for (const group of groups) {
      const [meaning, ...others] = new Set(group.filter((word) => word !== '' && !meanings.has(word)))
      if (meaning === undefined || others.length === 0) continue
      for (const word of [meaning, ...others]) meanings.set(word, meaning)
    }
  }
  read(given.near)
  const near = new Set(meanings.keys())
  read(given.same)
  for (const word of given.words) if (word.length > 1 && !meanings.has(word)) meanings.set(word, word)
  const byFirst = Map.groupBy(meanings.keys(), (word) => word.charAt(0))
  for (const alike of byFirst.values()) alike.sort((a, b) => b.length - a.length)
  return { meanings, byFirst, near }
}

/** A word of the lexicon in a text, from its first offset to the one behind it. */
export type Span = { from: number; to: number; word: string }

/** The words in a text that begin and end where one of the pieces does that make it up: leftmost, then longest. */
export function spansIn(text: string, pieces: readonly string[], { byFirst }: Lexicon): Span[] {
  const ends = new Set([0])
  let end = 0
  for (const piece of pieces) ends.add((end += piece.length))
  const spans: Span[] = []
  let reached = 0
  for (const from of ends) {
    if (from < reached) continue
    const fits = (word: string): boolean => ends.has(from + word.length) && text.startsWith(word, from)
    const word = byFirst.get(text.charAt(from))?.find(fits)
    if (word === undefined) continue
    reached = from + word.length
    spans.push({ from, to: reached, word })
  }
  return spans
}

/** What the words of a long text mean, as far as they mean something else. It is not cut: a few too many do no harm. */
export function alsoMeant(text: string, { meanings, byFirst }: Lexicon): string[] {
  const found = new Set<string>()
  for (let at = 0; at < text.length; at++) {
    const word = byFirst.get(text.charAt(at))?.find((one) => text.startsWith(one, at))
    if (word !== undefined && meanings.get(word) !== word) found.add(meanings.get(word)!)
  }
  return [...found]
}
