/** The gate: what a text says that it may not, with the rule, the place and a way out. Pure. */
import { normalised } from './normal.ts'
import type { ComplianceBrand, ComplianceRule } from './schema.ts'
import { negations, ofRules, sentenceEnds } from './vocabulary.ts'

/** Where and why a text is said. `offset`: where it begins in what its place leads to. */
export type Copy = { text: string; offset: number }
export type Setting = { purpose: 'marketing' | 'service'; direct: boolean; group: boolean }

/** `index` and `length` lead into the copy's text with its offset added. */
export type Complaint = {
  rule: string
  severity: 'error' | 'warning'
  index: number
  length: number
  message: string
  expected: string
}

type Word = { word: string; rule: ComplianceRule; harmless: readonly { text: string; before: number }[] }
export type Gate = { brand: ComplianceBrand; byLetter: ReadonlyMap<string, readonly Word[]> }

/** Rules as they are looked up: the words by their first letter, each with the harmless phrases that contain it. */
export function createGate(rules: readonly ComplianceRule[], brand: ComplianceBrand): Gate {
  const byLetter = new Map<string, Word[]>()
  for (const rule of rules) {
    const phrases = [...rule.except, ...brand.exceptions].map((phrase) => normalised(phrase).text)
    for (const written of rule.words) {
      const word = normalised(written).text
      const harmless = phrases.flatMap((text) => {
        const before = text.indexOf(word)
        return before === -1 ? [] : [{ text, before }]
      })
      const letter = word[0] ?? ''
      byLetter.set(letter, [...(byLetter.get(letter) ?? []), { word, rule, harmless }])
    }
  }
  // Of words that begin alike the longer one says more.
  for (const words of byLetter.values()) words.sort((a, b) => b.word.length - a.word.length)
  return { brand, byLetter }
}

/** Forbidden words of one text. */
export function findWords({ byLetter }: Gate, copy: Copy, setting: Setting): Complaint[] {
  const { text, at } = normalised(copy.text)
  const complaints: Complaint[] = []
  for (let i = 0; i < text.length; i += 1) {
    const words = byLetter.get(text[i]!)
    if (!words) continue
    for (const { word, rule, harmless } of words) {
      if (!text.startsWith(word, i) || !applies(rule, setting)) continue
      if (harmless.some((phrase) => text.startsWith(phrase.text, i - phrase.before))) continue
      const from = at[i]!
      const to = at[i + word.length - 1]! + 1
      if (isQuoted(copy.text, from) || (rule.negated && isNegated(text, i))) continue
      complaints.push({
        ...{ rule: rule.id, severity: rule.severity, index: copy.offset + from, length: to - from },
        message: `«${copy.text.slice(from, to)}»: ${rule.title} (${rule.law})`,
        expected: rule.suggestion,
      })
      i += word.length - 1
      break
    }
  }
  return complaints
}

function applies({ where }: ComplianceRule, { purpose, group }: Setting): boolean {
  return where === 'all' || (where === 'group' ? group : purpose === 'marketing')
}

/** How far in front of a word its negation may stand: «不能用来治疗». */
const reach = 6

function isNegated(text: string, i: number): boolean {
  const before = text.slice(Math.max(0, i - reach), i)
  const clause = before.slice(before.search(/[，,。！？!?；;:：][^，,。！？!?；;:：]*$/u) + 1)
  return negations.some((word) => clause.includes(word))
}

/** Within the title of a law, or in a sentence that tells of one. */
function isQuoted(text: string, from: number): boolean {
  const open = text.lastIndexOf('《', from)
  if (open !== -1 && text.indexOf('》', open) > from) return true
  let start = from
  while (start > 0 && !sentenceEnds.test(text[start - 1]!)) start -= 1
  let end = from
  while (end < text.length && !sentenceEnds.test(text[end]!)) end += 1
  const sentence = text.slice(start, end)
  return ofRules.some((word) => sentence.includes(word))
}

