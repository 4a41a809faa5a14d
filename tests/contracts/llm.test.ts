/** What a model's endpoint may send, and what becomes of it: always an outcome, in time, and never a secret in a log. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readEnv } from '../../src/env.ts'
import { llmUnderTest, secretQuestion } from '../support/llm.ts'
import {
  type Behaviour,
  drop,
  empty,
  emptyBody,
  fenced,
  hang,
  html,
  huge,
  malformed,
  raw,
  say,
  slow,
  sse,
  sseGarbage,
  status,
} from '../support/model-stub.ts'
import { until } from '../support/until.ts'

const answer = { answer: '一般3天内发货', cites: ['delivery-time'] }
const brief = 300

const whole = (choice: object, more: object = {}): Behaviour => raw(JSON.stringify({ choices: [choice], ...more }))

const chunk = (content: string): string => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`
const endless = raw(chunk('一般') + chunk('三天'), 'text/event-stream')

test('an answer comes back with its text, its model and what it took', async () => {
  const { stub, ask } = await llmUnderTest()
  stub.reply(say(answer, { usage: { input: 812, output: 44 }, model: 'stub-2026' }))
  expect(await ask()).toEqual({
    kind: 'said',
    text: JSON.stringify(answer),
    model: 'stub-2026',
    usage: { input: 812, output: 44 },
    ms: expect.any(Number),
  })
  expect(stub.requests[0]?.body).toMatchObject({ model: 'stub', max_tokens: 300 })
  expect(stub.requests[0]?.body.stream).toBeUndefined()
})

test('what an endpoint does not count is estimated', async () => {
  const { stub, ask } = await llmUnderTest()
  stub.reply(
    say('一般三天内发货', { usage: null }),
    whole({ message: { content: 'x' } }, { usage: { prompt_tokens: -4 } }),
  )
  expect(await ask()).toMatchObject({ usage: { input: 22, output: 7 } })
  expect(await ask()).toMatchObject({ kind: 'said', usage: { output: 1 }, model: 'stub' })
})

test.each<[string, Behaviour, string]>([
  ['a fence around JSON is left to whoever reads it', fenced({ a: 1 }), 'said'],
  ['an answer that took its time', slow(20, say('ok')), 'said'],
  ['an answer of 100 KB', huge(100_000), 'said'],
  ['a whole stream that nobody asked for', sse(answer), 'said'],
  ['a stream whose end is missing', endless, 'garbled'],
  ['JSON that calls itself text', raw('{"choices":[{"message":{"content":"ok"}}]}', 'text/plain'), 'said'],
  ['text in parts', whole({ message: { content: [{ type: 'text', text: 'ok' }] } }), 'said'],
  ['thoughts before the answer', say('<think>{"no":1}</think>\n{"yes":1}'), 'said'],
  ['an answer cut short', say('{"answer":"一般', { finish: 'length' }), 'said'],
  ['malformed JSON', malformed(), 'garbled'],
  ['a stream of garbage', sseGarbage(), 'garbled'],
  [
    'a stream that breaks off',
    raw('data: {"choices":[{"delta":{"content":"a"}}]}\n\n', 'text/event-stream'),
    'garbled',
  ],
  ['an empty text', empty(), 'garbled'],
  ['spaces', say('  \n '), 'garbled'],
  ['no text', whole({ message: { content: null } }), 'garbled'],
  ['nothing but thoughts', say('<think>hmm', { finish: 'length' }), 'garbled'],
  ['an empty body', emptyBody(), 'garbled'],
  ['a page', html(), 'garbled'],
  ['a number', raw('42'), 'garbled'],
  ['no choices', raw('{"choices":[]}'), 'garbled'],
  ['an error that calls itself a success', raw('{"error":{"message":"no"}}'), 'garbled'],
  ['a body without end', huge(3_000_000), 'garbled'],
  ['an answer that a filter held back', say('', { finish: 'content_filter' }), 'refused'],
  [
    'a refusal of the model',
    whole({ message: { content: null, refusal: 'I cannot' }, finish_reason: 'stop' }),
    'refused',
  ],
  ['401', status(401), 'refused'],
  ['402', status(402), 'refused'],
  ['403', status(403), 'refused'],
  ['404 whatever the format', status(404), 'refused'],
  ['400 whatever the format', status(400), 'refused'],
  ['a prompt too long', status(400, { error: { code: 'context_length_exceeded' } }), 'refused'],
  ['500, again and again', status(500), 'unreachable'],
  ['503 until much later', status(503, { retryAfter: 3_600 }), 'unreachable'],
  ['text without end', raw('x'.repeat(3_000_000), 'text/plain'), 'garbled'],
  ['an error without end', status(500, { error: { message: 'x'.repeat(3_000_000) } }), 'unreachable'],
  ['connections that end before a byte', drop(), 'unreachable'],
  ['a connection that ends in the body', drop('after-headers'), 'unreachable'],
  ['429 until much later', status(429, { retryAfter: 3_600 }), 'throttled'],
])('%s', async (_, behaviour, expected) => {
  const { stub, ask, logged } = await llmUnderTest()
  stub.reply(behaviour)
  const outcome = await ask()
  expect(outcome.kind === 'said' ? 'said' : outcome.why).toBe(expected)
  expect(logged.filter((line) => line.includes('gave no answer'))).toHaveLength(expected === 'said' ? 0 : 1)
})

test.each<[string, Behaviour]>([
  ['silence', hang()],
  ['headers and then silence', hang('headers')],
  ['an answer that comes too late', slow(60_000, say('late'))],
])('%s is a timeout, and its connection is let go', async (_, behaviour) => {
  const { stub, ask } = await llmUnderTest()
  stub.reply(behaviour)
  const outcome = await ask({ deadlineMs: brief })
  expect(outcome).toMatchObject({ kind: 'failed', why: 'timeout' })
  expect(outcome.ms).toBeLessThan(5_000)
  expect(stub.requests).toHaveLength(1)
  await until(() => stub.inFlight === 0, { what: 'the connection is closed' })
})

test('without any time left nothing is asked', async () => {
  const { stub, outcome } = await llmUnderTest()
  expect(await outcome({ deadlineMs: 0 })).toBe('timeout')
  expect(await outcome({ deadlineMs: -5 })).toBe('timeout')
  expect(stub.requests).toHaveLength(0)
})

test('where nobody listens the model is unreachable', async () => {
  const { stub, outcome } = await llmUnderTest()
  await stub.close()
  expect(await outcome()).toBe('unreachable')
})

test('a redirect carries no question to another place', async () => {
  const elsewhere = await llmUnderTest()
  const server = createServer((_, response) =>
    response.writeHead(307, { location: `${elsewhere.stub.baseUrl}/chat/completions` }).end(),
  )
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const { outcome } = await llmUnderTest({ baseUrl })
  expect(await outcome()).toBe('refused')
  expect(elsewhere.stub.requests).toHaveLength(0)
})

test('a key that no header can carry, or that the endpoint does not know, is refused and stays secret', async () => {
  for (const apiKey of ['sk-第一\n第二', 'sk-wrong-key']) {
    const { outcome, logged } = await llmUnderTest({ apiKey })
    expect(['refused', 'unreachable']).toContain(await outcome())
    expect(logged.join('')).not.toMatch(/sk-/)
  }
})

test('no log line carries words of a question, an answer or an error, nor the key', async () => {
  const { stub, ask, logged } = await llmUnderTest()
  const told = { message: `you said ${secretQuestion}`, code: `invalid ${secretQuestion}`, type: secretQuestion }
  const behaviours = [say('一般3天内发货'), status(400, { error: told }), status(500, { error: told }), html(), drop()]
  for (const behaviour of behaviours) {
    stub.reply(behaviour)
    await ask()
  }
  const lines = logged.join('')
  expect(lines).toContain('"status":400')
  for (const secret of [secretQuestion, '13912345678', '发货', 'Bad Gateway', stub.apiKey, '小屿']) {
    expect(lines).not.toContain(secret)
  }
})

test('neither a proxy nor a log level of the environment matters', async () => {
  const { stub } = await llmUnderTest()
  stub.reply('ok')
  const gateway = new URL('../../src/gateways/llm/index.ts', import.meta.url).href
  const program = `
    import { openLlm } from '${gateway}'
    const log = { debug() {}, info() {}, warn() {} }
    const llm = openLlm({ apiKey: '${stub.apiKey}', baseUrl: '${stub.baseUrl}', model: 'stub', log })
    const call = { messages: [{ role: 'user', content: '13912345678' }], schema: { name: 'a', json: {} }, maxTokens: 9, deadlineMs: 9000 }
    console.log(JSON.stringify(await llm.model.ask(call)))
    llm.close()`
  const proxy = 'http://127.0.0.1:1'
  const env = { HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy, NODE_USE_ENV_PROXY: '1', OPENAI_LOG: 'debug' }
  const child = await new Promise<{ stdout: string; stderr: string }>((resolve) =>
    execFile(process.execPath, ['--input-type=module', '-e', program], { env }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    ),
  )
  expect(JSON.parse(child.stdout)).toMatchObject({ kind: 'said', text: 'ok' })
  expect(child.stdout + child.stderr).not.toContain('13912345678')
})

test('the environment names endpoint and model; what makes no sense is told, without telling the key', () => {
  expect(readEnv({}).OPENAI_API_KEY).toBeUndefined()
  expect(readEnv({}).OPENAI_MODEL).not.toBe('')
  const local = { OPENAI_API_KEY: ' sk-1\n', OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'qwen3:8b' }
  expect(readEnv(local)).toMatchObject({ ...local, OPENAI_API_KEY: 'sk-1' })
  for (const OPENAI_BASE_URL of ['nonsense', 'ftp://host/v1', 'https://user:password@host/v1']) {
    const wrong = { OPENAI_API_KEY: 'sk-秘密', OPENAI_BASE_URL, OPENAI_MODEL: 'two words' }
    expect(() => readEnv(wrong)).toThrow(/OPENAI_API_KEY: .+\n.+OPENAI_BASE_URL: .+\n.+OPENAI_MODEL: /)
    expect(() => readEnv(wrong)).not.toThrow(/sk-|password@/)
  }
})
