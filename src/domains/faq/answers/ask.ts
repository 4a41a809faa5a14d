/** Sets out to ask the model, where it may be asked; an answer that was given before is given again. */
import type { Effect } from '../../../kernel/effect.ts'
import type { Question } from '../decide.ts'
import { isAngry } from '../guards/index.ts'
import { type Persona, personaOf } from '../persona/index.ts'
import { dayIn } from '../../../kernel/zone.ts'
import { askerFor } from './asker.ts'
import { cacheKeyOf, complaintsAbout, mayAsk, sayVoiced } from './decide.ts'
import { type Read, retrievedOf, withoutFacts } from './reading.ts'
import { begin, keep, type On, sayingOf } from './exchange.ts'
import { findCached } from './repo/cache.ts'
import { insertExchanges } from './repo/exchanges.ts'
import { findAllowance } from './repo/spend.ts'
import { type Allowance, answersSettings } from './schema.ts'

/** What asking the model needs to know of the asker, on its way. */
export type Foreseen = { level: Promise<string | null>; allowance: Promise<Allowance | undefined> }

/** Asks early for that, so that it comes while the question is read. Undefined where there is no model to ask. */
export function foreseeAsking(on: On): Foreseen | undefined {
  const { work, content, talk, at } = on
  const settings = content.settings(answersSettings)
  const persona = personaOf(content, talk.rule)
  if (!askerFor(at.account) || !persona || settings.voice !== 'model') return undefined
  const since = new Date(at.now.getTime() - settings.customerRate.within)
  const day = dayIn(content.zone, at.now)
  const foreseen = {
    level: levelOf(persona, on),
    allowance: work.load(findAllowance, { customerId: talk.customerId, day, since }),
  }
  // Whoever needs them hears of a failure; here nobody waits for them.
  for (const promise of Object.values(foreseen)) promise.catch(() => undefined)
  return foreseen
}

/** Undefined when it may not be asked: no model, no persona, words that are content's own, no budget left. */
export async function askModel(
  question: Question,
  read: Read,
  foreseen: Foreseen | undefined,
  on: On,
): Promise<Effect[] | undefined> {
  const { work, content, talk, at } = on
  const settings = content.settings(answersSettings)
  const { decision } = read.considered
  const greets = decision.kind === 'none' && decision.reply === 'faq.greeting'
  const asker = askerFor(at.account)
  const persona = personaOf(content, talk.rule)
  // A mere topic («parcel») asks nothing yet: to choose is quicker for her than to read.
  const isTopic = decision.kind === 'suggest' && read.considered.found[0]?.topic !== undefined
  const fixed = greets || isTopic || question.picked !== null
  if (!asker || !persona || !foreseen || fixed) return undefined
  const found = withoutFacts(retrievedOf(read.considered, settings, read.context.turns), content)
  const level = await foreseen.level
  // What an angry customer is told depends on more than her words: it is neither kept nor taken from others.
  const isCalm = !isAngry(question.text, content)
  const cacheKey = isCalm ? cacheKeyOf(question.text, read.context, found, { talk, level, content }) : null
  const exchange = { ...begin(question, read.context, found, on), persona: persona.id, level, cacheKey }
  const cached = cacheKey ? await work.load(findCached, { key: cacheKey, now: at.now }) : undefined
  if (cached && complaintsAbout(cached.answer, exchange, content).length === 0) {
    const { effects, said } = sayVoiced(cached.answer, sayingOf(question, on))
    return keep(exchange, { effects, outcome: 'cached', entries: cached.answer.cites, said }, on, cached)
  }
  const allowance = await foreseen.allowance
  if (allowance && !mayAsk(allowance, settings)) return undefined
  work.write(insertExchanges, { ...exchange, ending: null, reasons: [], closedAt: null })
  work.afterCommit(() => asker.ask(exchange))
  return []
}

/** The tag of the asker by which the persona bends its tone, if it does. */
async function levelOf({ levels, levelsBy }: Persona, { work, content, lent, talk }: On): Promise<string | null> {
  const held = lent.facts['tags.held']
  if (!held || Object.keys(levels).length === 0) return null
  const fact = await held.ask(work.db, talk.customerId, { now: work.now, content })
  const level = fact.kind === 'known' ? fact.values[levelsBy] : undefined
  return typeof level === 'string' && level in levels ? level : null
}
