import type { Part } from '../../simulator-api.ts'

/** So many shades in the stylesheet. */
const shades = 6

function shadeOf(id: string): number {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973
  return sum % shades
}

/** Chinese names are told apart by their end, others by their beginning. */
function initials(name: string): string {
  const letters = [...name].filter((letter) => /[\p{L}\p{N}]/u.test(letter))
  const han = /\p{Script=Han}/u.test(name)
  return (han ? letters.slice(-2) : letters.slice(0, 2)).join('')
}

/** Drawn here: no picture of anybody is asked for anywhere. */
export function Avatar({ id, name, part }: { id: string; name: string; part: Part | 'room' }) {
  return (
    <span
      className={`avatar shade-${part === 'bot' ? 'bot' : shadeOf(id)}`}
      data-room={part === 'room'}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  )
}
