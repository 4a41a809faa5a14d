/** What is of one person in what a whole group reads. */
import type { Spot, Told } from './pieces.ts'
import { denseOf } from './reading.ts'
import type { ComplianceBrand } from './schema.ts'
import { bankCard, homeAddress, identityCard, orderNumber, phone } from './vocabulary.ts'

const written: readonly { form: RegExp; what: string; group: number }[] = [
  { form: identityCard, what: 'the number of an identity card', group: 0 },
  { form: bankCard, what: 'the number of a bank card', group: 0 },
  { form: orderNumber, what: 'the number of an order or a parcel', group: 1 },
  { form: phone, what: 'a phone number', group: 0 },
  { form: homeAddress, what: 'somebody’s address', group: 0 },
]

const blocks = /\{\{[^{}]*\}\}|\{%[^{}]*%\}/gu
const quoted = /"[^"]*"|'[^']*'/gu
/** A name on its own: not a filter or what it is told, not a part of another value (`order.name` is found as `order`). */
const names = /(?<![\w.|-])(?<!\|\s{1,3})[\p{L}_][\p{L}\p{N}_]*(?![\p{L}\p{N}_]*:)/gu
/** What a template names itself. */
const named = /\{%-?\s*(?:assign|capture|for)\s+([\p{L}_][\p{L}\p{N}_]*)/gu
/** The words of Liquid. */
const liquid = new Set(
  (
    'if elsif else endif unless endunless case when endcase for in endfor reversed limit offset forloop break continue ' +
    'assign capture endcapture comment endcomment raw endraw cycle increment decrement echo ' +
    'and or not contains true false nil null empty blank'
  ).split(' '),
)

/** `names`: in dense spelling, what the caller excepts beside the exceptions of the house. */
export function personalFindings(
  text: string,
  { laws, shared, exceptions }: ComplianceBrand,
  names: readonly string[],
): Told[] {
  const tell = ({ index, length }: Spot, message: string, expected: string): Told => {
    const law = laws.personal === '' ? '' : `: ${laws.personal}`
    return {
      rule: 'personal-data',
      law: laws.personal,
      severity: 'error',
      index,
      length,
      message: message + law,
      expected,
    }
  }
  const found = personalPlaceholders(text, shared).map((one) =>
    tell(
      one,
      `{{ ${one.name} }} tells of one person, and the whole group reads it`,
      `A text without {{ ${one.name} }}, or send it to each customer alone`,
    ),
  )
  for (const { what, ...spot } of personalWords(text)) {
    const digits = denseOf(text.slice(spot.index, spot.index + spot.length))
    if (names.some((name) => name.includes(digits)) || exceptions.some((one) => denseOf(one).includes(digits))) continue
    const expected = 'Take it out. Numbers of ours, such as a hotline, go to `exceptions` of compliance/brand.yaml'
    found.push(tell(spot, `${what} stands here, and the whole group reads it`, expected))
  }
  return found
}

/** Placeholders of one person that the template uses: all but the shared ones, and what it names itself. */
function personalPlaceholders(text: string, shared: readonly string[]): (Spot & { name: string })[] {
  if (!text.includes('{')) return []
  const own = new Set([...text.matchAll(named)].map(([, name]) => name))
  return [...text.matchAll(blocks)].flatMap(({ index, 0: block }) => {
    // Blanks in the place of quoted words keep the indexes.
    const bare = block.replaceAll(quoted, (words) => ' '.repeat(words.length))
    return [...bare.matchAll(names)].flatMap(({ index: at, 0: name }) =>
      shared.includes(name) || own.has(name) || liquid.has(name)
        ? []
        : [{ index: index + at, length: name.length, name }],
    )
  })
}

/** Numbers and addresses of one person that are written out; each place once. */
function personalWords(text: string): (Spot & { what: string })[] {
  if (!/\d{3}/u.test(text)) return []
  const found: (Spot & { what: string })[] = []
  for (const { form, what, group } of written) {
    for (const match of text.matchAll(form)) {
      const words = match[group] ?? match[0]
      found.push({ index: match.index + match[0].lastIndexOf(words), length: words.length, what })
    }
  }
  let end = 0
  // Of two that overlap the first in the text: the number of a card holds that of a phone.
  return found
    .sort((a, b) => a.index - b.index || b.length - a.length)
    .filter(({ index, length }) => {
      const isNew = index >= end
      if (isNew) end = index + length
      return isNew
    })
}
