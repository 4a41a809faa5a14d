/** How fast a file of orders comes in: through `import orders` as the command line runs it, into an embedded database. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openImports } from '../../src/app/import/open.ts'
import { readEnv } from '../../src/env.ts'
import { openDatabase } from '../../src/kernel/db.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { migrate } from '../../src/kernel/migrate.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'
import { contentFolder } from '../support/content.ts'
import type { Row } from './row.ts'

const orders = 400_000
/** Rows a second that are promised. */
const bar = 20_000

export async function measure(say: (progress: string) => void, count = orders): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  const content = contentFolder()
  const server = await embeddedPostgres({ dataDir: data, log: silentLog })
  await migrate(server.url)
  const db = openDatabase(server.url)
  try {
    const path = join(data, 'orders.csv')
    say(`writing ${count} orders`)
    writeOrders(path, count)
    const env = readEnv({ DATA_DIR: data, CONTENT_DIR: content.dir })
    const imports = await openImports({ env, db })
    const given = { path, by: 'bench', totals: 'keep' as const }
    const from = performance.now()
    const first = await imports.orders(given)
    const seconds = (performance.now() - from) / 1_000
    say(`${first.added} added, ${first.refused} refused in ${seconds.toFixed(1)} s`)
    const done = first.added === count && first.refused === 0
    return [
      {
        name: `import of ${count.toLocaleString('en')} order rows`,
        value: first.rows / seconds,
        unit: 'rows/s',
        bar: `>= ${bar.toLocaleString('en')}`,
        ok: done && first.rows / seconds >= bar,
      },
    ]
  } finally {
    await db.close()
    await server.stop()
    content.dispose()
    rmSync(data, { recursive: true, force: true })
  }
}

const header =
  '订单号,店铺名称,订单创建时间,订单实付金额,订单状态,收货人手机号,商品编码,商品名称,商品类目,商品数量,收货人省份,收货人城市,收货地址,物流公司,物流单号\n'
const places = ['浙江省,杭州市', '江苏省,苏州市', '广东省,深圳市', '北京市,北京市', '四川省,成都市', '上海市,上海市']
const products = [
  'QY-VC30,初光 VC 精华,精华',
  'QY-MASK5,静海舒缓面膜,面膜',
  'QY-SUN50,晴岛轻盈防晒乳,防晒',
  'QY-TON150,晨露舒润水,爽肤水',
]

/** Four orders a customer, each of one thing, over a year. */
function writeOrders(path: string, count: number): void {
  const file = openSync(path, 'w')
  writeSync(file, header)
  for (let start = 0; start < count; start += 10_000) {
    let text = ''
    for (let i = start; i < Math.min(count, start + 10_000); i++) text += orderRow(i, count)
    writeSync(file, text)
  }
  closeSync(file)
}

function orderRow(i: number, count: number): string {
  const at = new Date(Date.UTC(2025, 0, 1) + Math.floor((i / count) * 365 * 86_400_000)).toISOString()
  const phone = 13_000_000_000 + ((i * 7_919) % Math.ceil(count / 4))
  const amount = `${19 + (i % 480)}.${String((i * 37) % 100).padStart(2, '0')}`
  const no = `E2025${String(i).padStart(12, '0')}`
  const place = places[i % places.length]!
  return `${no},青屿旗舰店,${at.slice(0, 10)} ${at.slice(11, 19)},${amount},交易成功,${phone},${products[i % products.length]!},1,${place},"文一西路 ${i % 900} 号, ${i % 30} 幢",顺丰速运,SF${String(i).padStart(13, '0')}\n`
}
