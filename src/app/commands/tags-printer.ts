/** An explanation of tags, for people. */
import type { ExplainedTag, TagsExplained } from '../../domains/tags/index.ts'
import { dayIn, lastDayIn, minuteIn } from '../../kernel/zone.ts'

const untagged = {
  staff: 'She is one of ours: staff has no tags.',
  forgotten: 'She had her data deleted: nothing is kept of her.',
  refused: 'She does not want personal tags, or has not agreed to them yet: none is kept.',
}

/** Days and times in `zone`, the brand's. */
export function* explanationLines(explained: TagsExplained, zone: string): Generator<string> {
  const { personId, customers, scores } = explained
  const others = customers.filter((id) => id !== personId)
  yield `person ${personId}${others.length > 0 ? `, also ${others.join(', ')}` : ''}`
  if (explained.untagged) yield untagged[explained.untagged]
  if (explained.waiting) yield 'Something has happened that her tags do not show yet.'
  if (scores) {
    const { r, f, m, frequency, monetary, lastAt } = scores
    yield `RFM r${r} f${f} m${m}: last ${lastAt ? dayIn(zone, lastAt) : 'never'}, frequency ${frequency}, spend ${monetary}`
  }
  for (const tag of explained.tags) yield* tagLines(tag, zone)
  if (explained.tags.length === 0) yield 'No tags.'
  if (explained.history.length > 0) yield ''
  for (const { dimension, value, source, since, endedAt, reason, rule } of explained.history) {
    yield `was ${dimension}=${value} (${source} ${rule}) ${dayIn(zone, since)} – ${dayIn(zone, endedAt)}: ${reason}`
  }
}

function* tagLines(tag: ExplainedTag, zone: string): Generator<string> {
  const { dimension, value, source, rule, strength, since, until, effective } = tag
  const holds = effective ? '' : '  without effect'
  yield ''
  yield `${dimension}=${value}  ${strength.toFixed(2)}${holds}`
  const who = { rule: `by rule ${rule}`, hand: `by hand: ${rule}`, model: 'proposed by the model' }[source]
  yield `  ${who}, since ${dayIn(zone, since)}${until ? `, until ${lastDayIn(zone, until)}` : ''}`
  for (const other of tag.overruledBy) {
    const words =
      other.value === value ? 'the same holds by' : `contradicts ${dimension}=${other.value}, which holds by`
    yield `  ${words} ${other.source} ${other.rule}`
  }
  for (const { kind, ref, at, note, text } of tag.evidence) {
    yield `  ${minuteIn(zone, new Date(at))}  ${kind} ${ref}${note ? `  ${note}` : ''}${text ? `  «${text}»` : ''}`
  }
  if (tag.evidence.length === 0) yield '  nothing that speaks against it: everybody else has it'
}
