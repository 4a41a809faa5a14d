/** What came back as a completion: what the model said, and what it took. Pure. */
import { z } from 'zod'
import type { ModelMessage, ModelUsage } from '../../kernel/ports.ts'
import { type Failure, failure } from './failures.ts'

export type Read = { text: string; model: string | undefined; usage: ModelUsage | undefined }

const tokens = z.int().min(0).max(100_000_000)
const Usage = z.object({ prompt_tokens: tokens, completion_tokens: tokens })
const Text = z.union([
  z.string(),
  // Some endpoints answer in parts.
  z.array(z.object({ text: z.string().catch('') })).transform((parts) => parts.map((part) => part.text).join('')),
])
/** A whole completion has a `message`, a chunk of a stream a `delta`. */
const Said = z.object({ content: Text.nullish(), refusal: z.string().nullish() })
const Completion = z.object({
  model: z.string().max(200).optional().catch(undefined),
  choices: z.array(z.object({ message: Said.optional(), delta: Said.nullish(), finish_reason: z.string().nullish() })),
  usage: Usage.nullish().catch(undefined),
})
type Completion = z.output<typeof Completion>

/** `body` is all that came, within the bound. */
export function readCompletion(body: string): Read | Failure {
  // Nobody asked for a stream, and still some endpoints send one; one that is whole is as good.
  const chunks = /^\s*(data|event|id|:)/.test(body) ? chunksOf(body) : [parsed(body)]
  const pieces: string[] = []
  let finish: string | undefined
  let refused = false
  let model: string | undefined
  let usage: ModelUsage | undefined
  for (const chunk of chunks) {
    if (!chunk) return failure('garbled', 'no-completion')
    const [choice] = chunk.choices
    const said = choice?.message ?? choice?.delta
    if (said?.content) pieces.push(said.content)
    if (said?.refusal) refused = true
    finish = choice?.finish_reason ?? finish
    model = chunk.model ?? model
    if (chunk.usage) usage = { input: chunk.usage.prompt_tokens, output: chunk.usage.completion_tokens }
  }
  if (finish === 'content_filter' || refused) return failure('refused', refused ? 'refusal' : 'content_filter')
  const text = cleaned(pieces.join(''))
  if (text === '') return failure('garbled', finish === 'length' ? 'cut-before-a-word' : 'empty')
  // Cut by maxTokens it is still what was said, and paid: whoever asked sees that no whole object is there.
  return { text, model, usage }
}

function parsed(json: string): Completion | undefined {
  try {
    const result = Completion.safeParse(JSON.parse(json))
    return result.success ? result.data : undefined
  } catch {
    return undefined
  }
}

/** The chunks of a stream of events; [undefined] when one is none, or the end is missing. */
function chunksOf(body: string): (Completion | undefined)[] {
  const data = body
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
  if (data.at(-1) !== '[DONE]') return [undefined]
  return data.slice(0, -1).map(parsed)
}

/** Without what a reasoning model thought aloud, and without what PostgreSQL does not take. */
function cleaned(text: string): string {
  const said = text.replaceAll('\0', '').toWellFormed().trim()
  if (!said.startsWith('<think>')) return said
  const end = said.indexOf('</think>')
  return end === -1 ? '' : said.slice(end + '</think>'.length).trim()
}

/** For endpoints that do not count: one token for each Chinese character, and for each four of others. */
export function estimatedUsage(messages: readonly ModelMessage[], said: string): ModelUsage {
  return {
    input: messages.reduce((sum, message) => sum + estimatedTokens(message.content) + 4, 0),
    output: estimatedTokens(said),
  }
}

function estimatedTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han + Math.ceil((text.length - han) / 4)
}
