/**
 * A model's endpoint in a process of its own: answers every question with the first entry that it is given, word for
 * word, after `--think` ms.
 *
 *     node tests/bench/model.ts --think 2000
 *
 * Prints `{"baseUrl":…,"apiKey":…}` when it listens. To a parent with a channel it tells each answer with the number of
 * questions that it still had, and when they came and went, in ms of the Unix epoch: `{"inFlight":199,"entry":…,"came":…,"went":…}`.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startModelStub } from '../support/model-stub.ts'

const { values } = parseArgs({ options: { think: { type: 'string', default: '0' } } })
const think = Number(values.think)

export type Told = { inFlight: number; entry: string; came: number; went: number }
/** While it holds, what comes waits until it is released, and then for `--think` ms; it tells how many wait. */
export type Order = 'hold' | 'release'
export type Waiting = { waiting: number }

const now = (): number => performance.timeOrigin + performance.now()

const entry = /<entry id="([^"]+)">\n[^\n]*\n\n([^]*?)\n<\/entry>/u
const rest = { mood: 'calm', intent: 'faq', human: 'none', proposes: [] }

let held: PromiseWithResolvers<void> | undefined
let waiting = 0
process.on('message', (order: Order) => {
  held?.resolve()
  held = order === 'hold' ? Promise.withResolvers<void>() : undefined
  waiting = 0
})

const stub = await startModelStub()
stub.reply(async ({ question }) => {
  stub.requests.length = 0
  const came = now()
  if (held) {
    waiting += 1
    process.send?.({ waiting } satisfies Waiting)
    await held.promise
  }
  if (think > 0) await delay(think)
  const [, id = '', answer = ''] = entry.exec(question) ?? []
  process.send?.({ inFlight: stub.inFlight, entry: id, came, went: now() } satisfies Told)
  return { answer, cites: [id], ...rest }
})
process.stdout.write(`${JSON.stringify({ baseUrl: stub.baseUrl, apiKey: stub.apiKey })}\n`)
