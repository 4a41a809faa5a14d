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

async function asAdmin(url: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}
