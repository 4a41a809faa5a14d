/**
 * The thread that tags: it decides for hundreds of people at a time, which would hold up replies on the main one. It has
 * connections of its own and does what it is told, one thing at a time; when and how often is up to the main thread.
 */
import { setPriority } from 'node:os'
import { platform } from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import { openTaggingDatabase } from './connection/repo.ts'
import { giveBack, type Lane, markExpired } from './due/repo.ts'
import type { KnownTags } from './keep/repo.ts'
import { type RoundResult, tagRound } from './round.ts'
import type { TagRules } from './rules.ts'
import { beginRun, finishRun, type TagRun, tagProgress } from './run/repo.ts'

/** What the thread can be told; `rules` hold from then on. */
export type Order =
  | { kind: 'rules'; rules: TagRules; now: Date }
  | { kind: 'round'; claimId: string; lane: Lane; limit: number; now: Date }
  /** Marks whose time has come, and takes back what a process that died had claimed. */
  | { kind: 'sweep'; now: Date }
  | { kind: 'progress' }
  | { kind: 'close' }

export type Answers = {
  rules: { id: bigint; people: number } | null
  /** `busyMs`: how long it took; `finished`: the run over the base that this round has ended. */
  round: RoundResult & { busyMs: number; finished: TagRun | null }
  sweep: { due: number }
  progress: Awaited<ReturnType<typeof tagProgress>>
  close: null
}

export type Asked = { id: number; order: Order }
export type Answered = { id: number; answer: unknown } | { id: number; error: ThreadError }

type ThreadError = { name: string; message: string; code: unknown }

type Work = { rules: TagRules | null; known: KnownTags }

/** Of 19: who is willing to wait. */
const yielding = 10

/** Runs in the thread: serves orders until it is closed. */
export function serveThread(): void {
  const port = parentPort
  if (!port) return
  // Linux lowers the thread alone, so that replies go first when both want a core; elsewhere it would be the process.
  if (platform === 'linux') setPriority(yielding)
  const { url } = workerData as { url: string }
  const db = openTaggingDatabase(url, () => undefined)
  const work: Work = { rules: null, known: new Map() }
  let queue = Promise.resolve()
  port.on('message', ({ id, order }: Asked) => {
    queue = queue.then(async () => {
      try {
        port.postMessage({ id, answer: await obey(order, db, work) } satisfies Answered)
      } catch (error) {
        port.postMessage({ id, error: errorOf(error) } satisfies Answered)
      }
      if (order.kind === 'close') port.close()
    })
  })
}

async function obey(order: Order, db: ReturnType<typeof openTaggingDatabase>, work: Work): Promise<unknown> {
  switch (order.kind) {
    case 'rules':
      work.rules = order.rules
      return beginRun(db, order.rules, order.now)
    case 'round': {
      const started = performance.now()
      const result = work.rules
        ? await tagRound({ ...order, db, rules: work.rules, known: work.known })
        : { taken: 0, changed: 0, failed: [] }
      const finished = result.taken === 0 && order.lane === 'base' ? await finishRun(db.pool, order.now) : null
      return { ...result, finished, busyMs: performance.now() - started }
    }
    case 'sweep':
      await giveBack(db.pool, 'dead', order.now)
      return { due: await markExpired(db.pool, order.now) }
    case 'progress':
      return tagProgress(db.pool)
    case 'close':
      await db.close()
      return null
    default:
      return order satisfies never
  }
}

/** What may cross threads of an error: PostgreSQL's detail would carry customers' words. */
function errorOf(error: unknown): ThreadError {
  const { name, message } = error instanceof Error ? error : new Error('something that is no error was thrown')
  const { code } = (error ?? {}) as { code?: unknown }
  const quotes = typeof code === 'string' && code.startsWith('22')
  return { name, message: quotes ? 'a value that the database cannot take' : message, code }
}
