/** The parts of likeness that need the texts side by side; the rest comes out of the inverted index. */

/** Rarer pieces say more. One that no question has weighs most: it speaks of something that no entry asks. */
export function rarityOf(having: number, count: number): number {
  return Math.log(1 + (count - having + 0.5) / (having + 0.5))
}

/** Twice the longest common subsequence over both lengths: 1 for the same characters in the same order. */
export function inOrder(a: readonly string[], b: readonly string[]): number {
  let row = new Uint16Array(b.length + 1)
  let next = new Uint16Array(b.length + 1)
  for (const char of a) {
    for (let j = 1; j <= b.length; j++) {
      next[j] = char === b[j - 1] ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!)
    }
    ;[row, next] = [next, row]
  }
  return (2 * row[b.length]!) / (a.length + b.length)
}

/** A word of the customer: its characters and their weights, and the weight of the word as a whole. */
export type AskedWord = { word: string; chars: { char: string; weight: number }[]; weight: number }

/** Everything that an entry says: the questions, and what stands beside them (tags and answer), normalised. */
export type Sayings = { questions: string; beside: string }

/**
 * The weightiest word that nothing in the entry says. «How much is the *cleanser*» is very like «how much is the cream»
 * and yet no question for the cream; had the cream's answer spoken of the cleanser, it might be.
 */
export function leftOut(asked: readonly AskedWord[], question: string, { questions, beside }: Sayings): number {
  let most = 0
  for (const { word, chars, weight } of asked) {
    if (question.includes(word)) continue
    if (word.length > 1 && beside.includes(word)) continue
    if (chars.every(({ char }) => questions.includes(char))) continue
    let missing = weight
    for (const { char, weight } of chars) if (!question.includes(char)) missing += weight
    most = Math.max(most, missing)
  }
  return most
}
