/** The small shop as rows in PostgreSQL. */
import type { Queryable } from '../../src/kernel/work.ts'
import { day, groupRules, now, rootOf, tagKey, type World } from './segment-world.ts'

export function idOf(customer: number): string {
  return `00000000-0000-7000-8000-${String(customer).padStart(12, '0')}`
}

/** Puts the world into an empty or earlier used database. */
export async function writeWorld(db: Queryable, world: World): Promise<void> {
  await db.query(
    'TRUNCATE customer, identity, customer_tag, orders, interaction, customer_rfm, membership, room, tag RESTART IDENTITY CASCADE',
  )
  const rows = rowsOf(world)
  for (const [table, list] of Object.entries(rows)) {
    await db.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(list),
    ])
  }
}

function rowsOf(world: World): Record<string, object[]> {
  const here = <T extends { customer: number }>(rows: T[]) =>
    rows.filter(({ customer }) => customer < world.customers.length)
  const names = [...new Set(world.tags.map(({ dimension, value }) => `${dimension}/${value}`))]
  const tagRows = new Map(here(world.tags).map((tag) => [tagKey(world, tag), tag]))
  return {
    customer: world.customers.map((one, i) => ({
      id: idOf(i),
      person_id: idOf(one.mergedInto ?? i),
      merged_into: one.mergedInto === null ? null : idOf(one.mergedInto),
      first_seen_at: ago(one.firstSeen),
      last_seen_at: ago(one.lastSeen),
      staff: one.staff,
      forgotten_at: one.forgotten ? ago(1) : null,
      opted_out_at: one.optedOut ? ago(1) : null,
      profiling_refused_at: one.refused ? ago(1) : null,
      noticed_at: one.noticed ? ago(2) : null,
      consented_at: one.consented ? ago(1) : null,
      sensitive_consent_at: one.sensitive ? ago(1) : null,
      profile: {},
      preferences: {},
    })),
    tag: names.map((name, i) => ({ id: i + 1, dimension: name.split('/')[0], value: name.split('/')[1] })),
    customer_tag: [...tagRows.values()].map((tag) => ({
      person_id: idOf(rootOf(world, tag.customer)),
      customer_id: idOf(tag.customer),
      tag_id: names.indexOf(`${tag.dimension}/${tag.value}`) + 1,
      source: tag.source,
      effective: tag.effective,
      strength: 1,
      since: ago(10),
      until: tag.until === null ? null : ago(-tag.until),
      rule: tag.dimension,
      evidence: [{ kind: 'message', ref: 'm1', at: ago(10) }],
    })),
    orders: here(world.orders).map((order, i) => ({
      id: i + 1,
      shop: 'main',
      order_no: String(i),
      customer_id: idOf(order.customer),
      person_id: idOf(rootOf(world, order.customer)),
      ordered_at: ago(order.daysAgo),
      amount: order.cents / 100,
      status: order.status,
      skus: order.skus,
      categories: order.categories,
      items: [],
      source: 'test',
      created_at: ago(0),
      updated_at: ago(0),
    })),
    interaction: here(world.interactions).map((one, i) => ({
      id: i + 1,
      customer_id: idOf(one.customer),
      person_id: idOf(rootOf(world, one.customer)),
      kind: one.kind,
      at: ago(one.daysAgo),
      weight: 1,
      source: `event:${i}`,
    })),
    customer_rfm: here(world.scores)
      .filter(({ customer }) => rootOf(world, customer) === customer)
      .map(({ customer, r, f, m }) => ({
        person_id: idOf(customer),
        frequency: 1,
        monetary: 1,
        r,
        f,
        m,
        computed_at: ago(0),
      })),
    room: groupRules.map((rule, i) => ({
      id: idOf(100 + i),
      realm: 'default',
      room_id: rule,
      topic: rule,
      rule,
      first_seen_at: ago(30),
    })),
    membership: here(world.stays).map(({ customer, rule, left }, i) => ({
      id: idOf(200 + i),
      group_id: idOf(100 + groupRules.indexOf(rule)),
      identity_id: idOf(300 + customer),
      customer_id: idOf(customer),
      joined_at: ago(20),
      left_at: left ? ago(3) : null,
      join_seen: true,
      leave_seen: true,
      welcome_due: false,
    })),
  }
}

function ago(daysAgo: number): string {
  return new Date(now.getTime() - daysAgo * day).toISOString()
}
