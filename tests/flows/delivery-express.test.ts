import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { concurrency } from '../../src/delivery/loop.ts'
import type { SendMessage } from '../../src/kernel/effect.ts'
import { testDatabase } from '../support/database.ts'
import { DeliveryWorld, send } from '../support/delivery.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

const { db } = await testDatabase()
const query = db.pool.query.bind(db.pool) as (...args: unknown[]) => Promise<unknown>
const transaction = db.transaction.bind(db)
let world: DeliveryWorld
let statements: ReturnType<typeof watchStatements>

beforeEach(() => {
  world = new DeliveryWorld(db)
  statements = watchStatements()
})
afterEach(async () => {
  statements.release()
  await world.close()
  await world.empty()
  vi.restoreAllMocks()
})

/**
 * The statements of the loop: they go to the pool by themselves, or in a transaction, with whose commit they end. `hold` keeps
 * one back until `release`.
 */
function watchStatements() {
  const begun: string[] = []
  const ended: string[] = []
  let held = ''
  let release = (): void => undefined
  let released = Promise.resolve()
  const begin = async (args: unknown[]): Promise<string> => {
    const { name = '' } = args[0] as { name?: string }
    begun.push(name)
    if (name === held) await released
    return name
  }
  const watch = async (args: unknown[]): Promise<unknown> => {
    const name = await begin(args)
    const result = await query(...args)
    ended.push(name)
    return result
  }
  vi.spyOn(db.pool, 'query').mockImplementation((...args: unknown[]): unknown => watch(args))
  vi.spyOn(db, 'transaction').mockImplementation(async (use) => {
    const names: string[] = []
    const result = await transaction((tx) => {
      const ask = tx.query.bind(tx) as (...args: unknown[]) => Promise<unknown>
      const watched = async (...args: unknown[]): Promise<unknown> => {
        names.push(await begin(args))
        return ask(...args)
      }
      return use({ query: watched } as unknown as typeof tx)
    })
    ended.push(...names)
    return result
  })
  const count = (list: string[], name: string): number => list.filter((one) => one === name).length
  return {
    begun: (name: string) => count(begun, name),
    ended: (name: string) => count(ended, name),
    hold(name: string) {
      held = name
      released = new Promise((resolve) => (release = resolve))
    },
    release: () => {
      held = ''
      release()
    },
  }
}

/** A process that owns the account and has looked at its outbox, so that it knows what was left there. */
async function owner(gateway = new ScriptedGateway()) {
  const process = await world.open(gateway)
  await until(() => statements.ended('outbox-claim') > 0)
  return process
}

/** Wakes the loop and waits until it has judged what is in `sending`. */
async function judge(wake: () => void): Promise<void> {
  const before = statements.ended('outbox-abandoned')
  await world.clock.advance(11_000)
  wake()
  await until(() => statements.ended('outbox-abandoned') > before)
}

const reply = (to: SendMessage['to'], key: string, rest: Parameters<typeof send>[3] = {}): SendMessage =>
  send(to, key, `words of ${key}`, rest)

