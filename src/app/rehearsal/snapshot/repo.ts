/**
 * A copy of what campaigns decide by, as of one moment, while the bot goes on: one REPEATABLE READ transaction is read
 * table after table with COPY. Neither phones and addresses nor what anybody wrote is in it.
 */
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'

/** Of a column something else is copied than what stands there. */
type Table = { name: string; where?: string; instead?: Readonly<Record<string, string>> }

const noPhones = (column: string): string =>
  `${column} - ARRAY['phone', 'mobile', 'address', 'email', 'idNumber', 'description']`

/** Everything that segments, triggers, caps and the road of a send look at; parents before children. */
const tables: readonly Table[] = [
  { name: 'account', instead: { state: "'connected'", throttled_until: 'NULL', contact_name: 'NULL', owner: 'NULL' } },
  { name: 'customer', instead: { profile: noPhones('profile') } },
  { name: 'identity', instead: { profile: noPhones('profile'), alias: 'NULL' } },
  { name: 'room' },
  { name: 'group_account' },
  { name: 'membership' },
  { name: 'thread' },
  { name: 'message', instead: { text: "''", quoted: 'NULL', details: 'NULL', platform_id: 'NULL' } },
  { name: 'interaction', instead: { data: 'NULL' } },
  { name: 'orders', instead: { address: 'NULL', tracking_no: 'NULL', carrier: 'NULL' } },
  { name: 'tag' },
  { name: 'customer_tag', instead: { evidence: "'[]'" } },
  { name: 'customer_tag_history', instead: { evidence: "'[]'" } },
  { name: 'customer_rfm' },
  { name: 'rfm_bars' },
  {
    name: 'outbox',
    where: "purpose IN ('challenge', 'marketing')",
    instead: { body: `'{"type":"text","text":""}'` },
  },
  { name: 'outbox_hold' },
  { name: 'campaign_run' },
  { name: 'campaign_recipient' },
  { name: 'campaign_approval' },
  { name: 'campaign_clock' },
  { name: 'journey_version' },
  { name: 'journey_enrolment' },
  { name: 'journey_visit' },
]

/** Fills the tables of `target`, which are empty and of this very schema, from `source`; the moment it shows. */
export async function copySnapshot(source: string, target: string): Promise<Date> {
  const [reader, writer] = [source, target].map((connectionString) => new pg.Client({ connectionString }))
  if (!reader || !writer) throw new RangeError('two clients')
  await Promise.all([reader.connect(), writer.connect()])
  try {
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await reader.query<{ at: Date }>('SELECT now() AS at')
    for (const table of tables) await copyTable(reader, writer, table)
    await reader.query('COMMIT')
    // Statistics, or the first segments would be planned for empty tables.
    await writer.query('ANALYZE')
    return rows[0]!.at
  } finally {
    await Promise.all([reader.end(), writer.end()])
  }
}

async function copyTable(
  reader: pg.Client,
  writer: pg.Client,
  { name, where = 'true', instead = {} }: Table,
): Promise<void> {
  const { rows } = await writer.query<{ column: string; identity: boolean }>(
    `SELECT column_name AS column, column_default LIKE 'nextval(%' AS identity FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`,
    [name],
  )
  const columns = rows.map(({ column }) => column)
  const quoted = columns.map((column) => reader.escapeIdentifier(column)).join(', ')
  const read = columns.map((column) => instead[column] ?? reader.escapeIdentifier(column)).join(', ')
  await pipeline(
    reader.query(to(`COPY (SELECT ${read} FROM ${reader.escapeIdentifier(name)} WHERE ${where}) TO STDOUT`)),
    writer.query(from(`COPY ${writer.escapeIdentifier(name)} (${quoted}) FROM STDIN`)),
  )
  for (const { column } of rows.filter(({ identity }) => identity)) {
    await writer.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), coalesce((SELECT max(${writer.escapeIdentifier(column)}) FROM ${writer.escapeIdentifier(name)}), 0) + 1, false)`,
      [name, column],
    )
  }
}
