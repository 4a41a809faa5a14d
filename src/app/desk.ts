/** Opens the desk with what it needs of the running house. */
import { type Desk, type DeskHouse, openDesk } from '../desk/server/index.ts'
import type { Env } from '../env.ts'

type Options = Omit<DeskHouse, 'port' | 'host' | 'publicUrl' | 'demo'> & { env: Env; demo: boolean }

/** Undefined with DESK_PORT=off. Throws a UsageError when the desk cannot be opened as the environment says. */
export async function serveDesk({ env, ...house }: Options): Promise<Desk | undefined> {
  if (env.DESK_PORT === 'off') return undefined
  const desk = await openDesk({ ...house, port: env.DESK_PORT, host: env.DESK_HOST, publicUrl: env.DESK_URL })
  house.log.info({ port: desk.port }, 'the desk is open')
  return desk
}
