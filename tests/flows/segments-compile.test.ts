import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clauses } from '../../src/domains/segments/clauses/index.ts'
import { normalise } from '../../src/domains/segments/decide.ts'
import { explainRule } from '../../src/domains/segments/explain.ts'
import { compile, formsOf } from '../../src/domains/segments/repo/compile.ts'
import type { Rule } from '../../src/domains/segments/rule.ts'
import { segmentsKind } from '../../src/domains/segments/schema.ts'
import type { Content } from '../../src/kernel/content.ts'
import { testDatabase } from '../support/database.ts'
import { holdsOf } from '../support/segment-eye.ts'
import { idOf, writeWorld } from '../support/segment-rows.ts'
import { writtenRules } from '../support/segment-rules.ts'
import { now, personsOf, worlds, type World, zone } from '../support/segment-world.ts'

const { db } = await testDatabase()

function contentOf({ asks }: World): Content {
  return {
    zone,
    settings: (section: { schema: { parse(data: object): unknown } }) =>
      section.schema.parse({ consent: asks ? 'ask' : 'notice' }),
    one: () => ({ dimensions: [{ kind: 'region', id: 'region' }] }),
  } as unknown as Content
}

/** As it is read from the file, where nothing is ever undefined. */
function parsed(written: unknown): Rule {
  const rule: unknown = JSON.parse(JSON.stringify(written))
  return segmentsKind(clauses).schema.parse({ segments: [{ id: 'a', title: 'a', rule }] }).segments[0]!.rule
}

test('the compiled query finds whom a look at everybody finds, in every form, and the explanation agrees', async () => {
  const property = fc.asyncProperty(
    worlds,
    fc.array(writtenRules, { minLength: 8, maxLength: 8 }),
    async (world, written) => {
      await writeWorld(db.pool, world)
      for (const rule of written.map(parsed)) await compare(world, rule)
    },
  )
  await fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 15_000 })
}, 90_000)

async function compare(world: World, rule: Rule): Promise<void> {
  const content = contentOf(world)
  const expected = personsOf(world)
    .filter((person) => holdsOf(world, rule, person))
    .map(idOf)
  const normal = normalise(rule, new Map())
  const { lists } = formsOf(normal, { now, content })
  for (const form of [
    {},
    { oneByOne: true },
    ...Array.from({ length: lists }, (_, from) => ({ from, oneByOne: from % 2 === 0 })),
  ]) {
    const { text, values } = compile(normal, { now, content, ...form })
    const { rows } = await db.pool.query<{ person_id: string }>(text, values)
    expect(rows.map((row) => row.person_id).sort(), text).toEqual(expected)
  }
  for (const [i, customer] of world.customers.entries()) {
    const person = customer.mergedInto ?? i
    const found = await explainRule({ db: db.pool, now, content, rules: new Map() }, 'a', rule, idOf(i))
    expect(found?.person.id).toBe(idOf(person))
    expect(found?.holds, JSON.stringify(found)).toBe(expected.includes(idOf(person)))
  }
}
