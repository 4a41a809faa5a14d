/** A file with a draft of an entry: for a person to finish. It is never answered from while it says `draft: true`. */
import { stringify } from 'yaml'
import type { FaqEntry } from '../schema.ts'
import { masked } from './mask.ts'
import { examplesAtMost } from './schema.ts'

export type Drafting = {
  /** A free id: it names the file too. */
  id: string
  /** How customers asked it. */
  questions: readonly string[]
  /** Null: nobody has written one yet. `model`: its name, where a model wrote it. */
  answer: { text: string; from: 'model' | 'adviser'; model?: string } | null
  /** Entries that come near, for whoever writes the answer. */
  nearest: readonly { entry: FaqEntry; chance: number }[]
}

export type Draft = {
  /** Within the content folder. */
  path: string
  text: string
}

const longestQuestion = 200
const longestAnswer = 4_000

/**
 * The file. Questions and answer are masked here, whoever wrote them. What to do stands in its head as comments: those
 * never reach a customer. Without an answer the body is the id, as in every new file.
 */
export function draftEntry({ id, questions, answer, nearest }: Drafting): Draft {
  const asked = [...new Set(questions.map((question) => cut(masked(question).replace(/\s+/gu, ' '), longestQuestion)))]
  const body = answer === null ? '' : plainAnswer(answer.text)
  const head = stringify({ id, questions: asked.filter(Boolean).slice(0, examplesAtMost), tags: [], draft: true })
  const notes = [
    'Customers asked this, and nobody had an answer. Nothing here is answered while it says `draft: true`.',
    '1. Keep the questions that mean the same; better still, join them to an entry that answers them already.',
    body === '' ? '2. Write the answer in the place of the id below.' : `2. ${origin(answer)}`,
    '3. Add words that customers use under tags, set draft to false, run `check`, and commit.',
    ...nearest.flatMap(({ entry, chance }) => [
      '',
      `Near, with a chance of ${Math.round(chance * 100)} %: ${entry.id}`,
      ...entry.answer.split('\n').map((line) => `  ${line}`),
    ]),
  ]
  const comments = notes.map((line) => `# ${line}`.trimEnd()).join('\n')
  return { path: `faq/${id}.md`, text: `---\n${comments}\n${head}---\n\n${body || id}\n` }
}

function origin(answer: Drafting['answer']): string {
  const who =
    answer?.from === 'adviser' ? 'An adviser wrote the answer below to one customer' : 'A model wrote the answer below'
  const name = answer?.model === undefined ? '' : ` (${answer.model})`
  return `TO BE CHECKED: ${who}${name}. Check every word of it: numbers, prices, dates, promises.`
}

/** An answer as a file may hold it: no template, no picture that is not there, no line that ends the head of a file. */
function plainAnswer(text: string): string {
  const lines = masked(text.replaceAll(/\n+/gu, '\u2028'))
    .split('\u2028')
    .map((line) => line.replaceAll(/\{\{|\}\}|\{%|%\}/gu, '').trim())
    .filter((line) => line !== '' && !/^!?\[[^\]]*\]\([^)]*\)$/u.test(line) && !/^-{3,}$/u.test(line))
  return cut(lines.join('\n'), longestAnswer)
}

function cut(text: string, most: number): string {
  return [...text].slice(0, most).join('').trim()
}
