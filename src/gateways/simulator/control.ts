/**
 * The control API: JSON over HTTP on loopback, for whoever drives a simulator in another process.
 *
 * `POST /<action>` with the action's input → its output (`null` for none); `GET /state`; `GET /journal?account=NAME`.
 * Refusals are `{error: {code, message}}` with status 400 (bad input), 404 (no such action) or 500.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { reasonOf, ZhangguiError } from '../../kernel/errors.ts'
import { type ActionName, act, actions } from './actions.ts'
import type { Manners } from './faults.ts'
import type { Simulator } from './simulator.ts'

export type SimulatorState = {
  run: string
  token: string
  /** Entries that the journal ever got. */
  journal: number
  accounts: {
    name: string
    contactId: string
    endpoint: string
    loggedIn: boolean
    serving: boolean
    /** Clients that read the event stream now. */
    streams: number
    manners: Manners
    held: number
    rejected: number
  }[]
  rooms: { id: string; topic: string; members: string[] }[]
}

export function stateOf(simulator: Simulator): SimulatorState {
  return {
    run: simulator.run,
    token: simulator.token,
    journal: simulator.journal.count,
    accounts: simulator.accounts.map((account) => {
      const { name, contactId, loggedIn, faults } = account
      const { endpoint, running: serving, streams } = simulator.server(name)
      const { manners, held, rejected } = faults
      return { name, contactId, endpoint, loggedIn, serving, streams, manners, held, rejected }
    }),
    rooms: [...simulator.world.rooms.values()].map(({ id, topic, members }) => ({
      id,
      topic,
      members: [...members.keys()],
    })),
  }
}

/** Listens on loopback; resolves with the port. */
export async function serveControl(simulator: Simulator, port: number): Promise<{ port: number; server: Server }> {
  const server = createServer((request, response) => void answer(simulator, request, response))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : port, server }
}

async function answer(simulator: Simulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? null))
  }
  try {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
    const name = pathname.slice(1)
    if (request.method === 'GET' && name === 'state') return reply(200, stateOf(simulator))
    if (request.method === 'GET' && name === 'journal') {
      return reply(200, simulator.journal.entries(searchParams.get('account') ?? undefined))
    }
    if (request.method !== 'POST' || !isAction(name)) {
      return reply(404, { error: { code: 'no-such-action', message: `No action ${name}.` } })
    }
    reply(200, await act(simulator, name, await bodyOf(request)))
  } catch (error) {
    if (error instanceof z.ZodError)
      return reply(400, { error: { code: 'bad-input', message: z.prettifyError(error) } })
    const code = error instanceof ZhangguiError ? error.code : 'failed'
    reply(code === 'bad-json' ? 400 : 500, { error: { code, message: reasonOf(error) } })
  }
}

function isAction(name: string): name is ActionName {
  return Object.hasOwn(actions, name)
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (cause) {
    throw new ZhangguiError({ code: 'bad-json', message: 'The body is not JSON.', cause })
  }
}
