/** One-time codes with which an adviser signs in at the desk. */
import { z } from 'zod'

/** In ms. Long enough to change between two apps, too short for anybody who reads the phone later. */
export const signInCodeForMs = 10 * 60_000
/** So often one code may be tried; then it is void. */
export const triesAtMost = 5

/** Digits, since they are typed from one device into another: one in 10^8, and five tries. */
export const codeDigits = 8

export const SignInAsked = z.object({ adviser: z.string() })

/** The code as it stands in the message; spaces and hyphens are all right. Undefined when it cannot be one. */
export function signInCodeIn(text: string): string | undefined {
  const plain = text.replaceAll(/[\s-]/gu, '')
  return new RegExp(`^\\d{${codeDigits}}$`, 'u').test(plain) ? plain : undefined
}
