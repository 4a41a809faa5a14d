/**
 * A shop of any size, made by the database itself, always the same for the same numbers: customers with ids in the order
 * in which they came, their orders in the order of time, tags as skewed as in life, scores, consent, groups and
 * interactions. One in fifty is merged into the one before, one in two hundred is staff, as many are deleted.
 */
import type { Queryable } from '../../src/kernel/work.ts'

export type Population = {
  customers: number
  /** On average; some have none, some have many. Default 5. */
  ordersEach?: number
  /** Exactly. Default 20. */
  tagsEach?: number
  /** What everything is counted back from. */
  now: Date
  /** The tags that there are. Each slot gives every person one of its tags, the first ones most often. */
  slots?: readonly Slot[]
  say?: (progress: string) => void
}

export type Slot = {
  dimension: string
  values: readonly string[]
  /** 1: all alike; 3: the first of ten has nearly half of the people. Default 2. */
  skew?: number
  /** Slots of one key go together: who is first in one is first in the other, as a city lies in its province. */
  key?: number
}

const places = {
  areas: ['华东', '华南', '华北', '华中', '西南', '东北', '西北'],
  provinces: [
    ...['浙江省', '江苏省', '上海市', '山东省', '安徽省', '福建省', '江西省'],
    ...['广东省', '广西壮族自治区', '海南省'],
    ...['北京市', '天津市', '河北省', '山西省', '内蒙古自治区'],
    ...['湖北省', '湖南省', '河南省'],
    ...['四川省', '重庆市', '云南省', '贵州省', '西藏自治区'],
    ...['辽宁省', '吉林省', '黑龙江省'],
    ...['陕西省', '甘肃省', '青海省', '宁夏回族自治区', '新疆维吾尔自治区'],
  ],
}

const interests = [
  '护肤',
  '彩妆',
  '香水',
  '防晒',
  '敏感肌护理',
  '抗初老',
  '美白',
  '控油',
  '身体护理',
  '洗护发',
  '男士护理',
  '母婴',
]

/** Twenty slots over the dimensions of the example brand; made-up interests fill them. */
export const exampleSlots: readonly Slot[] = [
  { dimension: 'consumption', values: ['未消费', '低消费', '中消费', '高消费'], skew: 1.5 },
  { dimension: 'lifecycle', values: ['沉睡', '活跃', '流失预警', '新客', '回归'] },
  {
    dimension: 'value',
    values: ['低价值沉睡', '新近浅尝', '热度回落', '活跃待转化', '潜力沉睡', '高价值潜力', '流失风险', '高价值活跃'],
  },
  { dimension: 'loyalty', values: ['不忠诚', '惯性', '雇佣', '潜在', '坚定', '狂热'] },
  { dimension: 'region', values: places.areas, key: 5, skew: 1.5 },
  { dimension: 'region', values: places.provinces, key: 5, skew: 1.5 },
  { dimension: 'region', values: Array.from({ length: 300 }, (_, i) => `城市${i}`), key: 5, skew: 1.5 },
  { dimension: 'skin', values: ['中性', '干性', '油性', '混合性', '敏感肌'] },
  ...Array.from({ length: 12 }, (_, i) => ({
    dimension: 'interest',
    values: [interests[i]!, ...Array.from({ length: 9 }, (_, j) => `兴趣${i}-${j}`)],
  })),
]

/** Deterministic and even: in [0, 1), of one number and of what is asked about it. */
const random = (of: string, about: number | string): string =>
  `((hashint8extended(${of}, ${about}) & 2147483647)::float8 / 2147483648)`

/** Ids as version 7 has them: they rise with the number. */
const idOf = (n: string): string =>
  `(lpad(to_hex(1700000000000 + (${n})::bigint * 50000), 12, '0') || '7' || substr(md5((${n})::text), 1, 3) || '8' || substr(md5((${n})::text), 4, 15))::uuid`

const isMerged = (n: string): string => `(${n}) % 50 = 7`
const personOf = (n: string): string => idOf(`CASE WHEN ${isMerged(n)} THEN (${n}) - 1 ELSE (${n}) END`)

