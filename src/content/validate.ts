/** Data against a schema: every complaint in words, at its place in the text. */
import type { z } from 'zod'
import type { Pointer } from '../kernel/content.ts'
import { typeWords, valueWords, type Words } from './messages.ts'
import { expectedAt, isBlock, type Shape, shapeOf, unknownKeys } from './shape.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import type { Parsed } from './yaml.ts'

type Issue = z.core.$ZodIssue

/** Marks the complaints to which the schema's author gave no words of his own. */
const ours = '\u0000'

/** `sound` is false when something was wrong, and told: the rest may still be checked, and must never go live. */
export type Valid<T> = { data: T; sound: boolean }

/**
 * Checks the part of a file at `base` (and `data`, which stands there) against a schema. Tells all that is wrong, and
 * returns what the schema makes of the rest, or undefined when it makes nothing of it.
 */
export function validate<T>(
  schema: z.ZodType<T>,
  data: unknown,
  parsed: Parsed,
  base: Pointer,
  findings: Findings,
): Valid<T> | undefined {
  const shape = shapeOf(schema)
  const { source } = parsed
  const unknown = unknownKeys(shape, data)
  /** Keys that were misspelt: that the right one is missing need not be said too. */
  const meant = new Set<string>()
  for (const { at, key, known } of unknown) {
    const near = nearest(key, known)
    if (near !== undefined) meant.add(JSON.stringify([...at, near]))
    findings.add(source, parsed.locateKey([...base, ...at, key]), valueWords.unknownKey(key, near, known))
  }
  const result = schema.safeParse(data, { error: () => ours, reportInput: true })
  if (result.success) return { data: result.data, sound: unknown.length === 0 }
  for (const issue of result.error.issues.flatMap(opened)) {
    if (issue.code === 'unrecognized_keys' && unknown.length > 0) continue
    const at = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    const place = parsed.locate([...base, ...at]).start
    if (isMissing(data, at) && issue.code !== 'custom') {
      if (!meant.has(JSON.stringify(at)))
        findings.add(source, place, valueWords.missing(nameOf([...base, ...at]), purposeAt(shape, at)))
    } else if (!findings.hasAt(source, place)) {
      const words = wordsOf(issue, fieldOf(base, at), valueAt(data, at), shape, at)
      findings.add(source, issue.code === 'invalid_key' ? parsed.locateKey([...base, ...at]) : place, words)
    }
  }
  const wrong = [...unknown.map(({ at, key }) => [...at, key]), ...result.error.issues.map(({ path }) => path)]
  const rest = schema.safeParse(without(data, wrong))
  return rest.success ? { data: rest.data, sound: false } : undefined
}

/** A copy without the keys at these places. Items of lists stay: places after them would not fit any more. */
function without(data: unknown, places: readonly (readonly PropertyKey[])[]): unknown {
  const copy: unknown = structuredClone(data)
  for (const place of places) {
    const block = valueAt(
      copy,
      place.slice(0, -1).map((step) => (typeof step === 'number' ? step : String(step))),
    )
    const key = place.at(-1)
    if (isBlock(block) && typeof key === 'string') Reflect.deleteProperty(block, key)
  }
  return copy
}

/** Of a union that nothing fits, the complaints of the form that the value is nearest to. */
function opened(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const forms = issue.errors.map((errors) => errors.flatMap(opened))
  const nearestForm = forms
    .filter((form) => !form.some((one) => one.path.length === 0 && one.code === 'invalid_type'))
    .sort((a, b) => a.length - b.length)[0]
  if (!nearestForm) return [{ ...issue, errors: [] }]
  return nearestForm.map((one) => ({ ...one, path: [...issue.path, ...one.path] }))
}

/** `at` is the way to the value within the schema, `field` its name for people. */
function wordsOf(issue: Issue, field: string, value: unknown, shape: Shape, at: Pointer): Words {
  if (issue.message !== ours) {
    return isEmpty(value)
      ? valueWords.empty(field, issue.message)
      : valueWords.unfit(field, shown(value), issue.message)
  }
  if (value === null || isEmpty(value)) return valueWords.empty(field, purposeAt(shape, at))
  switch (issue.code) {
    case 'invalid_type':
      return valueWords.wrongType(field, described(value), quotable(value, shape, at) ?? formAt(shape, at))
    case 'invalid_value':
      return wrongChoice(field, value, issue.values)
    case 'invalid_union':
      return issue.discriminator === undefined
        ? valueWords.wrongType(field, described(value), formAt(shape, at))
        : wrongChoice(field, value, optionsOf(issue))
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? valueWords.few(field, unitOf(issue.origin), String(issue.minimum))
        : valueWords.low(field, shown(value), String(issue.minimum))
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? valueWords.many(field, unitOf(issue.origin), String(issue.maximum))
        : valueWords.high(field, shown(value), String(issue.maximum))
    default:
      return valueWords.unfit(field, shown(value), formAt(shape, at))
  }
}

/** What the field is for; where nobody says, its form. */
function purposeAt(shape: Shape, at: Pointer): string {
  const { purpose, form } = expectedAt(shape, at)
  return purpose ?? form
}

/** The form of the value, and what it is for. */
function formAt(shape: Shape, at: Pointer): string {
  const { purpose, form } = expectedAt(shape, at)
  return purpose === undefined || purpose === form ? form : `${form}. ${purpose}`
}

function unitOf(origin: string): string {
  return origin === 'string' ? typeWords.characters : typeWords.items
}

function optionsOf(issue: object): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : []
}

function wrongChoice(field: string, value: unknown, choices: readonly unknown[]): Words {
  const names = choices.map(String)
  return valueWords.wrongChoice(field, shown(value), nearest(String(value), names), names)
}

/** A number or true where text belongs only wants quotes. */
function quotable(value: unknown, shape: Shape, at: Pointer): string | undefined {
  const simple = typeof value === 'number' || typeof value === 'boolean'
  return simple && expectedAt(shape, at).plainText ? typeWords.quoteIt(String(value)) : undefined
}

/** `questions`, or «item 2 of `questions`». */
function fieldOf(base: Pointer, at: Pointer): string {
  const last = at.at(-1)
  const name = nameOf([...base, ...at])
  if (typeof last === 'number') return typeWords.item(name, last + 1)
  return name === '' ? typeWords.whole : typeWords.field(name)
}

/** The keys on the way, without the places in lists. */
function nameOf(at: Pointer): string {
  return at.filter((step) => typeof step !== 'number').join('.')
}

/** A value's kind in words, with the value when it is short. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return typeWords.nothing
  if (Array.isArray(value)) return typeWords.list
  if (isBlock(value)) return typeWords.block
  if (typeof value === 'string') return `${typeWords.text} (${shown(value)})`
  if (typeof value === 'number') return `${typeWords.number} (${value})`
  return typeof value === 'boolean' ? String(value) : typeWords.something
}

function shown(value: unknown): string {
  if (value === undefined) return typeWords.notGiven
  if (Array.isArray(value)) return typeWords.listOf(value.length)
  if (isBlock(value)) return typeWords.block
  const text = typeof value === 'string' ? `"${value.replaceAll(/\s+/g, ' ')}"` : JSON.stringify(value)
  const letters = [...text]
  return letters.length > 40 ? `${letters.slice(0, 39).join('')}…"` : text
}

function isEmpty(value: unknown): boolean {
  return (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0)
}

function isMissing(data: unknown, at: Pointer): boolean {
  return at.length > 0 && valueAt(data, at) === undefined
}

/** What stands at a pointer, or undefined. */
export function valueAt(data: unknown, at: Pointer): unknown {
  let value = data
  for (const step of at) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}
