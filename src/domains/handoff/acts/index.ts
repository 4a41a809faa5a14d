/**
 * What an adviser does with a case, and what follows for everybody: the customer hears who is there, the bot keeps silent or
 * speaks again, the next case comes. The same whether she writes it in WeChat or clicks it on the desk.
 */
import type { Effect } from '../../../kernel/effect.ts'
import { accept, adviserSaid, pass, resolve, transfer } from '../cases/decide.ts'
import type { CaseFile } from '../cases/index.ts'
import type { Entry, Refusal } from '../cases/schema.ts'
import type { Adviser, Seat } from '../roster/index.ts'
import { give, giveWaiting } from '../routing/index.ts'
import { type Customer, customerOf, type On, showCard, tellCustomer, yieldTo } from '../talk/index.ts'
import { freeThreads } from '../talk/repo.ts'

/** What was done, or why it was not. */
export type Done = { effects: Effect[]; customer: Customer } | { refused: Refusal }

export async function acceptCase(file: CaseFile, by: Adviser, on: On): Promise<Done> {
  const refused = file.take(accept(file.now(), by, on.work.now))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  file.set({ talkThreadId: customer.to?.threadId ?? null })
  return { customer, effects: [...yieldTo(customer, on.work.now), ...greet(file, customer, by, on)] }
}

/** She hears who is there, each time another is. */
function greet(file: CaseFile, customer: Customer, adviser: Adviser, { work, content, ids }: On): Effect[] {
  const text = content.reply('handoff.here', { adviser: adviser.name }, ids.random())
  return tellCustomer(customer, `handoff-here:${file.now().id}:${work.now.toISOString()}`, text)
}

export async function declineCase(file: CaseFile, by: Adviser, on: On): Promise<Done> {
  const refused = file.take(pass(file.now(), by.id, 'declined'))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  return { customer, effects: await give(file, on) }
}

/** The colleague owns it at once, and reads the whole story with the note. */
export async function transferCase(file: CaseFile, by: Adviser, to: Seat, note: string, on: On): Promise<Done> {
  const refused = file.take(transfer(file.now(), by, to.adviser.id, note, on.work.now))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  file.set({ talkThreadId: customer.to?.threadId ?? null })
  const card = await showCard(file.now(), to, on, { note, by: by.name })
  const silent = yieldTo(customer, on.work.now)
  return { customer, effects: [...silent, ...card, ...greet(file, customer, to.adviser, on)] }
}

/** The bot has the thread back, says so, and whoever waits is looked at again. */
export async function resolveCase(file: CaseFile, by: Adviser, code: string | null, on: On): Promise<Done> {
  const { work, content, ids } = on
  const refused = file.take(resolve(file.now(), { adviser: by.id }, code, work.now, by.role))
  if (refused) return { refused }
  const now = file.now()
  const customer = await customerOf(now, on)
  if (now.talkThreadId !== null) work.write(freeThreads, now.talkThreadId)
  const bye = content.reply('handoff.over', { adviser: by.name }, ids.random())
  const effects = [...tellCustomer(customer, `handoff-over:${now.id}:${now.reopened}`, bye), ...(await giveWaiting(on))]
  return { customer, effects }
}

/** For colleagues only: it stands in the history of the case. */
export async function noteCase(file: CaseFile, by: Adviser, text: string, on: On): Promise<Done> {
  const now = file.now()
  if (now.owner !== by.id && by.role !== 'manager') return { refused: { kind: 'not-yours', owner: now.owner } }
  file.note({ kind: 'note', by: by.id, text } satisfies Entry)
  return { customer: await customerOf(now, on), effects: [] }
}

/** Her words to the customer, signed as content signs them. `key`: the message of hers that it was; once. */
export async function sayToCustomer(file: CaseFile, by: Adviser, text: string, key: string, on: On): Promise<Done> {
  const refused = file.take(adviserSaid(file.now(), by, on.work.now))
  if (refused) return { refused }
  const customer = await customerOf(file.now(), on)
  const signed = on.content.reply('handoff.signed', { adviser: by.name, text })
  return { customer, effects: tellCustomer(customer, `handoff-say:${key}`, signed) }
}
