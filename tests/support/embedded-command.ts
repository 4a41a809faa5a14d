/**
 * A command that uses the embedded PostgreSQL, for tests that run several at once or kill one: writes what it got as
 * one line of JSON, and stops when its standard input ends.
 */
import { silentLog } from '../../src/kernel/log.ts'
import { embeddedPostgres } from '../../src/kernel/postgres.ts'

const server = await embeddedPostgres({ dataDir: process.argv[2] ?? '', log: silentLog })
process.stdout.write(`${JSON.stringify({ url: server.url, owned: server.owned })}\n`)
process.stdin.resume().on('end', () => void server.stop())