/** Fills a migrated database that is empty. Indexes are taken away while the large tables are filled, and built after. */
export async function populate(db: Queryable, population: Population): Promise<void> {
  const { customers, ordersEach = 5, tagsEach = 20, now, slots = exampleSlots, say = () => undefined } = population
  const at = `'${now.toISOString()}'::timestamptz`
  await db.query("SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'")
  say(`${customers} customers`)
  await db.query(customerSql(customers, at))
  await withoutIndexes(db, 'orders', say, async () => {
    say(`${customers * ordersEach} orders`)
    await db.query(orderSql(customers, customers * ordersEach, at))
  })
  await withoutIndexes(db, 'customer_tag', say, async () => {
    say(`${customers * tagsEach} tags`)
    await writeTags(db, slots.slice(0, tagsEach), at)
  })
  say('scores, groups and interactions')
  for (const sql of [...scoreSql(at), ...groupSql(at), interactionSql(customers, at)]) await db.query(sql)
  say('statistics')
  for (const table of [
    'customer',
    'customer_tag',
    'orders',
    'customer_rfm',
    'membership',
    'room',
    'interaction',
    'tag',
  ])
    await db.query(`VACUUM (ANALYZE) ${table}`)
}

function customerSql(customers: number, at: string): string {
  const age = `(900 * (1 - i / ${customers}.0))` // days; the last one came now
  return `INSERT INTO customer (id, person_id, merged_into, merged_at, first_seen_at, last_seen_at, staff, forgotten_at,
      opted_out_at, profiling_refused_at, noticed_at, consented_at, sensitive_consent_at)
    SELECT ${idOf('i')}, ${personOf('i')}, CASE WHEN ${isMerged('i')} THEN ${personOf('i')} END,
      CASE WHEN ${isMerged('i')} THEN ${at} END,
      ${at} - make_interval(secs => 86400 * ${age}),
      ${at} - make_interval(secs => 86400 * ${age} * ${random('i', 2)} ^ 1.5),
      i % 200 = 3, CASE WHEN i % 200 = 5 THEN ${at} END,
      CASE WHEN ${random('i', 3)} < 0.05 THEN ${at} END, CASE WHEN ${random('i', 4)} < 0.02 THEN ${at} END,
      CASE WHEN ${random('i', 5)} < 0.9 THEN ${at} END, CASE WHEN ${random('i', 6)} < 0.8 THEN ${at} END,
      CASE WHEN ${random('i', 7)} < 0.15 THEN ${at} END
    FROM generate_series(1, ${customers}) AS i`
}

function orderSql(customers: number, orders: number, at: string): string {
  const pick = (about: number, things: readonly string[]): string =>
    `(ARRAY[${things.map((thing) => `'${thing}'`).join(',')}])[1 + floor(${things.length} * ${random('i', about)} ^ 1.5)::int]`
  const categories = ['乳霜', '精华', '洁面', '面膜', '防晒', '水乳', '眼霜', '彩妆', '香水', '身体护理']
  return `INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, refund_of, status, items, skus,
      categories, province, source, created_at, updated_at)
    SELECT 'main', 'QY' || lpad(i::text, 10, '0'), ${idOf('n')}, ${personOf('n')}, ordered_at,
      CASE WHEN refund THEN -amount ELSE amount END, CASE WHEN refund THEN 'QY' || lpad((i - 1)::text, 10, '0') END,
      CASE WHEN ${random('i', 13)} < 0.05 THEN 'cancelled' WHEN ${random('i', 13)} < 0.07 THEN 'refunded' ELSE 'completed' END,
      jsonb_build_array(jsonb_build_object('sku', sku, 'name', category || ' ' || sku, 'category', category,
        'quantity', 1, 'amount', amount)),
      ARRAY[sku], ARRAY[category], ${pick(17, places.provinces)}, 'import:bench:' || i, ordered_at, ordered_at
    FROM (SELECT i, 1 + floor(${customers} * ${random('i', 11)} ^ 1.3)::bigint AS n,
        ${at} - make_interval(secs => 86400 * 900 * (1 - i / ${orders}.0)) AS ordered_at,
        round((20 + 900 * ${random('i', 12)} ^ 3)::numeric, 2) AS amount, ${random('i', 14)} < 0.03 AND i > 1 AS refund,
        ${pick(15, categories)} AS category, 'QY-' || floor(400 * ${random('i', 16)} ^ 2)::int AS sku
      FROM generate_series(1, ${orders}) AS i) s`
}

