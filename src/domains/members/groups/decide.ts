/** Which rule a group is bound to. */
import type { GroupRule } from './schema.ts'

/**
 * Whether a text is what a pattern says: the whole text, `*` for anything, nothing else special; upper and lower case
 * and full and half width alike. Linear in practice: no regular expression is made of what people wrote.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const subject = folded(text)
  const [head = '', ...rest] = folded(pattern).split('*')
  const tail = rest.pop()
  if (tail === undefined) return subject === head
  if (subject.length < head.length + tail.length || !subject.startsWith(head) || !subject.endsWith(tail)) return false
  const end = subject.length - tail.length
  let from = head.length
  for (const piece of rest) {
    const found = subject.indexOf(piece, from)
    if (found < 0 || found + piece.length > end) return false
    from = found + piece.length
  }
  return true
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/**
 * The rule that a group goes by: the one it is bound to as long as content has it, whatever the group is called now;
 * else the first that names the group, else the first whose topics match. Null: the bot is silent there.
 */
export function ruleFor(
  rules: readonly GroupRule[],
  group: { roomId: string; topic: string; boundTo: string | null },
): GroupRule | null {
  const find = (test: (rule: GroupRule) => boolean): GroupRule | undefined => rules.find(test)
  return (
    find(({ id }) => id === group.boundTo) ??
    find(({ match }) => match.rooms.includes(group.roomId)) ??
    // The topic is unknown until somebody reads it; `*` must not bind a group for good before that.
    (group.topic === ''
      ? undefined
      : find(({ match }) => match.topics.some((glob) => matchesGlob(glob, group.topic)))) ??
    null
  )
}