describe('a reply that can leave at once', () => {
  it('is with the gateway as soon as it is committed, without a claim', async () => {
    const { gateway } = await owner()
    const claims = statements.begun('outbox-claim')
    const ann = await world.direct('ann')
    await world.ask(reply(ann, 'r'))
    expect(gateway.texts()).toEqual(['words of r'])
    await world.untilStates('r', ['sent'])
    expect(statements.begun('outbox-claim')).toBe(claims)
  })

  it('is `sending` under the epoch before the call, and the gateway hears nothing before the commit', async () => {
    const { gateway } = await owner()
    gateway.hold()
    const asked = await world.asking(reply(await world.direct('ann'), 'r'))
    await asked.commit()
    const { rows } = await db.pool.query('SELECT state, epoch, sending_at FROM outbox')
    expect(rows).toEqual([{ state: 'sending', epoch: 1, sending_at: world.clock.now() }])
    expect(gateway.calls).toEqual([])
    asked.committed()
    expect(gateway.calls).toHaveLength(1)
    gateway.answer = ({ messageId }) => ({ kind: 'sent', messageId })
  })

  it('is one message with nothing to wait for; all else waits for a claim', async () => {
    const { gateway } = await owner()
    await world.ask(
      reply(await world.direct('a'), 'adviser', { purpose: 'adviser' }),
      reply(await world.direct('b'), 'later', { notBefore: new Date(world.clock.now().getTime() + 60_000) }),
      send(await world.direct('c'), 'long', '先洁面，再爽肤。'.repeat(200)),
      send(await world.direct('d'), 'file', [{ type: 'file', mediaId: 'gone', filename: 'x.pdf' }]),
    )
    expect(gateway.calls).toEqual([])
    await world.untilStates('long', ['sent', 'sent', 'sent'])
  })

  it('waits for a claim where a pace is kept', async () => {
    world.settings = { pace: { enabled: true, sameTarget: '0s', betweenTargets: ['0s', '0s'], perMinute: 100 } }
    const { gateway, wake } = await world.open()
    await until(() => statements.ended('outbox-next') > 0)
    await world.ask(reply(await world.direct('ann'), 'r'))
    expect(gateway.calls).toEqual([])
    wake()
    await world.untilStates('r', ['sent'])
  })

  it('is said once when its key was used before', async () => {
    const { gateway } = await owner()
    const ann = await world.direct('ann')
    await world.ask(reply(ann, 'r'))
    await world.untilStates('r', ['sent'])
    await world.ask(reply(ann, 'r'))
    await world.ask(reply(ann, 'next'))
    await world.untilStates('next', ['sent'])
    expect(gateway.texts()).toEqual(['words of r', 'words of next'])
  })
})

describe('order in a thread', () => {
  it('holds when an earlier message waits that this process knows nothing of', async () => {
    const { gateway } = await owner()
    const ann = await world.direct('ann')
    const earlier = await world.asking(reply(ann, 'first', { purpose: 'service' }))
    await earlier.commit()
    const later = await world.asking(reply(ann, 'second'))
    await later.commit()
    expect(await world.states('second')).toEqual(['pending'])
    later.committed()
    await world.untilStates('second', ['sent'])
    await world.untilStates('first', ['sent'])
    expect(gateway.mostOpen).toBe(1)
  })

  it('holds within one transaction, and while a message is on its way', async () => {
    const { gateway } = await owner()
    const { release } = gateway.hold()
    const ann = await world.direct('ann')
    await world.ask(send(ann, 'long', '先洁面，再爽肤。'.repeat(200)), reply(ann, 'second'))
    await until(() => gateway.open === 1)
    await world.ask(reply(ann, 'third'))
    release()
    await world.untilStates('third', ['sent'])
    expect(gateway.texts().slice(-2)).toEqual(['words of second', 'words of third'])
    expect(gateway.mostOpen).toBe(1)
  })

  it('does not mind what is not due before tomorrow', async () => {
    const { gateway } = await owner()
    const ann = await world.direct('ann')
    const notBefore = new Date(world.clock.now().getTime() + 24 * 60 * 60_000)
    await world.ask(reply(ann, 'news', { purpose: 'marketing', notBefore }))
    await until(() => statements.begun('outbox-claim') > 1)
    await world.ask(reply(await world.direct('bob'), 'other'))
    await world.untilStates('other', ['sent'])
    await world.ask(reply(ann, 'r'))
    expect(gateway.texts().at(-1)).toBe('words of r')
  })

  it('holds when a claim that was late finds more of a thread than was there when it was asked', async () => {
    const { gateway, wake } = await owner()
    const { release } = gateway.hold()
    statements.hold('outbox-claim')
    wake()
    await until(() => statements.begun('outbox-claim') > 1)
    const ann = await world.direct('ann')
    await world.ask(reply(ann, 'first'))
    expect(gateway.open).toBe(1)
    await world.ask(reply(ann, 'second'))
    const claimed = statements.ended('outbox-claim')
    statements.release()
    await until(() => statements.ended('outbox-claim') > claimed)
    await world.untilStates('second', ['pending'])
    expect(gateway.open).toBe(1)
    await judge(wake)
    release()
    await world.untilStates('second', ['sent'])
    expect(gateway.texts()).toEqual(['words of first', 'words of second'])
    expect(gateway.mostOpen).toBe(1)
  })
})