async function writeTags(db: Queryable, slots: readonly Slot[], at: string): Promise<void> {
  const names = [...new Set(slots.flatMap(({ dimension, values }) => values.map((value) => `${dimension}/${value}`)))]
  await db.query(
    `INSERT INTO tag (id, dimension, value) SELECT n, split_part(name, '/', 1), split_part(name, '/', 2)
     FROM unnest($1::text[]) WITH ORDINALITY AS t (name, n)`,
    [names],
  )
  await db.query("SELECT setval(pg_get_serial_sequence('tag', 'id'), $1)", [names.length])
  const rows = slots.map(({ dimension, values, skew = 2, key }, i) => {
    const ids = values.map((value) => names.indexOf(`${dimension}/${value}`) + 1)
    return `(${key ?? 100 + i}, ${i}, ${skew}, '${dimension}', '{${ids.join(',')}}'::int[])`
  })
  const started = `${at} - make_interval(secs => 86400 * 200 * ${random('n', 's.place + 500')})`
  await db.query(`INSERT INTO customer_tag (person_id, tag_id, source, customer_id, effective, strength, since, until, rule, evidence)
    SELECT c.id, s.ids[1 + floor(cardinality(s.ids) * ${random('n', 's.key')} ^ s.skew)::int], 'rule', c.id,
      ${random('n', 's.place + 300')} < 0.97, ${random('n', 's.place + 400')}, ${started},
      CASE WHEN ${random('n', 's.place + 600')} < 0.2 THEN ${at} + make_interval(days => (n % 60)::int - 6) END,
      s.dimension, jsonb_build_array(jsonb_build_object('kind', 'order', 'ref', 'QY' || n, 'at', ${started}))
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customer WHERE merged_into IS NULL) c
    CROSS JOIN (VALUES ${rows.join(', ')}) AS s (key, place, skew, dimension, ids)`)
}

function scoreSql(at: string): string[] {
  const score = (about: number): string => `1 + floor(5 * ${random('n', about)})::int`
  return [
    `INSERT INTO customer_rfm (person_id, last_at, frequency, monetary, r, f, m, computed_at)
     SELECT id, last_seen_at, n % 10, n % 2000, ${score(21)}, ${score(22)}, ${score(23)}, ${at}
     FROM (SELECT id, last_seen_at, row_number() OVER (ORDER BY id) AS n FROM customer WHERE merged_into IS NULL) c`,
  ]
}

/** A group of each two hundred who came one after the other, until a third of all are in one. */
function groupSql(at: string): string[] {
  const rule = "(ARRAY['community','community','community','check-in','vip'])[1 + g % 5]"
  return [
    `INSERT INTO room (id, realm, room_id, topic, rule, first_seen_at)
     SELECT ${idOf('g + 900000000')}, 'default', 'room-' || g, 'group ' || g, ${rule}, ${at}
     FROM (SELECT DISTINCT (n / 200)::int AS g FROM (SELECT row_number() OVER (ORDER BY id) AS n FROM customer) c) s`,
    `INSERT INTO membership (id, group_id, identity_id, customer_id, joined_at, left_at)
     SELECT ${idOf('n + 800000000')}, ${idOf('n / 200 + 900000000')}, ${idOf('n + 700000000')}, id, first_seen_at,
       CASE WHEN n % 8 = 0 THEN last_seen_at END
     FROM (SELECT id, first_seen_at, last_seen_at, row_number() OVER (ORDER BY id) AS n FROM customer) c WHERE n % 3 = 0`,
  ]
}

function interactionSql(customers: number, at: string): string {
  const kinds = "(ARRAY['question','question','question','thanks','praise','share','complaint'])[1 + i % 7]"
  return `INSERT INTO interaction (customer_id, person_id, kind, at, weight, source)
    SELECT ${idOf('n')}, ${personOf('n')}, ${kinds}, ${at} - make_interval(secs => 86400 * 400 * ${random('i', 31)}), 1, 'message:' || i
    FROM (SELECT i, 1 + floor(${customers} * ${random('i', 32)})::bigint AS n FROM generate_series(1, ${customers}) AS i) s`
}

/** Fills a table without its indexes, keys and constraints, and puts them back: twenty million times one at a time is slow. */
async function withoutIndexes(
  db: Queryable,
  table: string,
  say: (progress: string) => void,
  fill: () => Promise<void>,
): Promise<void> {
  const { rows: constraints } = await db.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype IN ('p', 'u')`,
    [table],
  )
  for (const { name } of constraints) await db.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  const { rows: indexes } = await db.query<{ name: string; definition: string }>(
    'SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = $1',
    [table],
  )
  for (const { name } of indexes) await db.query(`DROP INDEX ${name}`)
  await fill()
  for (const { name, definition } of indexes) {
    say(`${table}: index ${name}`)
    await db.query(definition)
  }
  for (const { name, definition } of constraints) {
    say(`${table}: ${name}`)
    await db.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`)
  }
}
