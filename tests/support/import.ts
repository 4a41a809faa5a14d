/** Imports as the command line makes them, of files that a test writes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  customersImporter,
  type ImportSummary,
  importFile,
  importKind,
  ordersImporter,
} from '../../src/app/import/index.ts'
import { resolvePlace } from '../../src/domains/members/index.ts'
import type { TotalsRule } from '../../src/domains/orders/index.ts'
import type { Database } from '../../src/kernel/db.ts'
import type { ScheduleEvent } from '../../src/kernel/effect.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { afterFile } from './after-file.ts'
import { virtualClock } from './clock.ts'
import { testSecrets } from './secrets.ts'

export const mapping = importKind.schema.parse({
  orders: {
    shop: 'mall',
    dates: ['yyyy-MM-dd HH:mm:ss', 'yyyy/M/d H:mm', 'yyyy年M月d日', 'excel'],
    statuses: { 待付款: 'placed', 已付款: 'paid', 已发货: 'shipped', 交易成功: 'completed', 已退款: 'refunded' },
    currency: ['¥', '￥', '元'],
  },
  customers: { genders: { 女: 'female', 男: 'male' }, yes: ['是'], no: ['否'] },
})

export type Shop = Awaited<ReturnType<typeof openShop>>

/** What an import ends with that was to die. */
export const killed = new Error('killed')

type How = { totals?: TotalsRule; batchRows?: number; encoding?: 'utf-8' | 'gb18030'; dieAfter?: number }

/** A shop whose files are imported into `db`. */
export async function openShop(db: Database) {
  const clock = virtualClock()
  const ids = systemIds(clock)
  const secrets = await testSecrets(db)
  const dir = mkdtempSync(join(tmpdir(), 'zhanggui-import-'))
  afterFile.add(async () => rmSync(dir, { recursive: true, force: true }))
  const scheduled: ScheduleEvent[] = []
  const changed: string[] = []
  const shared = {
    ids,
    secrets,
    placeOf: resolvePlace,
    onChanged: async (_: unknown, personIds: string[]) => void changed.push(...personIds),
  }
  let files = 0
  const write = (content: string | Buffer, name = `file-${(files += 1)}.csv`): string => {
    const path = join(dir, name)
    writeFileSync(path, content)
    return path
  }
  /** Ends the import when so many batches are committed, as a kill would. */
  const house = ({ dieAfter, batchRows, encoding }: How, path: string) => {
    let batches = 0
    const onBytes = (): void => {
      batches += 1
      if (batches === dieAfter) throw killed
    }
    return { db, clock, ids, by: 'cli:test', path, batchRows, encoding, onBytes }
  }
  const schedule = {
    name: 'jobs',
    order: 60,
    run: async (_: unknown, rows: ScheduleEvent[]) => void scheduled.push(...rows),
  }
  return {
    dir,
    clock,
    ids,
    secrets,
    scheduled,
    changed,
    write,
    orders(path: string, how: How = {}): Promise<ImportSummary> {
      const { totals = 'keep' } = how
      const now = clock.now()
      const on = { ...shared, mapping: mapping.orders, zone: 'Asia/Shanghai', totals, now, schedule }
      return importFile(house(how, path), ordersImporter(on))
    },
    customers(path: string, how: How = {}): Promise<ImportSummary> {
      return importFile(house(how, path), customersImporter({ ...shared, mapping: mapping.customers }))
    },
  }
}
