import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { registry } from '../../src/app/registry.ts'
import { loadFolder } from '../../src/content/index.ts'
import { type Mirroring, mirrorTags } from '../../src/domains/tags/mirror/index.ts'
import { rights } from '../../src/domains/tags/rights/index.ts'
import type { ContactTagOutcome } from '../../src/kernel/ports.ts'
import { folderWith } from '../support/content-files.ts'
import { testDatabase } from '../support/database.ts'
import { ScriptedGateway } from '../support/gateway.ts'
import { now } from '../unit/tags-facts.ts'

const { db } = await testDatabase()

async function contentWith(mirror: string) {
  const dir = await folderWith({
    'settings.yaml': `brand: { name: Q }\ntags: { mirror: ${mirror} }\n`,
    'tags.yaml': `dimensions:
  - { id: role, kind: byHand, values: [{ id: vip }, { id: helper }] }
  - { id: skin, kind: byHand, sensitive: true, values: [{ id: dry }] }\n`,
  })
  const { content, findings } = await loadFolder(dir, registry, { tolerates: ({ file }) => file !== 'settings.yaml' })
  if (!content) throw new Error(JSON.stringify(findings))
  return content
}

const on = await contentWith(`{ enabled: true, dimensions: [role, skin], prefix: 'q:' }`)
const off = await contentWith('{ enabled: false, dimensions: [role] }')

/** A platform where others tag too. */
class TagGateway extends ScriptedGateway {
  readonly changes: string[] = []
  readonly there = new Set<string>()
  outcome: ContactTagOutcome = 'done'

  async tagContact(contactId: string, tag: string, set: boolean): Promise<ContactTagOutcome> {
    if (this.outcome !== 'done') return this.outcome
    if (set && this.there.has(tag)) return 'there-already'
    this.changes.push(`${set ? '+' : '-'}${contactId} ${tag}`)
    if (set) this.there.add(tag)
    else this.there.delete(tag)
    return 'done'
  }
}

let gateway = new TagGateway()
let customer = ''
let paces: number[] = []

async function mirror(more: Partial<Mirroring> = {}): Promise<string[]> {
  const before = gateway.changes.length
  const pause = async (ms: number) => paces.push(ms) > 0
  await mirrorTags({ db: db.pool, gateway, content: on, now, deadlineMs: 1_000, pause, ...more })
  return gateway.changes.slice(before)
}

async function tag(dimension: string, value: string): Promise<void> {
  await db.pool.query('INSERT INTO tag (dimension, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [dimension, value])
  await db.pool.query(
    `INSERT INTO customer_tag (person_id, tag_id, source, customer_id, strength, since, rule, evidence)
     SELECT $1, id, 'rule', $1, 1, $4, 'r', '[]' FROM tag WHERE dimension = $2 AND value = $3`,
    [customer, dimension, value, now],
  )
}

const untag = () => db.pool.query('DELETE FROM customer_tag')

beforeEach(async () => {
  await db.pool.query('TRUNCATE customer, identity, customer_tag, tag_mirror CASCADE')
  gateway = new TagGateway()
  paces = []
  customer = randomUUID()
  await db.pool.query('INSERT INTO customer (id, person_id, first_seen_at, last_seen_at) VALUES ($1, $1, $2, $2)', [
    customer,
    now,
  ])
  await db.pool.query(
    `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, friend_of, first_seen_at, last_seen_at)
     VALUES ($1, 'default', 'lin', $2, 'customer', 'Lin', '{"main": "2026-01-01"}', $3, $3)`,
    [randomUUID(), customer, now],
  )
})

test('what holds is put on her contact once, at the pace of content, and taken off when it ends', async () => {
  await tag('role', 'vip')
  expect(await mirror()).toEqual(['+lin q:vip'])
  expect(paces).toEqual([5_000])
  expect(await mirror()).toEqual([])
  await untag()
  expect(await mirror()).toEqual(['-lin q:vip'])
  expect(await mirror()).toEqual([])
})

test('without a word in content nothing is mirrored, and what was is taken off', async () => {
  await tag('role', 'vip')
  expect(await mirror({ content: off })).toEqual([])
  await mirror()
  expect(await mirror({ content: off })).toEqual(['-lin q:vip'])
})

test('what somebody else has put on is never taken off', async () => {
  gateway.there.add('q:vip')
  await tag('role', 'vip')
  expect(await mirror()).toEqual([])
  await untag()
  expect(await mirror()).toEqual([])
  expect(gateway.there.has('q:vip')).toBe(true)
})

test('nothing sensitive leaves the house', async () => {
  await tag('skin', 'dry')
  expect(await mirror()).toEqual([])
})

test('what nobody knows the end of is asked again; what is refused is not', async () => {
  await tag('role', 'vip')
  gateway.outcome = 'unknown'
  await mirror()
  gateway.outcome = 'done'
  expect(await mirror()).toEqual(['+lin q:vip'])
  await tag('role', 'helper')
  gateway.outcome = 'refused'
  await mirror()
  gateway.outcome = 'done'
  expect(await mirror()).toEqual([])
})

test('a platform without tags is left alone', async () => {
  await tag('role', 'vip')
  const plain = new ScriptedGateway()
  expect(
    await mirrorTags({ db: db.pool, gateway: plain, content: on, now, deadlineMs: 1, pause: async () => true }),
  ).toBe(0)
})

test('who has had herself deleted loses on the platform what we put there', async () => {
  await tag('role', 'vip')
  await mirror()
  await rights.forget(db.pool, customer, now)
  await db.pool.query('DELETE FROM identity')
  expect(await mirror()).toEqual(['-lin q:vip'])
  const { rows } = await db.pool.query('SELECT FROM tag_mirror')
  expect(rows).toEqual([])
})
