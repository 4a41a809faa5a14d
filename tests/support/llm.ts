/** A model under test: the real gateway on a stub, and every line that it logged. */
import pino from 'pino'
import { type Llm, type LlmSettings, openLlm } from '../../src/gateways/llm/index.ts'
import type { ModelCall, ModelOutcome } from '../../src/kernel/ports.ts'
import { afterFile } from './after-file.ts'
import { type ModelStub, startModelStub } from './model-stub.ts'

export type LlmUnderTest = Llm & {
  stub: ModelStub
  logged: string[]
  /** Asks for `answer`; default deadline: far away. */
  ask(more?: Partial<ModelCall>): Promise<ModelOutcome>
  /** What came of it in one word: what was said, or why not. */
  outcome(more?: Partial<ModelCall>): Promise<string>
}

/** No words of any test but of these calls: looked for in logs. */
export const secretQuestion = '我的手机号是13912345678'

export const schema = {
  name: 'answer',
  json: {
    type: 'object',
    properties: { answer: { type: 'string', maxLength: 4_000 }, cites: { type: 'array', items: { type: 'string' } } },
    required: ['answer', 'cites'],
    additionalProperties: false,
  },
}

export async function llmUnderTest(settings: Partial<LlmSettings> = {}): Promise<LlmUnderTest> {
  const stub = await startModelStub()
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const llm = openLlm({
    apiKey: stub.apiKey,
    baseUrl: stub.baseUrl,
    model: 'stub',
    embeddingModel: 'stub-vectors',
    log,
    ...settings,
    // Pauses that no test waits for; a breaker that opens in its own tests only.
    resilience: {
      pause: { first: 1, last: 5 },
      breaker: { failures: 1_000, halfOpenAfter: 60_000 },
      ...settings.resilience,
    },
  })
  afterFile.add(async () => {
    llm.close()
    await stub.close()
  })
  const ask = (more: Partial<ModelCall> = {}) =>
    llm.model.ask({
      messages: [
        { role: 'system', content: 'You are 小屿.' },
        { role: 'user', content: secretQuestion },
      ],
      schema,
      maxTokens: 300,
      deadlineMs: 10_000,
      ...more,
    })
  return {
    ...llm,
    stub,
    logged,
    ask,
    outcome: async (more) => {
      const outcome = await ask(more)
      return outcome.kind === 'said' ? outcome.text : outcome.why
    },
  }
}
