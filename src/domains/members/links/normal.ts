/** The one form of each key: two spellings of the same number are the same key, two numbers never are. */
import type { KeyKind } from './schema.ts'

/** Null when the value is none: empty, masked (138****8000), a phone without a country we can tell. */
export function normalKey(kind: KeyKind, value: string): string | null {
  const text = value.normalize('NFKC').trim()
  if (kind === 'phone') return normalPhone(text)
  return text === '' || text.length > 200 ? null : text
}

/** A Chinese mobile number, and a number with its area code without the 0 in front (10 is Beijing, 571 Hangzhou). */
const mobile = /^1[3-9]\d{9}$/
const landline = /^(10|2\d|[3-9]\d\d)\d{7,8}$/

/**
 * E.164 with the plus. Without a country it is a Chinese number: 13800138000, 86 138 0013 8000, 0086-138…, +86 138…,
 * ０１０-12345678. Spreadsheets add `.0` or an apostrophe; what they have shortened to 1.38E+10 is no number any more.
 */
function normalPhone(text: string): string | null {
  const bare = text.replace(/^'/, '').replace(/\.0+$/, '').replace(/^tel:/i, '')
  if (!/^\+?[\d\s().·-]+$/.test(bare.replace(/^\(\+/, '(').replace(/[‐-―－]/g, '-'))) return null
  const digits = bare.replace(/\D/g, '')
  const international = bare.startsWith('+') || bare.startsWith('(+') || digits.startsWith('00')
  const number = digits.replace(/^00/, '')
  if (!international) return chinese(number) ?? (number.startsWith('86') ? chinese(number.slice(2)) : null)
  if (number.startsWith('86')) return chinese(number.slice(2), { abroad: true })
  return number.length >= 8 && number.length <= 15 ? `+${number}` : null
}

/** Dialled from abroad, an area code has lost its 0; at home what has none may be anything. */
function chinese(digits: string, { abroad = false } = {}): string | null {
  const national = digits.replace(/^0/, '')
  if (mobile.test(national)) return `+86${national}`
  return (abroad || digits.startsWith('0')) && landline.test(national) ? `+86${national}` : null
}
