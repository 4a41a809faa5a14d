/** The built pages. They hold nothing of anybody: what they show comes by /api. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import files from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { UsageError } from '../../kernel/errors.ts'
import { nonceOf } from './doors/headers.ts'

const built = fileURLToPath(new URL('../../../dist/desk', import.meta.url))
/** Addresses that the pages themselves understand. */
const ofDesk = ['/', '/sign-in', '/cases', '/cases/*', '/campaigns', '/campaigns/*', '/rehearsal']
const yearMs = 365 * 86_400_000

/** Throws a UsageError when they are not built. */
export async function registerPages(
  server: FastifyInstance,
  { pages = built, demo }: { pages?: string | undefined; demo: boolean },
): Promise<void> {
  const read = async (name: string): Promise<string> => {
    const path = join(pages, name)
    if (existsSync(path)) return readFile(path, 'utf8')
    const message =
      'The pages of the desk are not built. Build them with: npm run build (or DESK_PORT=off for no desk).'
    throw new UsageError({ code: 'desk-pages', message })
  }
  const desk = await read('index.html')
  const simulator = demo ? await read('simulator.html') : undefined
  await server.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, door: 'page' }
    })
    const serve = (path: string, html: string): void => {
      scope.get(path, (request, reply) =>
        reply.type('text/html; charset=utf-8').send(html.replaceAll('__NONCE__', nonceOf(request.raw))),
      )
    }
    for (const path of ofDesk) serve(path, desk)
    if (simulator !== undefined) serve('/simulator', simulator)
    // Their names change with what is in them, so that browsers may keep them.
    await scope.register(files, {
      root: join(pages, 'assets'),
      prefix: '/assets/',
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      preCompressed: true,
      immutable: true,
      maxAge: yearMs,
    })
  })
}
