/** Plays a case: says what its turns say, and looks at what came of each. */
import { evals } from '../../domains/faq/index.ts'
import { findCustomers, groupRules } from '../../domains/members/index.ts'
import { makeReady, recordOrders } from '../../domains/orders/index.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import type { Contact, Place } from '../../kernel/event.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import type { House } from './house.ts'
import type { Happened } from './judge.ts'
import { type Closed, closedExchanges, offeredEntries, openedCases, sentAfter } from './repo.ts'

export type Stage = { house: House; db: Database; content: Content; secrets: Secrets; account: string }

/** What came of a turn, and what it cost. */
export type Played = Happened & { exchanges: Closed[] }

/** Pieces of a burst follow each other so closely, in ms. */
const pieceMs = 1_000
const betweenTurnsMs = 15_000
/** What a turn leads to comes in this time: the end of a burst, waiting for others in a group. */
const afterMs = 60_000

/** `onTurn` is called before a turn is played, from 1. */
export async function play(one: evals.EvalCase, stage: Stage, onTurn: (turn: number) => void): Promise<Played[]> {
  const { house, db, account } = stage
  const cast = castOf(one, stage)
  if (one.orders.length > 0) await bringOrders(one, cast.asker, stage)
  const seen = { sends: 0n, exchanges: [] as string[], cases: [] as string[] }
  // What happened before the first turn is nobody's answer.
  await look()
  const played: Played[] = []
  for (const [index, turn] of one.turns.entries()) {
    if (index > 0) await house.pass(turn.after ?? betweenTurnsMs)
    onTurn(index + 1)
    await say(turn, index, one, cast, stage)
    await house.finish(afterMs)
    played.push(await look())
  }
  return played

  async function look(): Promise<Played> {
    const [sends, exchanges, cases, offered] = [
      await sentAfter(db.pool, account, seen.sends),
      await closedExchanges(db.pool, account, seen.exchanges),
      await openedCases(db.pool, seen.cases),
      await offeredEntries(db.pool, cast.asker.id),
    ]
    seen.sends = sends.at(-1)?.id ?? seen.sends
    seen.exchanges.push(...exchanges.map(({ id }) => id))
    seen.cases.push(...cases.map(({ key }) => key))
    const said = sends.map(({ direct, body }) => ({ direct, text: body.text ?? `[${body.filename ?? body.type}]` }))
    const texts = said.map(({ text }) => text)
    const last = exchanges.at(-1)
    return {
      said,
      decision: decisionOf(last?.outcome, said.length),
      entries: [
        ...new Set([...exchanges.flatMap(({ entries }) => entries), ...evals.entriesSaid(texts, stage.content)]),
      ],
      offered: last?.outcome === 'offered' ? offered : [],
      mood: exchanges.findLast(({ mood }) => mood !== null)?.mood ?? null,
      heardModel: exchanges.some(({ model }) => model !== null),
      cases: cases.map(({ reason }) => reason),
      exchanges,
    }
  }
}

function decisionOf(outcome: string | undefined, said: number): string {
  if (outcome === 'cached') return 'voiced'
  if (outcome === undefined || outcome === 'dropped') return said === 0 ? 'silent' : 'other'
  return outcome
}

type Cast = { asker: Contact; place: (who: Contact) => Place; self: Contact }

/** Everybody's ids are the case's own: nobody of one case is known in another. */
function castOf(one: evals.EvalCase, { content, account }: Stage): Cast {
  const asker = personOf(one.id)
  const self: Contact = { id: account, name: account, kind: 'self' }
  if (one.in === 'direct') return { asker, self, place: () => ({ kind: 'direct', contactId: asker.id }) }
  const rule = content.one(groupRules).groups.find(({ id }) => id === one.in)
  const topic = rule?.match.topics[0]
  if (topic === undefined) {
    const message = `The case ${one.id} is in groups of the rule «${one.in}», which knows its groups by their ids alone. Give the rule a name under topics.`
    throw new UsageError({ code: 'eval-group', message })
  }
  const place: Place = { kind: 'group', roomId: `room-${one.id}`, topic: topic.replaceAll('*', '1') }
  return { asker, self, place: () => place }
}

function personOf(name: string, kind: Contact['kind'] = 'person'): Contact {
  return { id: `contact-${name}`, name, kind }
}

/** Says the pieces of a turn one after the other. */
async function say(
  turn: evals.EvalTurn,
  index: number,
  one: evals.EvalCase,
  cast: Cast,
  { house, account }: Stage,
): Promise<void> {
  const onPhone = turn.from === evals.phoneName
  const sender = onPhone ? cast.self : senderOf(turn, one, cast)
  for (const [i, text] of [turn.says].flat().entries()) {
    if (i > 0) await house.pass(pieceMs)
    const id = `${one.id}-${index}-${i}`
    const inGroup = one.in !== 'direct'
    const message = {
      ...{ id, type: 'text' as const, text, sentAt: house.clock.now().toISOString(), mentions: [] },
      mentionsSelf: inGroup && !onPhone && (turn.mention ?? one.mention),
      ...(turn.quoted !== undefined && { quoted: { name: cast.self.name, text: turn.quoted } }),
    }
    const kind = onPhone ? ('OwnMessageSeen' as const) : ('MessageReceived' as const)
    const what = { kind, place: cast.place(sender), sender, message }
    await house.accept({ account, key: `message:${id}`, at: house.clock.now(), what })
    await house.quiet()
  }
}

function senderOf({ from }: evals.EvalTurn, one: evals.EvalCase, { asker }: Cast): Contact {
  if (from === undefined) return asker
  return personOf(`${one.id}-${from}`, from === evals.staffName ? 'staff' : 'person')
}

/** The bot knows her, and what she has bought, before she says anything. */
async function bringOrders(one: evals.EvalCase, asker: Contact, { house, db, secrets, account }: Stage): Promise<void> {
  const now = house.clock.now()
  const what = { kind: 'ContactsRead' as const, contacts: [asker] }
  await house.accept({ account, key: `contacts:${one.id}`, at: now, what })
  await house.quiet()
  const [found] = await findCustomers(db.pool, asker.id, [])
  if (!found) return
  const ago = (ms: number): Date => new Date(now.getTime() - ms)
  const nowhere = { province: null, city: null, area: null, address: null }
  const bought = one.orders.map(({ ago: placed, amount, items, deliveredAgo, ...order }, i) => ({
    ...makeReady(
      {
        ...nowhere,
        shop: one.id,
        orderNo: order.orderNo,
        orderedAt: ago(placed),
        cents: BigInt(Math.round(amount * 100)),
        refundOf: order.refundOf ?? null,
        status: order.status,
        carrier: order.carrier ?? null,
        trackingNo: order.trackingNo ?? null,
        deliveredAt: deliveredAgo === undefined ? null : ago(deliveredAgo),
        items: items.map((name) => ({ sku: null, name, category: null, quantity: 1, cents: null })),
        source: `eval:${one.id}:${i}`,
      },
      secrets,
    ),
    buyer: { customerId: found.personId, personId: found.personId },
  }))
  const how = { now, secrets, totals: 'replace' as const, announceNew: false }
  await db.transaction((tx) => recordOrders(tx, bought, how))
}
