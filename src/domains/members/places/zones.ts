/** The clock that somebody lives by, out of what her profile says of where she lives. Pure. */
import { plainSpelling } from '../../../kernel/spelling.ts'
import { type KnownPlace, resolvePlace } from './decide.ts'
import abroad from './zones.json' with { type: 'json' }

/**
 * Xinjiang's offices keep the time of Beijing and its people get up by the sun, two hours later: a message of half past
 * eight is one of half past six to them.
 */
const besideNational = Object.entries(abroad.provinces)
const national = 'Asia/Shanghai'

type Abroad = { name: string; zone: string }

/** Cities and states before countries, and of each the longest name first: «南澳» is in «澳洲», «华盛顿州» is not «华盛顿». */
const names: readonly Abroad[] = (['cities', 'countries'] as const).flatMap((kind) =>
  Object.entries(abroad[kind])
    .flatMap(([zone, all]) => all.map((name): Abroad => ({ name, zone })))
    .toSorted((one, other) => other.name.length - one.name.length),
)

/**
 * The IANA name of the time zone at a place that a profile names («浙江 杭州», «澳大利亚 墨尔本», «Japan»); null where it
 * names none that we know. A country of several zones of which it says no more counts as where most of its Chinese live.
 */
export function zoneOfPlace(text: string): string | null {
  const place = resolvePlace(text)
  if (place) return zoneInside(place) ?? national
  const plain = plainSpelling(text).toLowerCase()
  return names.find(({ name }) => says(plain, name))?.zone ?? null
}

function zoneInside({ province }: KnownPlace): string | undefined {
  return besideNational.find(([, names]) => names.some((name) => province?.startsWith(name)))?.[0]
}

/** Letters must be a word of their own: a «Parish» is not in Paris. */
function says(plain: string, name: string): boolean {
  const at = plain.indexOf(name)
  if (at < 0 || !/^[a-z]/u.test(name)) return at >= 0
  const isLetter = (char: string | undefined): boolean => char !== undefined && /[a-z]/u.test(char)
  return !isLetter(plain[at - 1]) && !isLetter(plain[at + name.length])
}
