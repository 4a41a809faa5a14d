/** What the model returned, as an object. Endpoints without structured output wrap it in whatever they like. */
import { ModelAnswer } from '../answers/schema.ts'
import { Proposals } from './wire.ts'

/** At most this much of a text is looked at: an answer is a fiftieth of it. */
const longestText = 200_000
/** So many braces may begin the object. Each costs one walk over the text. */
const attemptsAtMost = 16
const proposedAtMost = 5

/**
 * The first object in the text that is an answer: behind a byte order mark, thoughts or prose, in a fence, with commas
 * at the ends of lists or line ends within strings. Undefined when there is none, also when it was cut off. The time
 * is linear in the text.
 */
export function readAnswer(text: string): ModelAnswer | undefined {
  const said = withoutThoughts(text.slice(0, longestText))
  let attempts = 0
  const begins = /\{(?=\s*")/gu
  for (let begin = begins.exec(said); begin && attempts < attemptsAtMost; begin = begins.exec(said)) {
    attempts += 1
    const object = objectAt(said, begin.index)
    if (!object) continue
    const answer = answerOf(object.json)
    if (answer) return answer
    // What is within a sound object is not an answer either.
    if (answer === null) begins.lastIndex = object.end
  }
  return undefined
}

/** Reasoning models think aloud in front of the answer. */
function withoutThoughts(text: string): string {
  const end = /^\s*<think>/u.test(text) ? text.indexOf('</think>') : -1
  return end === -1 ? text : text.slice(end)
}

/** Undefined when it is no JSON, null when it is no answer. */
function answerOf(json: string): ModelAnswer | undefined | null {
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
  const parsed = ModelAnswer.safeParse(withRecord(data))
  return parsed.success ? parsed.data : null
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

/** The object that begins at a brace, mended into JSON; undefined when it never ends. */
function objectAt(text: string, begin: number): { json: string; end: number } | undefined {
  const pieces: string[] = []
  let depth = 0
  let from = begin
  let comma = -1
  for (let at = begin; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      comma = -1
      const end = endOfString(text, at)
      if (end === -1) return undefined
      pieces.push(text.slice(from, at), withoutLineEnds(text.slice(at, end)))
      from = end
      at = end - 1
    } else if (char === ',') {
      comma = at
    } else if (char === '{' || char === '[') {
      comma = -1
      depth += 1
    } else if (char === '}' || char === ']') {
      if (comma >= from) {
        pieces.push(text.slice(from, comma))
        from = comma + 1
      }
      comma = -1
      depth -= 1
      if (depth > 0) continue
      pieces.push(text.slice(from, at + 1))
      return { json: pieces.join(''), end: at + 1 }
    } else if (char !== undefined && /\S/u.test(char)) {
      comma = -1
    }
  }
  return undefined
}

/** Behind the closing quote; -1 where there is none. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
  }
  return -1
}

/** JSON wants control characters in strings written as escapes; models press return. */
function withoutLineEnds(string: string): string {
  return string.replaceAll(/[\u0000-\u001f]/gu, (char) => JSON.stringify(char).slice(1, -1))
}
