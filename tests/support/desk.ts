/** The real server of the desk, and a browser's manners without the browser: cookies, Origin, Sec-Fetch-Site. */
import { request } from 'node:http'
import { contentOf } from '../../src/app/content-of.ts'
import { type Desk, type DeskHouse, issueLink, openDesk } from '../../src/desk/server/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { factsOf } from '../../src/domains/handoff/index.ts'
import { slices } from '../../src/app/slices.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { afterFile } from './after-file.ts'
import { virtualClock } from './clock.ts'
import { contentFolder, type SettingsChanges } from './content.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { testSecrets } from './secrets.ts'

export type Answered = {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The body as JSON; {} when it is none. */
  body: Record<string, unknown>
}

export type Asked = {
  method?: string
  /** As JSON. */
  body?: unknown
  /** As it stands. */
  raw?: string
  headers?: Record<string, string>
}

export type Visitor = {
  /** A request as a page of the desk makes it; with method POST when there is a body. */
  ask(path: string, asked?: Asked): Promise<Answered>
  /** The cookies that she was given, by name. */
  cookies: Map<string, string>
}

/** Somebody with a browser and no cookies. `at`: where she thinks the desk is; by default where it listens. */
export function visitor(port: number, at = `http://127.0.0.1:${port}`): Visitor {
  const cookies = new Map<string, string>()
  return {
    cookies,
    ask(path, { body, raw, headers = {}, method = body === undefined && raw === undefined ? 'GET' : 'POST' } = {}) {
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const kept = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const own = {
        host: new URL(at).host,
        'sec-fetch-site': 'same-origin',
        ...(method !== 'GET' && { origin: at }),
        ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
        ...(kept !== '' && { cookie: kept }),
      }
      const all = Object.entries({ ...own, ...headers }).filter(([, value]) => value !== '')
      return new Promise((resolve, reject) => {
        const call = request(
          { port, host: '127.0.0.1', path, method, headers: Object.fromEntries(all) },
          (response) => {
            const chunks: Buffer[] = []
            response.on('data', (chunk: Buffer) => chunks.push(chunk))
            response.on('error', reject)
            response.on('end', () => {
              for (const line of response.headers['set-cookie'] ?? []) keep(line)
              const text = Buffer.concat(chunks).toString('utf8')
              const json = String(response.headers['content-type']).startsWith('application/json')
              const read = json && text !== '' ? (JSON.parse(text) as Answered['body']) : {}
              resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: read })
            })
          },
        )
        call.on('error', reject)
        call.end(sent)
      })
    },
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
}

export const deskRoster = `
- { id: lin, name: 林悦, shifts: [{ days: daily, time: 0:00-24:00 }] }
- { id: su, name: 苏苏, shifts: [{ days: daily, time: 0:00-24:00 }] }
- { id: zhou, name: 周宁, role: manager, shifts: [{ days: daily, time: 0:00-24:00 }] }
`

export async function deskContent(advisers = deskRoster, settings: SettingsChanges = {}): Promise<Content> {
  const folder = contentFolder({ files: { 'advisers.yaml': advisers }, settings })
  try {
    return await contentOf(folder.dir, [])
  } finally {
    folder.dispose()
  }
}

export type TestDesk = Desk & {
  database: TestDatabase
  clock: ReturnType<typeof virtualClock>
  /** Puts other content live. */
  publish(content: Content): void
  /** Where a browser thinks that it is. */
  at: string
  visitor(): Visitor
  /** Somebody who has just come in by a link. */
  signedIn(adviser: string): Promise<Visitor>
  /** The token of a fresh link. */
  link(adviser: string): Promise<string>
  audit(): Promise<{ by: string; action: string; subject: string }[]>
}

/** A desk over a database of its own, at a time that the test moves. It closes with the file. */
export async function openTestDesk(more: Partial<DeskHouse> = {}): Promise<TestDesk> {
  const database = await testDatabase()
  const clock = virtualClock()
  let content = await deskContent()
  const { db } = database
  const desk = await openDesk({
    ...{ db, clock, log: silentLog, ids: systemIds(clock), secrets: await testSecrets(db) },
    facts: factsOf(slices),
    alarms: { raise: () => undefined, clear: () => undefined, current: () => [] },
    content: () => content,
    accept: async () => 'accepted',
    ...{ port: 0, host: '127.0.0.1', demo: false },
    ...more,
  })
  afterFile.add(() => desk.close())
  const at = more.publicUrl ?? `http://127.0.0.1:${desk.port}`
  const fresh = (): Visitor => visitor(desk.port, at)
  const link = async (adviser: string): Promise<string> => {
    const { path } = await issueLink(db.pool, adviser, clock.now())
    return path.split('=')[1] ?? ''
  }
  return {
    ...desk,
    ...{ database, clock, at, visitor: fresh, link },
    publish: (other) => void (content = other),
    async signedIn(adviser) {
      const one = fresh()
      const { status, body } = await one.ask('/api/sign-in/link', { body: { token: await link(adviser) } })
      if (status !== 200 || body['next'] !== 'desk') throw new Error(`${adviser} did not come in: ${status}`)
      return one
    },
    async audit() {
      const { rows } = await db.pool.query<{ by: string; action: string; subject: string }>(
        'SELECT by, action, subject FROM audit ORDER BY id',
      )
      return rows
    },
  }
}
