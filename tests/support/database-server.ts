/** The PostgreSQL of a test run. It forgets on a crash, for speed; tests about crashes start their own. */
import { silentLog } from '../../src/kernel/log.ts'
import { type EmbeddedPostgres, embeddedPostgres } from '../../src/kernel/postgres.ts'

/** Starts or finds the server of the run; see embeddedPostgres for how several share it. */
export function startTestServer(dataDir: string): Promise<EmbeddedPostgres> {
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }
  return embeddedPostgres({ dataDir, log: silentLog, settings })
}
