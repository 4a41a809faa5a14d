/** The parts of likeness that need the texts side by side; the rest comes out of the inverted index. */

/** What a piece of the text counts that stands not in the question itself, but beside it: in the answer, elsewhere. */
export const worth = { beside: 0.4, inAnswer: 0.2 }

/** Rarer pieces say more. One that no question has weighs most: it speaks of something that no entry asks. */
export function rarityOf(having: number, count: number): number {
  return Math.log(1 + (count - having + 0.5) / (having + 0.5))
}

/** How much of two texts stands in the same order when all that can is: what the lengths alone allow. */
export function orderAtMost(a: number, b: number): number {
  return (2 * Math.min(a, b)) / (a + b)
}

/**
 * Compares one text with many: twice the longest common subsequence over both lengths, 1 for the same characters in the
 * same order. Characters are numbers from 0 to below `alphabet`; -1 is one that the others do not have. `asked` has at
 * most 255 of them.
 *
 * The usual table of the subsequence is worked off a row at a time: `open` has a bit for each place of `asked`, which
 * is 0 where the row grows by one (Hyyrö, «Bit-parallel LCS-length computation revisited», 2004).
 */
export function orderWith(asked: readonly number[], alphabet: number): (other: Uint32Array) => number {
  const width = Math.ceil(asked.length / 32)
  // The places of each character of `asked` as bits, `width` numbers each. Slot 0 is for all others: nowhere.
  const slots = new Uint8Array(alphabet)
  const places = new Int32Array((asked.length + 1) * width)
  for (const [i, char] of asked.entries()) {
    if (char < 0) continue
    const slot = (slots[char] ||= i + 1)
    places[slot * width + (i >>> 5)]! |= 1 << (i & 31)
  }
  const open = new Int32Array(width)
  return (other) => {
    open.fill(-1)
    for (const char of other) {
      const slot = slots[char]!
      if (slot > 0) grow(open, places, slot * width)
    }
    let common = 0
    for (const bits of open) common += onesIn(~bits)
    return (2 * common) / (asked.length + other.length)
  }
}

/** The next row: in each run of open places the first that has the character closes, and its neighbour opens again. */
function grow(open: Int32Array, places: Int32Array, from: number): void {
  let carry = 0
  for (let i = 0; i < open.length; i++) {
    const bits = open[i]!
    const met = bits & places[from + i]!
    // As unsigned numbers: the sum of two and a carry needs a 33rd bit.
    const sum = (bits >>> 0) + (met >>> 0) + carry
    carry = sum > 0xffffffff ? 1 : 0
    open[i] = sum | (bits & ~met)
  }
}

function onesIn(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555)
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** A word of the customer: its characters and their weights, the weight of the word as a whole, and of all together. */
export type AskedWord = { word: string; chars: { char: string; weight: number }[]; weight: number; atMost: number }

/** Everything that an entry says: the questions, and what stands beside them (tags and answer), normalised. */
export type Sayings = { questions: string; beside: string }

/**
 * The weightiest word that nothing in the entry says. «How much is the *cleanser*» is very like «how much is the cream»
 * and yet no question for the cream; had the cream's answer spoken of the cleanser, it might be. `asked`: those that
 * can weigh most first.
 */
export function leftOut(asked: readonly AskedWord[], question: string, { questions, beside }: Sayings): number {
  let most = 0
  for (const { word, chars, weight, atMost } of asked) {
    if (atMost <= most) break
    if (question.includes(word)) continue
    if (word.length > 1 && beside.includes(word)) continue
    if (chars.every(({ char }) => questions.includes(char))) continue
    let missing = weight
    for (const { char, weight } of chars) if (!question.includes(char)) missing += weight
    most = Math.max(most, missing)
  }
  return most
}
