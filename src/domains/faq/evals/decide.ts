/** Which approved answers stand in what was said. Pure. */
import type { Content } from '../../../kernel/content.ts'
import { bodiesOf } from '../answer.ts'
import { entriesOf } from '../schema.ts'

/** Entries whose whole answer was said, in one message or over several: a choice says one without citing it. */
export function entriesSaid(said: readonly string[], content: Content): string[] {
  const all = unspaced(said.join(''))
  return entriesOf(content).flatMap(({ id, answer }) => {
    const texts = bodiesOf(answer, content).flatMap((body) => (body.type === 'text' ? [unspaced(body.text)] : []))
    return texts.length > 0 && texts.every((text) => all.includes(text)) ? [id] : []
  })
}

function unspaced(text: string): string {
  return text.replace(/\s+/g, '')
}
