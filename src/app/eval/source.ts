/** Where answers of a model come from in a run: recordings, an endpoint, or nowhere. */
import type { Env } from '../../env.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Database } from '../../kernel/db.ts'
import { UsageError } from '../../kernel/errors.ts'
import { createLog } from '../../kernel/log.ts'
import type { Embedder, Model } from '../../kernel/ports.ts'
import * as faq from '../../domains/faq/index.ts'
import { slices } from '../slices.ts'
import type { Mode } from './baseline.ts'
import type { OpenAsking } from './house.ts'
import {
  type Place,
  readRecordings,
  recordedModel,
  type Recording,
  recordingModel,
  type Recordings,
} from './recordings.ts'
import type { CaseResult } from './run.ts'

/** What became of the recordings in a run. */
export type Tally = {
  /** Questions that a model would have been asked, and nothing was recorded of. */
  missing: string[]
  /** Said although the prompt has changed since. */
  otherPrompt: string[]
  byHand: number
}

export type Source = {
  mode: Mode
  /** Undefined where no model is asked at all. */
  askingFor(db: Database): ((place: () => Place) => OpenAsking) | undefined
  /** What a model said, with the prompts that it answered. */
  recorded(results: readonly CaseResult[]): Recording[]
  tally(results: readonly CaseResult[]): Tally
  close(): void
}

type Wanted = { live?: boolean; approved?: boolean }

/** Throws a UsageError `eval-live` when a live run is wanted and the environment names no model. */
export async function openSource(env: Env, { live, approved }: Wanted): Promise<Source> {
  if (approved) return { mode: 'approved', askingFor: () => undefined, ...nothingRecorded }
  const endpoint = live ? endpointOf(env) : undefined
  const { openAsking } = await import('../asking.ts')
  const log = createLog('error')
  const lent = faq.lentBy(slices)
  /** `modelAt` gives the model that answers where the case is. */
  const askingWith =
    (db: Database, modelAt: (place: () => Place) => Model, embedder?: Embedder) =>
    (place: () => Place): OpenAsking =>
    (on) =>
      openAsking({ ...on, db, model: modelAt(place), embedder, log, proposable: (content) => lent.proposable(content) })
  if (!endpoint) {
    const recordings = await readRecordings(env.CONTENT_DIR)
    const used: Place[] = []
    const missing: Place[] = []
    const watch = (place: () => Place) => (): Place => {
      const at = place()
      used.push(at)
      return at
    }
    return {
      mode: 'recorded',
      askingFor: (db) => askingWith(db, (place) => recordedModel(recordings, watch(place), (at) => missing.push(at))),
      recorded: () => [],
      tally: (results) => tallyOf(recordings, used, missing, results),
      close: () => undefined,
    }
  }
  const { openLlm } = await import('../../gateways/llm/index.ts')
  const llm = openLlm({ ...endpoint, log, clock: systemClock })
  const kept: Recording[] = []
  return {
    mode: 'live',
    askingFor: (db) =>
      askingWith(db, (place) => recordingModel(llm.model, place, (one) => kept.push(one)), llm.embedder),
    recorded: (results) => kept.map((one) => stamped(one, results)),
    tally: nothingRecorded.tally,
    close: () => llm.close(),
  }
}

const nothingRecorded = {
  recorded: () => [],
  tally: (): Tally => ({ missing: [], otherPrompt: [], byHand: 0 }),
  close: () => undefined,
}

function endpointOf(env: Env) {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = env
  if (apiKey === undefined) {
    const message =
      '--live asks a model: set OPENAI_API_KEY, and OPENAI_BASE_URL and OPENAI_MODEL where it is not OpenAI’s.'
    throw new UsageError({ code: 'eval-live', message })
  }
  return { apiKey, baseUrl, model, embeddingModel: env.OPENAI_EMBEDDING_MODEL }
}

function hashAt(results: readonly CaseResult[], { case: id, turn }: Place): string | null {
  return results.find((result) => result.id === id)?.turns.find((one) => one.turn === turn)?.promptHash ?? null
}

function stamped(one: Recording, results: readonly CaseResult[]): Recording {
  const prompt = hashAt(results, one)
  return prompt === null ? one : { ...one, prompt }
}

function tallyOf(
  recordings: Recordings,
  used: readonly Place[],
  missing: readonly Place[],
  results: readonly CaseResult[],
): Tally {
  const found = used.flatMap((place) => recordings.at(place) ?? [])
  const stale = found.filter((one) => one.prompt !== undefined && one.prompt !== hashAt(results, one))
  return {
    missing: [...new Set(missing.map(nameOf))],
    otherPrompt: [...new Set(stale.map(nameOf))],
    byHand: found.filter(({ prompt }) => prompt === undefined).length,
  }
}

const nameOf = ({ case: id, turn }: Place): string => `${id}:${turn}`