describe('the owner of the account', () => {
  it('under a stale epoch inserts what waits for the next owner, and sends nothing', async () => {
    const { gateway } = await owner()
    await world.take()
    await world.ask(reply(await world.direct('ann'), 'r'))
    await until(() => statements.ended('outbox-claim') > 1)
    expect(await world.states('r')).toEqual(['pending'])
    expect(gateway.calls).toEqual([])
  })

  it.each([`state = 'swapped'`, `throttled_until = '2999-01-01'`])('sends nothing while its %s', async (column) => {
    const { gateway } = await owner()
    await db.pool.query(`UPDATE account SET ${column}`)
    await world.ask(reply(await world.direct('ann'), 'r'))
    expect(await world.states('r')).toEqual(['pending'])
    expect(gateway.calls).toEqual([])
  })

  it('has no more calls open than it may, and what waited goes before what comes', async () => {
    const { gateway } = await owner()
    const { release } = gateway.hold()
    const people = await Promise.all(Array.from({ length: concurrency + 8 }, (_, i) => world.direct(`c${i}`)))
    for (const [i, to] of people.entries()) await world.ask(reply(to, `r:${i}`))
    expect(gateway.open).toBe(concurrency)
    // Places are free again, and what waits is about to be claimed.
    statements.hold('outbox-claim')
    const late = await world.direct('late')
    release()
    await until(() => gateway.open === 0)
    await world.ask(reply(late, 'late'))
    expect(gateway.calls).toHaveLength(concurrency)
    statements.release()
    await until(() => gateway.calls.length === concurrency + 9)
    expect(gateway.texts().at(-1)).toBe('words of late')
    expect(gateway.mostOpen).toBe(concurrency)
  })

  it('keeps to its limit when a claim comes back to find the places taken', async () => {
    const { gateway, wake } = await owner()
    const { release } = gateway.hold()
    const most = concurrency - 4
    const people = await Promise.all(Array.from({ length: 2 * most }, (_, i) => world.direct(`c${i}`)))
    const ask = (from: number, to: number, purpose: 'reply' | 'adviser') =>
      world.ask(...people.slice(from, to).map((to, i) => reply(to, `${purpose}:${i}`, { purpose })))
    statements.hold('outbox-claim')
    wake()
    await until(() => statements.begun('outbox-claim') > 1)
    await ask(0, most, 'adviser')
    await ask(most, 2 * most, 'reply')
    expect(gateway.open).toBe(most)
    statements.release()
    await until(() => gateway.open === concurrency)
    release()
    await until(() => gateway.calls.length === 2 * most)
    expect(gateway.mostOpen).toBe(concurrency)
    for (let i = 0; i < most; i += 1) await world.untilStates(`adviser:${i}`, ['sent'])
  })
})

