/** One-time codes that bind an adviser's WeChat. */

/** Letters and digits that nobody mixes up; 8 of them are 10^11 codes, and one is good for minutes. */
export const codeLetters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
export const codeLength = 8

/** `Code` as somebody writes it on a phone: small letters, spaces and hyphens are all right. */
export function codeIn(text: string): string | undefined {
  const plain = text.replaceAll(/[\s-]/gu, '').toUpperCase()
  const form = new RegExp(`^[${codeLetters}]{${codeLength}}$`, 'u')
  return form.test(plain) ? plain : undefined
}
