/** Amounts: decimal text outside, whole cents inside. They never pass through a float. */

/** Whether `text` is an amount, and what is wrong with it otherwise. */
export type AmountRead = { kind: 'amount'; cents: bigint } | { kind: 'wrong'; why: 'no-decimal' | 'too-fine' }

/** Reads `-1234.5`, `1,234.50` (thousands in groups of three, or of four as in 1,0000) and `0.500`, not `1e9`. */
export function readAmount(text: string): AmountRead {
  const [, sign, whole, fraction = ''] =
    /^([-+]?)(\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined) return { kind: 'wrong', why: 'no-decimal' }
  const [, two = '', finer = ''] = /^(\d{0,2})(\d*)$/.exec(fraction) ?? []
  if (/[1-9]/.test(finer)) return { kind: 'wrong', why: 'too-fine' }
  const cents = BigInt(whole.replaceAll(',', '') + two.padEnd(2, '0'))
  return { kind: 'amount', cents: sign === '-' ? -cents : cents }
}

/** The same amount as decimal text with two places, such as PostgreSQL's numeric(14,2) reads and writes. */
export function decimalOf(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Of what `decimalOf` or PostgreSQL wrote. Throws a RangeError for anything else. */
export function centsOf(decimal: string): bigint {
  const read = readAmount(decimal)
  if (read.kind === 'wrong') throw new RangeError('not a decimal with at most two places')
  return read.cents
}
