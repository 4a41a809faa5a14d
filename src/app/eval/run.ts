/** Runs the cases of a content folder through the real way of a message, one after the other. */
import { evals } from '../../domains/faq/index.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Content } from '../../kernel/content.ts'
import type { Database } from '../../kernel/db.ts'
import { reasonOf, ZhangguiError } from '../../kernel/errors.ts'
import type { Log } from '../../kernel/log.ts'
import type { Secrets } from '../../kernel/secrets.ts'
import { type OpenAsking, openHouse } from './house.ts'
import { judge } from './judge.ts'
import { play, type Played } from './play.ts'
import type { Place } from './recordings.ts'

export type RunOptions = {
  db: Database
  content: Content
  secrets: Secrets
  log: Log
  cases: readonly evals.EvalCase[]
  /** Gives whoever takes a case's questions to a model; undefined: approved answers. `place` says where the case is. */
  askingFor?: ((place: () => Place) => OpenAsking) | undefined
  onCase?: (result: CaseResult) => void
}

export type TurnResult = {
  turn: number
  said: string[]
  decision: string
  entries: string[]
  mood: string | null
  cases: string[]
  /** Checks that answers of the model did not pass. */
  complaints: string[]
  promptHash: string | null
  /** What was expected and did not come. */
  failures: string[]
}

export type CaseResult = {
  id: string
  kind: evals.EvalCase['kind']
  passed: boolean
  turns: TurnResult[]
  tokens: number
  cost: number
}

/** A case ends long before that, in real ms; if not, something waits for a time that never comes. */
const caseMs = 120_000

export async function runCases(options: RunOptions): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  for (const one of options.cases) {
    const result = await runCase(one, options)
    results.push(result)
    options.onCase?.(result)
  }
  return results
}

export function casesOf(content: Content): evals.EvalCase[] {
  return content.items(evals.evalsKind).map(({ data }) => data)
}

async function runCase(one: evals.EvalCase, options: RunOptions): Promise<CaseResult> {
  const { db, content, secrets, log } = options
  let turn = 0
  let attempt = 0
  const openAsking = options.askingFor?.(() => ({ case: one.id, turn, attempt: (attempt += 1) }))
  const account = `eval-${one.id}`
  const house = await openHouse({
    ...{ db, secrets, log, account, openAsking },
    content: () => content,
    at: new Date(one.at),
  })
  const onTurn = (next: number): void => {
    turn = next
    attempt = 0
  }
  try {
    const played = await inTime(play(one, { house, db, content, secrets, account }, onTurn), one.id)
    await house.close()
    return resultOf(one, played, house.failures())
  } catch (error) {
    if (!(error instanceof ZhangguiError) || error.code !== 'eval-stuck') throw error
    return resultOf(one, [], [reasonOf(error)])
  }
}

function inTime<T>(work: Promise<T>, id: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const message = `The case ${id} did not come to an end within ${caseMs / 1_000} seconds.`
  const cancel = systemClock.after(caseMs, () => reject(new ZhangguiError({ code: 'eval-stuck', message })))
  return Promise.race([work, promise]).finally(cancel)
}

function resultOf(one: evals.EvalCase, played: readonly Played[], broken: readonly string[]): CaseResult {
  const turns = one.turns.map(({ expect }, index): TurnResult => {
    const happened = played[index]
    const failures = happened ? (expect ? judge(expect, happened) : []) : ['it was not played']
    return {
      turn: index + 1,
      said: happened?.said.map(({ text }) => text) ?? [],
      decision: happened?.decision ?? 'other',
      entries: happened?.entries ?? [],
      mood: happened?.mood ?? null,
      cases: happened?.cases ?? [],
      complaints:
        happened?.exchanges.flatMap(({ complaints }) =>
          complaints.map(({ check, words }) => `${check} ${words}`.trim()),
        ) ?? [],
      promptHash: happened?.exchanges.findLast(({ promptHash }) => promptHash !== null)?.promptHash ?? null,
      failures: index === 0 ? [...broken.map((reason) => `an event failed: ${reason}`), ...failures] : failures,
    }
  })
  const exchanges = played.flatMap(({ exchanges }) => exchanges)
  return {
    id: one.id,
    kind: one.kind,
    passed: turns.every(({ failures }) => failures.length === 0),
    turns,
    tokens: exchanges.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: exchanges.reduce((sum, { cost }) => sum + cost, 0),
  }
}
