/** What the model returned, as an object. Endpoints without structured output wrap it in whatever they like. */
import { ModelAnswer } from '../answers/schema.ts'
import { Proposals } from './wire.ts'

/** At most this much of a text is looked at: an answer is a tenth of it. */
const longestText = 50_000
/** So many braces may begin the object. Each costs one walk over the text. */
const attemptsAtMost = 8
const proposedAtMost = 5

/** The first object in the text that is an answer. Undefined when there is none, also when it was cut off. */
export function readAnswer(text: string): ModelAnswer | undefined {
  return readObject(text, answerOf)
}

/**
 * The first object in the text that `take` takes: behind a byte order mark, thoughts or prose, in a fence, with commas
 * at the ends of lists or line ends within strings. The time is linear in the text. `take`: null for what is none.
 */
export function readObject<T>(text: string, take: (data: unknown) => T | null): T | undefined {
  const said = withoutThoughts(text).slice(0, longestText)
  let attempts = 0
  const begins = /\{(?=\s*")/gu
  for (let begin = begins.exec(said); begin && attempts < attemptsAtMost; begin = begins.exec(said)) {
    attempts += 1
    const end = endOfObject(said, begin.index)
    if (end === -1) continue
    const object = said.slice(begin.index, end)
    const data = parsed(object) ?? parsed(mended(object))
    if (data === undefined) continue
    const taken = take(data)
    if (taken !== null) return taken
    // What is within a sound object is not what was asked for either.
    begins.lastIndex = end
  }
  return undefined
}

/** Reasoning models think aloud in front of the answer. */
function withoutThoughts(text: string): string {
  const end = /^\s*<think>/u.test(text) ? text.indexOf('</think>') : -1
  return end === -1 ? text : text.slice(end)
}

/** Null when it is no answer. */
function answerOf(data: unknown): ModelAnswer | null {
  const answer = ModelAnswer.safeParse(withRecord(data))
  return answer.success ? storable(answer.data) : null
}

/**
 * An escape in the object is a character by now, and PostgreSQL stores neither NUL nor half of a surrogate pair: what
 * cannot be kept would never be said, and nothing else in its place.
 */
export function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function storable({ answer, cites, proposes, ...rest }: ModelAnswer): ModelAnswer {
  const proposed = new Map(Object.entries(proposes).map(([dimension, values]) => [clean(dimension), values.map(clean)]))
  return { ...rest, answer: clean(answer), cites: cites.map(clean), proposes: Object.fromEntries(proposed) }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** The wire's list of proposals as the record that we keep; a record stays one. */
function withRecord(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('proposes' in data)) return data
  const proposals = Proposals.safeParse(data.proposes)
  if (!proposals.success) return data
  const proposes = new Map<string, string[]>()
  for (const { dimension, value } of proposals.data) {
    const values = proposes.get(dimension) ?? []
    if (values.length < proposedAtMost && !values.includes(value)) values.push(value)
    proposes.set(dimension, values)
  }
  return { ...data, proposes: Object.fromEntries(proposes) }
}

/** Behind the object that begins at a brace; -1 when it never ends. */
function endOfObject(text: string, begin: number): number {
  const marks = /["{}[\]]/gu
  marks.lastIndex = begin
  let depth = 0
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const end = endOfString(text, mark.index)
      if (end === -1) return -1
      marks.lastIndex = end
    } else {
      depth += mark[0] === '{' || mark[0] === '[' ? 1 : -1
      if (depth === 0) return mark.index + 1
    }
  }
  return -1
}

/** Behind the closing quote; -1 where there is none. */
function endOfString(text: string, open: number): number {
  const marks = /["\\]/gu
  marks.lastIndex = open + 1
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') return mark.index + 1
    marks.lastIndex = mark.index + 2
  }
  return -1
}

/** Without commas behind the last item, and with line ends in strings as JSON writes them: models press return. */
function mended(object: string): string {
  return object.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|,(?=\s*[}\]])/gsu, (piece) =>
    piece === ',' ? '' : piece.replaceAll(/[\u0000-\u001f]/gu, (char) => JSON.stringify(char).slice(1, -1)),
  )
}
