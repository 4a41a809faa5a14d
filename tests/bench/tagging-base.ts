/** Customers with a life behind them, for the bench of tagging: always the same for the same number. */
import type { Queryable } from '../../src/kernel/work.ts'

/** Deterministic and even: in [0, 1), of one number and of what is asked about it. */
const chance = (of: string, about: number): string =>
  `((hashint8extended(${of}, ${about}) & 2147483647)::float8 / 2147483648)`

const customerId = (n: string): string => `('01900000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`

/**
 * Five orders and ten interactions each on average, over a year and a half up to `now`; many have few and few have many.
 * They are ids of a range of their own, beside whoever is in the database already.
 */
export async function fillBase(db: Queryable, customers: number, now: Date): Promise<void> {
  const at = `'${now.toISOString()}'::timestamptz`
  const ago = (days: number, share: string): string => `${at} - make_interval(secs => 86400 * ${days} * ${share})`
  await db.query(`INSERT INTO customer (id, person_id, first_seen_at, last_seen_at, profile)
    SELECT id, id, seen - make_interval(days => 200), seen, CASE WHEN i % 3 = 0 THEN '{"province":"浙江","city":"杭州"}'::jsonb ELSE '{}' END
    FROM (SELECT i, ${customerId('i')} AS id, ${ago(400, `${chance('i', 1)} ^ 2`)} AS seen FROM generate_series(1, ${customers}) i) c`)
  await db.query(`INSERT INTO orders (shop, order_no, customer_id, person_id, ordered_at, amount, status, skus, categories,
      province, city, area, source, created_at, updated_at)
    SELECT 'bench', 'B' || i, id, id, at, round((30 + 900 * ${chance('i', 12)} ^ 3)::numeric, 2), 'completed',
      ARRAY['QY-' || i % 40], ARRAY[(ARRAY['精华', '面霜', '防晒', '香水', '洁面'])[1 + i % 5]],
      (ARRAY['浙江省', '江苏省', '广东省'])[1 + i % 3], (ARRAY['杭州市', '苏州市', '深圳市'])[1 + i % 3],
      (ARRAY['华东', '华东', '华南'])[1 + i % 3], 'import:bench:' || i, at, at
    FROM (SELECT i, ${customerId(`1 + floor(${customers} * ${chance('i', 11)} ^ 1.3)::bigint`)} AS id,
        ${ago(540, chance('i', 13))} AS at FROM generate_series(1, ${customers * 5}) i) o`)
  await db.query(`INSERT INTO interaction (customer_id, person_id, kind, at, weight, source)
    SELECT id, id, (ARRAY['question', 'thanks', 'praise', 'question', 'share', 'complaint'])[1 + i % 6], at, 0.5, 'event:bench-' || i
    FROM (SELECT i, ${customerId(`1 + floor(${customers} * ${chance('i', 21)} ^ 1.2)::bigint`)} AS id,
        ${ago(540, chance('i', 22))} AS at FROM generate_series(1, ${customers * 10}) i) s`)
  for (const table of ['customer', 'orders', 'interaction']) await db.query(`VACUUM (ANALYZE) ${table}`)
}
