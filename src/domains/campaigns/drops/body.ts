/** The body of a drop: messages, perhaps in variants that begin with headings of their own. Pure. */
import { parseMessages } from '../messages/index.ts'
import type { Message, Problem } from '../messages/index.ts'

/** A variant as it is written; `index` is where its text begins in the body, `heading` where its heading does. */
export type WrittenVariant = { id: string; heading: number; index: number; text: string }

/** The variant of a body without headings. */
export const onlyVariant = 'A'

const headings = /^#[ \t]+(?<id>[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*)[ \t]*\r?$/gmu

/** The variants in the order of the body; of an id that stands twice, both. What stands before the first is told of. */
export function variantsIn(body: string): { variants: WrittenVariant[]; problems: Problem[] } {
  const marks = [...body.matchAll(headings)]
  if (marks.length === 0) return { variants: [{ id: onlyVariant, heading: 0, index: 0, text: body }], problems: [] }
  const problems: Problem[] = []
  const before = body.slice(0, marks[0]!.index)
  if (before.trim() !== '') {
    problems.push({
      index: before.length - before.trimStart().length,
      message: 'these words stand before the first variant, so nobody gets them',
      expected: 'Every message below the heading of a variant, such as # A',
    })
  }
  const variants = marks.map((mark, i): WrittenVariant => {
    const index = mark.index + mark[0].length
    return { id: mark.groups!['id']!, heading: mark.index, index, text: body.slice(index, marks[i + 1]?.index) }
  })
  for (const [i, { id, heading }] of variants.entries()) {
    if (variants.findIndex((one) => one.id === id) === i) continue
    problems.push({ index: heading, message: `the variant ${id} begins a second time`, expected: 'Each heading once' })
  }
  return { variants, problems }
}

/** The messages of each variant, and all that is wrong with the body; indexes lead into the body. */
export function readBody(body: string): {
  variants: (WrittenVariant & { messages: Message[] })[]
  problems: Problem[]
} {
  const { variants, problems } = variantsIn(body)
  const read = variants.map((variant) => {
    const { messages, problems: inside } = parseMessages(variant.text)
    problems.push(...inside.map((problem) => ({ ...problem, index: variant.index + problem.index })))
    return { ...variant, messages }
  })
  return { variants: read, problems }
}
