/** The shop's customers, from a file. */
import { beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { openShop, type Shop } from '../support/import.ts'

const { db } = await testDatabase()
let shop: Shop

beforeEach(async () => {
  await db.pool.query('TRUNCATE orders, import_run, customer_key, customer_link, tombstone, customer CASCADE')
  shop = await openShop(db)
})

const header = 'name,phone,member,gender,birthday,province,city,memberLevel,inviter,marketing,profiling,sensitive'
const file = (...lines: string[]): string => shop.write([header, ...lines, ''].join('\n'))

type Kept = {
  id: string
  profile: Record<string, string>
  invited_by: string | null
  opted_out_at: Date | null
  profiling_refused_at: Date | null
  sensitive_consent_at: Date | null
}

/** The customer that a phone leads to. */
async function customer(phone: string): Promise<Kept | undefined> {
  const { rows } = await db.pool.query<Kept>(
    'SELECT c.* FROM customer c JOIN customer_key k ON k.customer_id = c.id WHERE k.kind = $1 AND k.hash = $2',
    ['phone', shop.secrets.hash('phone', `+86${phone}`)],
  )
  return rows[0]
}

test('a row says who somebody is, and its keys lead to her from then on', async () => {
  const summary = await shop.customers(file('王芳,13800138001,M1,女,1990/1/2,浙江,杭州,金卡,,,,'))
  expect(summary).toMatchObject({ added: 0, refused: 1, problems: [{ line: 2, column: 'birthday' }] })
  await shop.customers(file('王芳,13800138001,M1,女,1990-01-02,浙江,杭州,金卡,,,,'))
  expect(await customer('13800138001')).toMatchObject({
    profile: {
      name: '王芳',
      gender: 'female',
      birthday: '1990-01-02',
      province: '浙江省',
      city: '杭州市',
      area: '华东',
      memberLevel: '金卡',
    },
    opted_out_at: null,
  })
  expect(shop.changed).toHaveLength(1)
  const again = await shop.customers(file('王小芳,,M1,,,,,,,,,', '李雷,13800138002,,男,,,,,,,,'))
  expect(again).toMatchObject({ added: 1, changed: 1, unchanged: 0 })
  expect((await customer('13800138001'))?.profile).toMatchObject({ name: '王小芳', gender: 'female' })
})

test('an inviter is found by phone or member number, also when her own row comes later; nobody invites herself', async () => {
  await shop.customers(
    file('甲,13800138001,,,,,,,13800138002,,,', '乙,13800138002,M2,,,,,,13800138002,,,', '丙,13800138003,,,,,,,M2,,,'),
  )
  const inviter = await customer('13800138002')
  expect(inviter).toMatchObject({ invited_by: null, profile: { name: '乙' } })
  expect((await customer('13800138001'))?.invited_by).toBe(inviter?.id)
  expect((await customer('13800138003'))?.invited_by).toBe(inviter?.id)
})

test('a refusal is taken at once; a yes takes back none and agrees to nothing', async () => {
  await shop.customers(file('甲,13800138001,,,,,,,,否,否,', '乙,13800138002,,,,,,,,是,是,是'))
  const refused = await customer('13800138001')
  expect(refused?.opted_out_at).toEqual(shop.clock.now())
  expect(refused?.profiling_refused_at).toEqual(shop.clock.now())
  expect(await customer('13800138002')).toMatchObject({ opted_out_at: null, sensitive_consent_at: null })
  await shop.clock.advance(86_400_000)
  expect(await shop.customers(file('甲,13800138001,,,,,,,,是,是,是'))).toMatchObject({ changed: 0, unchanged: 1 })
  expect(await customer('13800138001')).toEqual(refused)
})

test('a consent once given is taken back by a no', async () => {
  await shop.customers(file('甲,13800138001,,,,,,,,,,'))
  await db.pool.query('UPDATE customer SET sensitive_consent_at = $1', [shop.clock.now()])
  expect(await shop.customers(file('甲,13800138001,,,,,,,,,,否'))).toMatchObject({ changed: 1 })
  expect(await customer('13800138001')).toMatchObject({ sensitive_consent_at: null })
})

test('a row that cannot be understood is told without repeating what is personal', async () => {
  const path = file('王芳,138****8001,,,,,,,,,,', '李雷,13800138002,,大侠,,,,,,也许,,', ',13800138003,,,,,,,,,,')
  const summary = await shop.customers(path)
  expect(summary).toMatchObject({ rows: 3, added: 1, refused: 2 })
  const said = JSON.stringify(summary.problems)
  expect(said).not.toMatch(/王芳|李雷|138/)
  expect(summary.problems.map(({ line, column }) => `${line} ${column}`)).toEqual(['2 null', '3 gender', '3 marketing'])
})