const addresses = /(?<scheme>https?):\/\/(?<host>[^\s/?#:，。！？）)「」]+)/giu
const nowhere =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|.*\.(?:local|internal|test|invalid|example)$|(?:.*\.)?example\.(?:com|cn|org|net)$)/i

/** Links that lead nowhere for a reader. */
export function findLinks({ text, offset }: Copy): Complaint[] {
  return [...text.matchAll(addresses)].flatMap((found): Complaint[] => {
    const { scheme = '', host = '' } = found.groups ?? {}
    const at = { index: offset + found.index, length: found[0].length }
    if (nowhere.test(host)) {
      const message = `no reader reaches ${host}`
      return [{ rule: 'dead-link', severity: 'error', ...at, message, expected: 'The address that customers open' }]
    }
    if (scheme.toLowerCase() === 'https') return []
    const message = 'WeChat warns its readers of links without https'
    return [{ rule: 'plain-link', severity: 'warning', ...at, message, expected: 'https://' }]
  })
}

/** What belongs to one person and has no place in front of a group. */
const personal: readonly { rule: string; pattern: RegExp; what: string }[] = [
  { rule: 'phone', pattern: /(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g, what: 'a mobile number' },
  { rule: 'id-number', pattern: /(?<!\d)\d{17}[\dXx](?!\w)/g, what: 'an identity number' },
  { rule: 'order-number', pattern: /(?<![\d.])\d{14,16}(?!\d)/g, what: 'what looks like an order number' },
]
const placeholders = /\{\{-?\s*(?<name>[A-Za-z_]\w*)/g

export function findPersonal({ text, offset }: Copy): Complaint[] {
  const literal = personal.flatMap(({ rule, pattern, what }) =>
    [...text.matchAll(pattern)].map(
      ({ index, 0: found }): Complaint => ({
        ...{ rule, severity: 'error', index: offset + index, length: found.length },
        message: `${what} stands in a message that everybody in the group reads`,
        expected: 'Nothing of a single person; what is hers in a direct message',
      }),
    ),
  )
  const filled = [...text.matchAll(placeholders)].filter((found) => found.groups?.['name'] !== 'brand')
  return [
    ...literal,
    ...filled.map(
      ({ index, 0: found, groups }): Complaint => ({
        ...{ rule: 'personal-placeholder', severity: 'error', index: offset + index, length: found.length },
        message: `{{ ${groups?.['name'] ?? ''} }} tells of one person, and a group has many readers`,
        expected: 'Words for all of them; {{ brand }} may stay',
      }),
    ),
  ]
}

function findLong({ text, offset }: Copy, { longest }: ComplianceBrand): Complaint[] {
  if (text.length <= longest) return []
  const message = `${text.length} characters in one message: few read on after ${longest}, and it is split into several`
  const expected = 'A shorter one, or two with three dashes between them'
  return [
    { rule: 'long', severity: 'warning', index: offset + longest, length: text.length - longest, message, expected },
  ]
}

/** What every reader of direct marketing must find: who writes, and how to have no more of it. */
function findMissing(copies: readonly Copy[], { senders, optOut }: ComplianceBrand): Complaint[] {
  const all = copies.map(({ text }) => text).join('\n')
  const at = { index: copies[0]?.offset ?? 0, length: 0 }
  const plain = normalised(all).text
  const says = (words: readonly string[]): boolean => words.some((word) => plain.includes(normalised(word).text))
  const complaints: Complaint[] = []
  if (senders.length > 0 && !/\{\{-?\s*brand\b/.test(all) && !says(senders)) {
    complaints.push({
      ...{ rule: 'sender', severity: 'error', ...at },
      message: 'nothing says who writes, as advertising must',
      expected: `{{ brand }}, or one of ${senders.join(', ')}`,
    })
  }
  if (optOut.length > 0 && !says(optOut)) {
    complaints.push({
      ...{ rule: 'opt-out', severity: 'error', ...at },
      message: 'nothing says how to have no more of it, as direct marketing must',
      expected: `A line with one of ${optOut.join(', ')}`,
    })
  }
  return complaints
}

/**
 * Everything that is wrong with what one reader gets at once. `complete`: whether sender and opt-out must stand in it, as in
 * the first message of a journey and in every drop.
 */
export function reviewCopies(
  gate: Gate,
  copies: readonly Copy[],
  setting: Setting & { complete: boolean },
): Complaint[] {
  const found = copies.flatMap((copy) => [
    ...findWords(gate, copy, setting),
    ...findLinks(copy),
    ...(setting.group ? findPersonal(copy) : []),
    ...findLong(copy, gate.brand),
  ])
  const missing =
    setting.complete && setting.direct && setting.purpose === 'marketing' ? findMissing(copies, gate.brand) : []
  return [...found, ...missing]
}
