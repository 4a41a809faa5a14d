/** Gives imports what they need of the house: the content folder's way of reading files, secrets, jobs. */
import { formatFindings, loadFolder } from '../../content/index.ts'
import { resolvePlace } from '../../domains/members/index.ts'
import type { TotalsRule } from '../../domains/orders/index.ts'
import { markDueMany } from '../../domains/tags/index.ts'
import type { Env } from '../../env.ts'
import { systemClock as clock } from '../../kernel/clock.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import { systemIds } from '../../kernel/ids.ts'
import { durableJobs } from '../../kernel/jobs.ts'
import { createLog } from '../../kernel/log.ts'
import { openSecrets } from '../../kernel/secrets.ts'
import type { Queryable } from '../../kernel/work.ts'
import { registry } from '../registry.ts'
import { customersImporter } from './customers.ts'
import { ordersImporter } from './orders.ts'
import { type Importing, type ImportSummary, importFile } from './run.ts'
import { importKind } from './schema.ts'

type Given = Omit<Importing, 'db' | 'clock' | 'ids' | 'between'> & { totals: TotalsRule }

/** Throws a UsageError when content/import.yaml or the settings are wrong, or there is no data key. */
export async function openImports({ env, db }: { env: Env; db: Database }) {
  const content = await contentOf(env.CONTENT_DIR)
  const mapping = content.one(importKind)
  const ids = systemIds(clock)
  const now = clock.now()
  const secrets = await openSecrets(db, { key: env.DATA_KEY, dataDir: env.DATA_DIR }, now)
  const { schedule } = durableJobs({ pool: db.pool, clock, log: createLog('warn') })
  const onChanged = (tx: Queryable, personIds: string[]): Promise<void> => markDueMany(tx, personIds, clock.now())
  const shared = { ids, secrets, placeOf: resolvePlace, onChanged }
  // A rotation of the keys counts on everybody to learn of the new one within seconds; files may take hours.
  const house = { db, clock, ids, between: () => secrets.refresh() }
  return {
    orders({ totals, ...given }: Given): Promise<ImportSummary> {
      const importer = ordersImporter({ ...shared, mapping: mapping.orders, zone: content.zone, totals, now, schedule })
      return importFile({ ...house, ...given }, importer)
    },
    customers({ totals: _, ...given }: Given): Promise<ImportSummary> {
      return importFile({ ...house, ...given }, customersImporter({ ...shared, mapping: mapping.customers }))
    },
  }
}

/** Only what decides how files are read is in the way. */
async function contentOf(dir: string): Promise<Content> {
  // '.' is the folder itself, which may not be there.
  const matters = (file: string): boolean => ['.', 'settings.yaml', 'import.yaml'].includes(file)
  const { content, findings } = await loadFolder(dir, registry, { tolerates: (finding) => !matters(finding.file) })
  if (content) return content
  const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
  throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
}
