/** One question as a conversation of its own, with nobody behind it and no database: for trying content out. */
import type { Content } from '../../../kernel/content.ts'
import type { Clock, Ids, Model } from '../../../kernel/ports.ts'
import type { Question } from '../decide.ts'
import { guard } from '../guards/index.ts'
import { personaOf } from '../persona/index.ts'
import { type Asked, ask, type Circumstances, textOf } from '../retrieval/ask.ts'
import type { Talk } from '../schema.ts'
import { askFor, type AskingWith } from './asking.ts'
import { adviceOf, doubted, judge, pickOf } from './decide.ts'
import { readQuestion, retrievedOf } from './reading.ts'
import { answersSettings, type Exchange, type Outcome, type Reason } from './schema.ts'

/** What was asked, found and said; `checks` are those that an answer of the model did not pass. */
export type Shown = Asked & {
  outcome: Outcome
  /** Entries that were said or cited. */
  entries: string[]
  /** The refusal or the topic of guards.yaml that it met. */
  guard: string | null
  model: string | null
  checks: Reason[]
}

export type Alone = Circumstances & {
  ids: Ids
  clock: Clock
  /** Without one, and where content wants approved answers, these are shown. */
  model?: Model | undefined
  proposable: AskingWith['proposable']
}

/** Shows what the bot would say. The model is asked as in life: at most twice, within the deadline of the settings. */
export async function showAnswer(content: Content, text: string, on: Alone): Promise<Shown> {
  const asked = ask(content, text, on)
  const guarded = guard(text, content)
  const nothing = { entries: [], model: null, checks: [], guard: null }
  if (guarded.kind === 'refuse') {
    return { ...asked, ...nothing, text: pickOf(guarded.says, { pick: 0 }), outcome: 'refused', guard: guarded.rule }
  }
  if (guarded.kind === 'human') {
    const entry = adviceOf(guarded, content)
    const words = [pickOf(guarded.says, { pick: 0 }), ...(entry ? [entry.answer] : [])].join('\n\n')
    const entries = entry ? [entry.id] : []
    return { ...asked, ...nothing, text: words, outcome: 'handed', entries, guard: guarded.topic }
  }
  const question: Question = { text, messages: [], quoted: null, overheard: false, picked: null }
  const read = readQuestion(question, [], talkOf(on.group ?? null), content, on.now)
  const { decision } = read.considered
  const entries = decision.kind === 'answer' ? decision.entries : []
  const own = entries.some(({ fact }) => fact !== undefined)
  const greets = decision.kind === 'none' && decision.reply === 'faq.greeting'
  const outcome = own ? 'fact' : greets ? 'courtesy' : outcomes[asked.decision]
  const approved: Shown = { ...asked, ...nothing, outcome, entries: entries.map(({ id }) => id) }
  const { voice } = content.settings(answersSettings)
  const isTopic = decision.kind === 'suggest' && read.considered.found[0]?.topic !== undefined
  if (own || greets || isTopic || !on.model || voice !== 'model' || !personaOf(content, on.group ?? null))
    return approved
  return voiced({ question, read, approved, model: on.model }, content, on)
}

const outcomes = { answer: 'verbatim', suggest: 'offered', none: 'unknown' } as const

type Voicing = { question: Question; read: ReturnType<typeof readQuestion>; approved: Shown; model: Model }

async function voiced({ question, read, approved, model }: Voicing, content: Content, on: Alone): Promise<Shown> {
  const settings = content.settings(answersSettings)
  const found = retrievedOf(read.considered, settings)
  let exchange = exchangeOf(question, { context: read.context, found }, content, on)
  const checks: Reason[] = []
  for (;;) {
    const left = exchange.deadlineAt.getTime() - on.clock.now().getTime()
    const { outcome } = await askFor(exchange, left, { ...on, content: () => content, model })
    const judged = judge(outcome, exchange, content, on.clock.now())
    if (judged.kind === 'repair') {
      checks.push(...judged.complaints)
      exchange = {
        ...exchange,
        attempt: exchange.attempt + 1,
        complaints: judged.complaints,
        previous: judged.previous,
      }
      continue
    }
    const name = outcome.kind === 'said' ? outcome.model : null
    if (judged.kind === 'failed') return { ...approved, model: name, checks: judged.reasons }
    if (judged.kind !== 'say') {
      const { decision } = doubted(read.considered, content)
      return { ...approved, text: textOf(content, decision), outcome: outcomes[decision.kind], model: name, checks }
    }
    const { answer, cites } = judged.answer
    const text = settings.label ? `${answer}\n${settings.label}` : answer
    return { ...approved, text, outcome: 'voiced', entries: cites, model: name, checks }
  }
}

function exchangeOf(
  { text }: Question,
  { context, found }: Pick<Exchange, 'context' | 'found'>,
  content: Content,
  { ids, now, group }: Alone,
): Exchange {
  const talk = talkOf(group ?? null)
  return {
    ...{ id: ids.fresh(), talk, inboxId: 0n, account: '', question: text, messages: [], context, found },
    ...{ state: 'asked', attempt: 1, complaints: [], previous: null, persona: null, level: null, cacheKey: null },
    contentVersion: content.version,
    askedAt: now,
    deadlineAt: new Date(now.getTime() + content.settings(answersSettings).deadline),
  }
}

function talkOf(rule: string | null): Talk {
  const recipient =
    rule === null
      ? { kind: 'direct' as const, account: '', contactId: '', threadId: '', customerId: null }
      : { kind: 'group' as const, account: '', roomId: '', threadId: '' }
  return { threadId: '', customerId: '', contactId: '', rule, recipient }
}
