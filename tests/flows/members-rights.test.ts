import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import * as handoff from '../../src/domains/handoff/index.ts'
import * as members from '../../src/domains/members/index.ts'
import type { Rights, Slice } from '../../src/kernel/slice.ts'
import type { Queryable } from '../../src/kernel/work.ts'
import { testDatabase } from '../support/database.ts'
import { direct, group, person, Stage } from './members-stage.ts'

const { db } = await testDatabase()
const stage = new Stage(db)
beforeEach(() => stage.empty())

function rightsOf(slice: Slice): Rights {
  if (slice.rights === 'none') throw new TypeError('keeps nothing')
  return slice.rights
}
const rights = rightsOf(members.slice)
const run = <T>(ask: (tx: Queryable) => Promise<T>) => stage.db.transaction(ask)
const merge = (from: string, into: string) => run((tx) => rights.onMerge(tx, from, into, stage.now))
const unlink = (from: string, into: string) => run((tx) => rights.onUnlink(tx, from, into))
const customer = async (id: string) =>
  String((await stage.say(person(id), direct(id), `${id} is here`)).person.customerId)
const canonical = async (): Promise<Record<string, string>> => {
  const rows = await stage.rows<{ id: string; canonical_id: string }>('SELECT id, canonical_id FROM customer_canonical')
  return Object.fromEntries(rows.map((row) => [row.id, row.canonical_id]))
}
const consent = async (id: string) =>
  (
    await stage.rows(
      'SELECT opted_out_at AS at FROM person_consent WHERE person_id = (SELECT person_id FROM customer WHERE id = $1)',
      [id],
    )
  )[0]?.['at']
const optOut = (id: string, at: Date) =>
  stage.db.pool.query('UPDATE customer SET opted_out_at = $2 WHERE id = $1', [id, at])

describe('linking', () => {
  test('merged customers resolve to one, along any chain, and back', async () => {
    const [a, b, c] = [await customer('a'), await customer('b'), await customer('c')]
    await merge(a, b)
    await merge(b, c)
    expect(await canonical()).toEqual({ [a]: c, [b]: c, [c]: c })
    expect(await run((tx) => members.listSameCustomers(tx, a))).toEqual([a, b, c].sort())
    await unlink(b, c)
    expect(await canonical()).toEqual({ [a]: b, [b]: b, [c]: c })
  })

  test('nobody is linked in a circle, to two people, or to somebody unknown', async () => {
    const [a, b, c] = [await customer('a'), await customer('b'), await customer('c')]
    await merge(a, b)
    await merge(a, b)
    await expect(merge(b, a)).rejects.toMatchObject({ code: 'customer-circle' })
    await expect(merge(c, c)).rejects.toMatchObject({ code: 'customer-circle' })
    await expect(merge(a, c)).rejects.toMatchObject({ code: 'customer-merged' })
    await expect(merge(c, stage.ids.fresh())).rejects.toMatchObject({ code: 'customer-unknown' })
  })

  test('the stricter consent wins in every direction, and unlinking gives each her own back', async () => {
    const [a, b, c] = [await customer('a'), await customer('b'), await customer('c')]
    const early = new Date(stage.now.getTime() - 60_000)
    await optOut(a, stage.now)
    await optOut(b, early)
    await merge(a, c)
    await merge(b, c)
    expect([await consent(a), await consent(b), await consent(c)]).toEqual([early, early, early])
    await unlink(b, c)
    expect([await consent(a), await consent(b), await consent(c)]).toEqual([stage.now, early, stage.now])
    await unlink(a, c)
    expect(await consent(c)).toBeNull()
  })

  test('where both were asked something in one thread, the newest question stays', async () => {
    const [a, b] = [await customer('a'), await customer('b')]
    const { thread } = await stage.say(person('a'), group('r1'), 'hi')
    const ask = async (customerId: string, question: string) => {
      const expiresAt = new Date(stage.now.getTime() + 600_000)
      await stage.within((on) =>
        stage.apply(on, [{ kind: 'AskQuestion', threadId: thread.id, customerId, question, payload: null, expiresAt }]),
      )
      await stage.clock.advance(1_000)
    }
    await ask(b, 'older')
    await ask(a, 'newer')
    await merge(a, b)
    expect(await stage.rows('SELECT customer_id, kind FROM open_question')).toEqual([{ customer_id: a, kind: 'newer' }])
  })

  test('linking and unlinking in any order leaves everything as it was', async () => {
    const ids = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(customer))
    await optOut(ids[1] ?? '', stage.now)
    const look = () =>
      stage.rows(
        `SELECT c.id, c.merged_into, c.merged_at, k.canonical_id, s.opted_out_at, i.contact_id FROM customer c
         JOIN customer_canonical k USING (id) JOIN person_consent s ON s.person_id = c.person_id JOIN identity i ON i.customer_id = c.id ORDER BY 1`,
      )
    const before = await look()
    const pair = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids))
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 8 }), fc.infiniteStream(fc.nat()), async (pairs, luck) => {
        const made: [string, string][] = []
        for (const [from, into] of pairs) {
          await merge(from, into).then(
            () => made.some(([known]) => known === from) || made.push([from, into]),
            () => undefined,
          )
          expect((await look()).every((row) => row['canonical_id'] !== null)).toBe(true)
        }
        while (made.length > 0) {
          const [link] = made.splice(luck.next().value % made.length, 1)
          if (link) await unlink(...link)
        }
        expect(await look()).toEqual(before)
      }),
      { numRuns: 25 },
    )
  })
})

