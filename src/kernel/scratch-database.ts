/** A database for one run alone, beside the real one on the same server: for the demo, later for rehearsals. */
import pg from 'pg'

export type ScratchDatabase = { url: string; drop(): Promise<void> }

/** Makes an empty database `<prefix>_<pid>`; leftovers of runs that were killed are swept, living ones are left alone. */
export async function scratchDatabase(serverUrl: string, prefix: string): Promise<ScratchDatabase> {
  const name = `${prefix}_${process.pid}`
  await asAdmin(serverUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `SELECT datname FROM pg_database d WHERE starts_with(datname, $1)
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`,
      [`${prefix}_`],
    )
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)}`)
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
    // What is dropped afterwards need not outlive a power cut.
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} SET synchronous_commit = off`)
  })
  const own = new URL(serverUrl)
  own.pathname = `/${name}`
  return {
    url: own.href,
    async drop() {
      await asAdmin(serverUrl, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`),
      )
    },
  }
}

/**
 * Spares the tables of a scratch database the write-ahead log, a tenth of what it costs to fill them. A table that others
 * with a log refer to has to wait for them; those that refer to each other in a circle keep theirs.
 */
export async function spareLog(url: string): Promise<void> {
  await asAdmin(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace",
    )
    let left = rows.map(({ name }) => name)
    for (let before = Infinity; left.length < before; ) {
      before = left.length
      const kept: string[] = []
      for (const name of left) if (await stillReferredTo(client, name)) kept.push(name)
      left = kept
    }
  })
}

/** Whether `name` keeps its log, as a table with a log refers to it; otherwise it has none afterwards. */
async function stillReferredTo(client: pg.Client, name: string): Promise<boolean> {
  try {
    await client.query(`ALTER TABLE ${client.escapeIdentifier(name)} SET UNLOGGED`)
    return false
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42P16') return true
    throw error
  }
}

async function asAdmin(url: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}