describe('at the door, law 6, also without a claim:', () => {
  it('a recalled question is not answered', async () => {
    const { gateway } = await owner()
    const ann = await world.direct('ann')
    await db.pool.query(
      `INSERT INTO message (id, thread_id, account, platform_id, direction, type, text, sent_at, recalled_at)
       VALUES (gen_random_uuid(), $1, 'main', 'q1', 'in', 'text', '?', $2, $2)`,
      [ann.threadId, world.clock.now()],
    )
    const asked = await world.asking(reply(ann, 'r', { answers: ['q1'] }))
    await asked.commit()
    expect(await world.states('r')).toEqual(['sending'])
    asked.committed()
    await world.untilStates('r', ['cancelled: recalled'])
    expect(gateway.calls).toEqual([])
  })

  it('a thread that a human has taken stays silent, and the words become a case', async () => {
    const { gateway } = await owner()
    const ann = await world.direct('ann')
    await db.pool.query(`UPDATE thread SET silent_until = $1`, [new Date(world.clock.now().getTime() + 60_000)])
    await world.ask(reply(ann, 'r'))
    await world.untilStates('r', ['cancelled: human-owns'])
    expect(gateway.calls).toEqual([])
  })

  it('a forgotten person hears nothing, whichever of her customers is written to', async () => {
    const { gateway } = await owner()
    const into = await world.customer({ forgottenAt: world.clock.now() })
    const ann = await world.direct('ann', { customerId: await world.customer({ mergedInto: into }) })
    await world.ask(reply(ann, 'r'))
    await world.untilStates('r', ['cancelled: forgotten'])
    expect(gateway.calls).toEqual([])
  })

  it('a line that went down during the commit loses nothing', async () => {
    const { gateway, wake } = await owner()
    const asked = await world.asking(reply(await world.direct('ann'), 'r'))
    await asked.commit()
    gateway.ready = false
    asked.committed()
    await world.untilStates('r', ['pending'])
    expect(gateway.calls).toEqual([])
    gateway.ready = true
    wake()
    await world.untilStates('r', ['sent'], { ticking: true })
  })
})

describe('a place that is kept for a transaction', () => {
  it('is given back when it is rolled back: the thread goes on', async () => {
    const { gateway } = await owner()
    const ann = await world.direct('ann')
    const asked = await world.asking(reply(ann, 'first'))
    await asked.write()
    await world.ask(reply(ann, 'second'))
    expect(gateway.calls).toEqual([])
    await asked.rollback()
    asked.rolledBack()
    await world.untilStates('second', ['sent'])
    await world.ask(reply(ann, 'third'))
    expect(gateway.texts()).toEqual(['words of second', 'words of third'])
  })

  it('whose connection was lost as it committed is looked for, and its row sent, once', async () => {
    const { gateway } = await owner()
    const asked = await world.asking(reply(await world.direct('ann'), 'r'))
    await asked.commit()
    asked.rolledBack(true)
    await world.untilStates('r', ['sent'])
    expect(gateway.calls).toHaveLength(1)
  })

  it('keeps its row from those who look for abandoned ones: it is committed, and will be called for', async () => {
    const { gateway, wake } = await owner()
    const asked = await world.asking(reply(await world.direct('ann'), 'r'))
    await asked.commit()
    await judge(wake)
    const judged = await world.states('r')
    asked.committed()
    await world.untilStates('r', ['sent'], { ticking: true })
    await judge(wake)
    expect(gateway.calls).toHaveLength(1)
    expect(judged).toEqual(['sending'])
  })

  it('is not given while somebody looks for abandoned rows, who would not know of it', async () => {
    const { gateway, wake } = await owner()
    statements.hold('outbox-abandoned')
    const before = statements.begun('outbox-abandoned')
    await world.clock.advance(11_000)
    wake()
    await until(() => statements.begun('outbox-abandoned') > before)
    const asked = await world.asking(reply(await world.direct('ann'), 'r'))
    await asked.commit()
    statements.release()
    await until(() => statements.ended('outbox-abandoned') > before)
    asked.committed()
    await world.untilStates('r', ['sent'])
    expect(gateway.calls).toHaveLength(1)
  })

  it('is waited for by whoever stops', async () => {
    const { gateway, stop } = await owner()
    const asked = await world.asking(reply(await world.direct('ann'), 'r'))
    await asked.commit()
    let stopped = false
    const stopping = stop().then(() => (stopped = true))
    await until(() => statements.ended('outbox-claim') > 0)
    expect(stopped).toBe(false)
    asked.committed()
    await stopping
    expect(await world.states('r')).toEqual(['sent'])
    expect(gateway.calls).toHaveLength(1)
  })
})
