/** What a file is, by its first bytes: names and claims of whoever sends it say nothing. */

const starts: readonly (readonly [mime: string, hex: RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^47494638(?:37|39)61/],
  ['image/webp', /^52494646.{8}57454250/],
]

/** The type of a picture that browsers show; undefined for everything else. */
export function pictureType(bytes: Buffer): string | undefined {
  const hex = bytes.subarray(0, 16).toString('hex')
  return starts.find(([, start]) => start.test(hex))?.[0]
}