describe('forgetting', () => {
  const everything = async () => {
    const tables = [
      'customer',
      'identity',
      'room',
      'membership',
      'thread',
      'message',
      'open_question',
      'inbox',
      'handoff_case',
    ]
    const rows = await Promise.all(tables.map((table) => stage.rows(`SELECT to_jsonb(t) AS row FROM ${table} t`)))
    return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  }
  const store = async (what: object, account = 'main', key = stage.name('message:')) =>
    stage.db.pool.query(
      `INSERT INTO inbox (account, key, kind, at, received_at, what) VALUES ($1, $2, $3, $4, $4, $5)`,
      [account, key, (what as { kind: string }).kind, stage.now, JSON.stringify(what)],
    )

  /** One person with everything that members can know of her, and a neighbour with the same name. */
  async function livedIn(): Promise<{ she: members.Person; neighbour: members.Person; threadId: string }> {
    const her = person('contact-hers', '小雨', { alias: '雨', profile: { phone: ['13800000000'], city: '杭州' } })
    const other = person('contact-other', '小雨')
    await stage.happen({ kind: 'GroupRead', roomId: 'r1', topic: '群', ownerId: her.id, members: [her, other] })
    const { person: she, thread } = await stage.say(her, direct(her.id), 'my skin is red', {
      details: { url: 'secret' },
    })
    await stage.say(her, group('r1'), 'my order 4711', { quoted: { name: 'x', text: 'about 4711' } })
    const { person: neighbour } = await stage.say(other, group('r1'), 'me too', {
      quoted: { name: '小雨', text: 'my order 4711' },
    })
    await stage.happen({ kind: 'FriendshipConfirmed', contact: her })
    const expiresAt = new Date(stage.now.getTime() + 600_000)
    const question = { threadId: thread.id, customerId: String(she.customerId), payload: { about: '4711' }, expiresAt }
    await stage.within((on) => stage.apply(on, [{ kind: 'AskQuestion', question: 'q', ...question }]))
    await store(stage.message(her, group('r1'), 'my order 4711'))
    await store(stage.message(her, direct(her.id), 'my skin is red'))
    await store({ kind: 'MemberJoined', roomId: 'r1', members: [her, other] })
    await store({ kind: 'FriendshipConfirmed', contact: her }, 'main', `friendship-confirmed:${her.id}`)
    return { she, neighbour, threadId: thread.id }
  }

  test('nothing of her words, names, ids and numbers is left; her neighbour of the same name keeps hers', async () => {
    const { she, neighbour } = await livedIn()
    await run((tx) => rights.forget(tx, String(she.customerId), stage.now))
    const left = await everything()
    for (const trace of ['contact-hers', '13800000000', '杭州', 'my skin is red', '4711', 'secret', '"雨"']) {
      expect(left).not.toContain(trace)
    }
    expect(left).toContain('contact-other')
    expect(left).toContain('me too')
    expect(await stage.rows('SELECT forgotten_at FROM customer WHERE id = $1', [she.customerId])).toEqual([
      { forgotten_at: stage.now },
    ])
    expect(await stage.rows('SELECT name, customer_id FROM identity')).toEqual([
      { name: '小雨', customer_id: neighbour.customerId },
    ])
  })

  test('her open events are closed, a repeated one is still known, and those after it stay', async () => {
    const { she } = await livedIn()
    const at = stage.now
    await stage.clock.advance(1_000)
    await store(stage.message(person('contact-hers'), direct('contact-hers'), 'I am back'))
    await run((tx) => rights.forget(tx, String(she.customerId), at))
    const open = await stage.rows(
      `SELECT what -> 'message' ->> 'text' AS text FROM inbox WHERE handled_at IS NULL ORDER BY id`,
    )
    expect(open).toEqual([{ text: null }, { text: 'I am back' }])
    const keys = (await stage.rows('SELECT key FROM inbox')).map((row) => String(row['key']))
    expect(keys.filter((key) => key.startsWith('message:'))).toHaveLength(4)
  })

  test('who comes back is a new customer, a new thread, and is greeted like anybody', async () => {
    const { she } = await livedIn()
    await run((tx) => rights.forget(tx, String(she.customerId), stage.now))
    const again = await stage.say(person('contact-hers', '小雨'), direct('contact-hers'), 'hello')
    expect(again.person.customerId).not.toBe(she.customerId)
    expect(again.person.identityId).not.toBe(she.identityId)
    expect(await stage.rows('SELECT text FROM message WHERE thread_id = $1', [again.thread.id])).toEqual([
      { text: 'hello' },
    ])
  })

  test('everybody who is the same person is forgotten with her', async () => {
    const [a, b] = [await customer('a'), await customer('b')]
    await merge(a, b)
    await run((tx) => rights.forget(tx, a, stage.now))
    expect(await stage.rows('SELECT forgotten_at FROM customer')).toEqual([
      { forgotten_at: stage.now },
      { forgotten_at: stage.now },
    ])
    expect(await stage.rows('SELECT FROM identity')).toEqual([])
  })

  test('the same contact id in another realm is somebody else, and stays', async () => {
    stage.realms = { other: 'elsewhere' }
    const { she } = await livedIn()
    const there = { account: 'other' }
    const { person: stranger } = await stage.say(
      person('contact-hers', 'X'),
      direct('contact-hers'),
      'elsewhere',
      there,
    )
    await store(stage.message(person('contact-hers', 'X'), direct('contact-hers'), 'elsewhere'), 'other')
    await run((tx) => rights.forget(tx, String(she.customerId), stage.now))
    expect(await stage.rows('SELECT id FROM identity WHERE contact_id = $1', ['contact-hers'])).toEqual([
      { id: stranger.identityId },
    ])
    expect(await stage.rows(`SELECT what #>> '{message,text}' AS text FROM inbox WHERE account = 'other'`)).toEqual([
      { text: 'elsewhere' },
    ])
  })

  test('a case keeps that it was, and nothing of what it was about', async () => {
    const id = await customer('a')
    const effect = { kind: 'OpenCase' as const, threadId: stage.ids.fresh(), customerId: id, reason: 'late-reply' }
    await run((tx) => handoff.openCase(tx, { ...effect, evidence: { text: 'red' }, key: 'late:a' }, stage))
    await run((tx) => rightsOf(handoff.handoffSlice([])).forget(tx, id, stage.now))
    expect(await run((tx) => handoff.listCases(tx, { open: false }))).toMatchObject([
      { reason: 'late-reply', evidence: {}, closedAt: stage.now, key: expect.stringMatching(/^forgotten:/) },
    ])
  })
})

test('an export holds her identities, stays, threads, messages and cases, merged ones included, and nobody else’s', async () => {
  const a = await customer('a')
  await stage.clock.advance(1_000)
  const b = await customer('b')
  await customer('c')
  await stage.happen({ kind: 'GroupRead', roomId: 'r1', topic: '群', members: [person('a'), person('c')] })
  await merge(a, b)
  const found = await run((tx) => rights.exportOf(tx, b))
  expect(found).toMatchObject({
    identities: [{ contact_id: 'a' }, { contact_id: 'b' }],
    memberships: [{ topic: '群' }],
    threads: [{ kind: 'direct' }, { kind: 'direct' }],
  })
  expect((found['messages'] as { text: string }[]).map(({ text }) => text).sort()).toEqual(['a is here', 'b is here'])
  expect(JSON.stringify(found)).not.toContain('c is here')
})
