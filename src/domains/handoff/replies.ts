/** What cases say, to customers and to advisers; the words stand in content/replies.yaml. */
import type { ReplyDeclaration } from '../../kernel/content.ts'

function reply(title: string, placeholders: string[] = []): ReplyDeclaration {
  return { title, placeholders }
}

const one = ['number', 'name']

export const replies: Record<string, ReplyDeclaration> = {
  'handoff.here': reply('To the customer: an adviser is there', ['adviser']),
  'handoff.signed': reply('To the customer: an adviser’s words, with her name', ['adviser', 'text']),
  'handoff.signed-media': reply('To the customer: before an adviser’s picture, file or card', ['adviser', 'type']),
  'handoff.file-too-large': reply('To the customer: her file is too large to be passed on', ['limit']),
  'handoff.signed-draft': reply('To the customer: a draft of the model that an adviser sent, where it is labelled', [
    ...['adviser', 'text'],
  ]),
  'handoff.over': reply('To the customer: the case is closed, the bot is back', ['adviser']),
  'handoff.soon': reply('To the customer: somebody is there; within how many minutes she hears, or by when', [
    ...['minutes', 'day', 'date', 'time'],
  ]),
  'handoff.queue': reply('To the customer: somebody is there, but nobody is free; no time is named'),
  'handoff.off-hours': reply('To the customer: nobody is there, and when somebody is', ['day', 'date', 'time']),
  'handoff.still': reply('To the customer: she still waits, and is not forgotten'),
  'handoff.rate': reply('To the customer: how was it, 1 to 5 and a word?'),
  'handoff.rated-thanks': reply('To the customer: thanks for her mark', ['mark', 'low']),
  'handoff.another': reply('To the customer: her adviser has left, another comes', ['adviser']),
  'handoff.idle': reply('To the customer: nothing was said for long; was that all?'),
  'handoff.idle-closed': reply('To the customer: closed as she has not answered; how to go on'),
  'handoff.card': reply('To an adviser: a case, who, what was said, how to take it', [
    ...one,
    ...['reason', 'urgent', 'level', 'region', 'group', 'again', 'offered', 'note', 'by', 'lines'],
    ...['tags', 'value', 'orders', 'mood', 'evidence', 'due', 'day', 'summary', 'drafts'],
  ]),
  'handoff.again': reply('To an adviser: one more reason for a case of hers', ['number', 'reason', 'note']),
  'handoff.heard': reply('To an adviser: words of a customer; where: direct or group', [
    ...one,
    ...['type', 'text', 'where', 'group'],
  ]),
  'handoff.heard-file': reply('To an adviser: before a customer’s picture, file or card', [...one, 'type']),
  'handoff.file-lost': reply('To an adviser: a customer’s file cannot be shown', [...one, 'type', 'why', 'limit']),
  'handoff.file-unsent': reply('To an adviser: her file did not go to the customer', [...one, 'type', 'why', 'limit']),
  'handoff.file-unsent-type': reply('To an adviser: such a message cannot be passed on'),
  'handoff.customer-recalled': reply('To an adviser: the customer took back a message', [...one, 'type', 'time']),
  'handoff.undelivered': reply('To an adviser: her words did not arrive, or perhaps not', [
    ...one,
    ...['text', 'state', 'command'],
  ]),
  'handoff.arrived': reply('To an adviser: words that were uncertain did arrive', [...one, 'text']),
  'handoff.recalled': reply('To an adviser: how taking back her words went', [...one, 'text', 'result']),
  'handoff.idle-hands': reply('To an adviser: nothing to take back or to send again', ['number', 'kind', 'why']),
  'handoff.sent': reply('To an adviser: who got her words', one),
  'handoff.not-friend': reply('To an adviser: the customer is no friend yet, her words went nowhere', one),
  'handoff.now-friend': reply('To an adviser: the customer has become a friend, her words reach her now', one),
  'handoff.done-accept': reply('To an adviser: the case is hers', [...one, 'reachable']),
  'handoff.done-decline': reply('To an adviser: somebody else is asked', one),
  'handoff.done-transfer': reply('To an adviser: the case is another’s', one),
  'handoff.done-resolve': reply('To an adviser: the case is closed', one),
  'handoff.done-note': reply('To an adviser: the note is kept', one),
  'handoff.done-take': reply('To a manager: the case is hers', [...one, 'reachable']),
  'handoff.done-escalate': reply('To an adviser: a manager has the case', one),
  'handoff.done-keep': reply('To an adviser: question and answer are kept for the FAQ', one),
  'handoff.moved': reply('To an adviser: a case of hers is another’s now', [...one, 'by', 'to']),
  'handoff.released': reply('To an adviser: she has left, and her case goes to the next', one),
  'handoff.gone': reply('To an adviser: the customer cannot be reached any more', one),
  'handoff.low-mark': reply('To a manager: a customer gave a low mark', [...one, 'mark', 'words', 'adviser']),
  'handoff.list': reply('To an adviser: what she has', ['cases']),
  'handoff.which': reply('To an adviser: for which case? Nothing was sent', ['cases', 'held']),
  'handoff.chosen': reply('To an adviser: her words are for this case from now on', one),
  'handoff.none': reply('To an adviser: there is no case that it could be for', ['kind']),
  'handoff.no-case': reply('To an adviser: there is no case of that number', ['number']),
  'handoff.drafts': reply('To an adviser: drafts for the case in her hand, and how to send one', [
    ...one,
    ...['summary', 'drafts'],
  ]),
  'handoff.no-draft': reply('To an adviser: there is no draft, or none of that number', ['number']),
  'handoff.stale-draft': reply('To an adviser: the customer has gone on since, nothing was sent', ['number']),
  'handoff.refused': reply('To an adviser: why it cannot be done', ['number', 'why', 'who']),
  'handoff.unclear': reply('To an adviser: what the command lacks', ['command', 'why']),
  'handoff.away': reply('To an adviser: no new cases until she is back', ['open']),
  'handoff.back': reply('To an adviser: she gets cases again', ['open']),
  'handoff.warning': reply('To an adviser: a promise comes near', [...one, 'what', 'free']),
  'handoff.breach': reply('To an adviser or manager: a promise is broken', [...one, 'what', 'free']),
  'handoff.sign-in-code': reply('To an adviser: the code to sign in at the desk with', ['code', 'minutes']),
  'handoff.bound': reply('To an adviser: her WeChat is bound', ['adviser']),
}
