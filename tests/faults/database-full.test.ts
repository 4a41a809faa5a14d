/**
 * The database finds no room to write. As root on Linux the tables of the road stand on a file system of their own,
 * which is really filled; elsewhere a trigger raises what PostgreSQL raises then (SQLSTATE 53100). The test says which.
 */
import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { OwnPostgres } from '../support/own-postgres.ts'
import { until } from '../support/until.ts'
import { stageOfTest, questionOf, type Stage } from './stage.ts'

type Disk = { how: string; fill(): Promise<void>; makeRoom(): Promise<void> }

const tables = ['inbox', 'outbox', 'message']

/** A small file system for the tables that every message writes. Undefined where none may be mounted. */
async function smallDisk(server: OwnPostgres, { rows }: Stage): Promise<Disk | undefined> {
  const place = join(server.folder, 'small')
  mkdirSync(place)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', place], { stdio: 'ignore' })
  if (mounted.status !== 0) return undefined
  onTestFinished(async () => {
    await server.stop()
    spawnSync('umount', ['--lazy', place], { stdio: 'ignore' })
  })
  if (server.user) chownSync(place, server.user.uid, server.user.gid)
  await rows(`CREATE TABLESPACE small LOCATION '${place}'`)
  for (const table of tables) await rows(`ALTER TABLE ${table} SET TABLESPACE small`)
  const fillUp = 'INSERT INTO filler SELECT 1 FROM generate_series(1, $1::int)'
  return {
    how: 'a file system that is full',
    async fill() {
      await rows('CREATE UNLOGGED TABLE filler (n int) TABLESPACE small')
      // Ever smaller pieces, down to the last free page.
      for (const count of [50_000, 5_000, 200]) {
        const isFull = (error: unknown): string => (error as { code?: string }).code ?? ''
        let code = ''
        while (code === '') code = await rows(fillUp, [count]).then(() => '', isFull)
        expect(code).toBe('53100')
      }
    },
    async makeRoom() {
      await rows('DROP TABLE filler')
    },
  }
}

async function refusingTriggers({ rows }: Stage): Promise<Disk> {
  await rows(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$`)
  return {
    how: 'triggers that raise 53100',
    async fill() {
      for (const table of tables) {
        await rows(`CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON ${table} EXECUTE FUNCTION no_room()`)
      }
    },
    async makeRoom() {
      for (const table of tables) await rows(`DROP TRIGGER no_room ON ${table}`)
    },
  }
}

test('when the disk of the database is full nothing is sent without a committed row, and with room again it goes on where it was', async ({
  annotate,
}) => {
  const server = await OwnPostgres.start()
  const stage = await stageOfTest({ server, questions: 100 })
  const { simulator, rows } = stage
  const bot = await stage.start()
  await simulator.say('customer-lin', questionOf(1))
  await stage.answered(1)
  await stage.settled()
  const disk = (await smallDisk(server, stage)) ?? (await refusingTriggers(stage))
  await annotate(disk.how)

  await disk.fill()
  const customers = ['customer-lin', 'customer-chen', 'customer-zhao', 'customer-sun', 'customer-liu']
  for (let n = 2; n <= 90; n += 1) {
    await simulator.say(customers[n % customers.length] ?? '', questionOf(n))
  }
  await until(async () => (await bot.health()).alarms.some(({ code }) => code === 'database'), { within: 30_000 })
  await unchanging(async () => (await simulator.sends()).length)
  const sent = await simulator.sends()
  expect(sent.length).toBeLessThan(90)
  const written = await rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM outbox WHERE state IN ('sending', 'sent')`,
  )
  expect(sent.length).toBeLessThanOrEqual(written[0]?.count ?? 0)

  await disk.makeRoom()
  for (let n = 2; n <= 90; n += 1) await stage.answered(n)
  await stage.settled()
  for (let n = 1; n <= 90; n += 1) expect(await stage.answersTo(n), `question ${n}`).toHaveLength(1)
  expect(await stage.listUnknown()).toEqual([])
  await until(async () => (await bot.health()).alarms.every(({ code }) => code !== 'database'))
})

/** Resolves when two looks, two seconds apart, see the same. */
async function unchanging(look: () => Promise<number>): Promise<void> {
  let seen = { value: Number.NaN, at: 0 }
  await until(
    async () => {
      const value = await look()
      if (value !== seen.value) seen = { value, at: performance.now() }
      return performance.now() - seen.at > 2_000
    },
    { within: 30_000, every: 100, what: 'nothing changes any more' },
  )
}
