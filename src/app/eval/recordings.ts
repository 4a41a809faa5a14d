/**
 * What a model said in the cases of an evaluation: files that stand beside them, where content does not look. With them
 * the whole way of an answer is run without a model: same words, same result.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { UsageError } from '../../kernel/errors.ts'
import type { Model, ModelOutcome } from '../../kernel/ports.ts'

const Recording = z.strictObject({
  case: z.string(),
  turn: z.int().min(1).default(1),
  attempt: z.int().min(1).default(1),
  /** Hash of the prompt that it answers; absent: written by hand. */
  prompt: z.string().optional(),
  /** What is wrong with it, on purpose: such a one is never replaced by a model's. */
  fault: z.string().optional(),
  model: z.string().optional(),
  usage: z.object({ input: z.int(), output: z.int() }).optional(),
  /** The object that the model returns; fields that are left out are as in a calm question for the FAQ. */
  answer: z.record(z.string(), z.unknown()).optional(),
  /** What it says instead, word for word: for what is no object. */
  raw: z.string().optional(),
})
export type Recording = z.output<typeof Recording>

export type Place = { case: string; turn: number; attempt: number }

export type Recordings = {
  at(place: Place): Recording | undefined
  size: number
}

const folder = 'evals/.recorded'
const liveFile = 'live.yaml'
const usual = { mood: 'calm', intent: 'faq', human: 'none', proposes: {} }

const keyOf = ({ case: id, turn, attempt }: Place): string => `${id} ${turn} ${attempt}`

/** Throws a UsageError `eval-recorded` that names the file when it is not as it should be. */
export async function readRecordings(contentDir: string): Promise<Recordings> {
  const found = new Map<string, Recording>()
  for (const file of await filesIn(join(contentDir, folder))) {
    for (const one of await readFrom(join(contentDir, folder, file))) {
      if (found.get(keyOf(one))?.fault === undefined) found.set(keyOf(one), one)
    }
  }
  return { at: (place) => found.get(keyOf(place)), size: found.size }
}

/** By name; what a model has said comes last, and goes before what a hand wrote. */
async function filesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => [])
  return names.filter((name) => name.endsWith('.yaml')).sort((a, b) => Number(a === liveFile) - Number(b === liveFile))
}

async function readFrom(path: string): Promise<Recording[]> {
  try {
    return z.array(Recording).parse(parse(await readFile(path, 'utf8')) ?? [])
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new UsageError({ code: 'eval-recorded', message: `${path} cannot be read:\n${reason}`, cause })
  }
}

/** Keeps what a model has said just now beside what it said in other cases before. */
export async function writeRecordings(contentDir: string, fresh: readonly Recording[]): Promise<void> {
  const path = join(contentDir, folder, liveFile)
  await mkdir(join(contentDir, folder), { recursive: true })
  const before = await readFrom(path).catch(() => [])
  const cases = new Set(fresh.map(({ case: id }) => id))
  const all = [...before.filter(({ case: id }) => !cases.has(id)), ...fresh]
  all.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const head = '# Written by `zhanggui eval --live --record`: what the model said. Run it again rather than edit it.\n'
  await writeFile(path, head + stringify(all, { lineWidth: 0 }))
}

/** A model that says what was recorded; where nothing was it refuses, so that the approved answer is sent. */
export function recordedModel(recordings: Recordings, place: () => Place, onMissing: (place: Place) => void): Model {
  return {
    name: 'recorded',
    ask() {
      const at = place()
      const recording = recordings.at(at)
      if (!recording) {
        onMissing(at)
        return Promise.resolve({ kind: 'failed', why: 'refused', ms: 0 })
      }
      const outcome: ModelOutcome = {
        kind: 'said',
        text: recording.raw ?? JSON.stringify({ ...usual, ...recording.answer }),
        model: recording.model ?? 'recorded',
        usage: recording.usage ?? { input: 0, output: 0 },
        ms: 0,
      }
      return Promise.resolve(outcome)
    },
  }
}

/** A model that is asked, and whose words are kept. */
export function recordingModel(model: Model, place: () => Place, keep: (recording: Recording) => void): Model {
  return {
    name: model.name,
    async ask(call) {
      const at = place()
      const outcome = await model.ask(call)
      if (outcome.kind === 'said') keep({ ...at, raw: outcome.text, model: outcome.model, usage: outcome.usage })
      return outcome
    },
  }
}
