/** What is for one person alone, said in a group: the group reads one line, the same whatever it is about. */
import type { Effect } from '../../../kernel/effect.ts'
import { type Asker, askerOf } from '../../members/index.ts'
import { sayText } from '../saying.ts'
import type { Approved } from './decide.ts'
import { type On, sayingOf } from './exchange.ts'

/**
 * Where a case is opened in a group, nothing of it is said there: one line names her, and what would have been said goes to
 * her directly, where that reaches her. Everywhere else the words stay as they are. `messages`: what is answered.
 */
export async function apart(words: Approved, messages: string[], on: On): Promise<Approved> {
  const { content, talk, at } = on
  const opens = words.effects.some(({ kind }) => kind === 'OpenCase')
  if (talk.recipient.kind !== 'group' || !opens) return words
  const asker = await askerOf(on, talk.recipient.account, talk)
  const hers = words.effects.flatMap((effect) => directly(effect, asker))
  // One of us, or somebody who had herself forgotten: nothing is said to her.
  if (asker.reach === 'away') return { ...words, effects: hers, said: null }
  const key = asker.reach === 'stranger' ? 'faq.handed-befriend' : 'faq.handed-in-group'
  const line = content.reply(key, {}, at.pick)
  // What counts as said in this group, for the model too, is what was said there.
  return { ...words, effects: [...sayText(line, sayingOf({ messages }, on)), ...hers], said: line }
}

/** The same, said to her alone; nothing of what is said where it does not reach her, or a human speaks. */
function directly(effect: Effect, { recipient, reach }: Asker): Effect[] {
  if (effect.kind === 'AskQuestion') return reach === 'open' ? [{ ...effect, threadId: recipient.threadId }] : []
  if (effect.kind !== 'SendMessage') return [effect]
  if (reach !== 'open') return []
  const body = effect.body.map((part) => (part.type === 'text' ? { type: part.type, text: part.text } : part))
  return [{ ...effect, to: recipient, key: `${effect.key}:direct`, body }]
}
