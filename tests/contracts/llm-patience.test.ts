/** When a model is asked again, when it is left alone, and how many questions it may have at once. */
import { afterEach, expect, test, vi } from 'vitest'
import { llmUnderTest } from '../support/llm.ts'
import { drop, hang, html, raw, say, slow, status } from '../support/model-stub.ts'
import { until } from '../support/until.ts'
import { virtualClock } from '../support/clock.ts'

const brief = 300

/** The breaker goes by the machine's date. */
function moveOn(ms: number): void {
  const now = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: now + ms })
}
afterEach(() => void vi.useRealTimers())

test.each([
  ['a connection that was lost before a byte', drop()],
  ['500', status(500)],
  ['503 with a Retry-After that fits', status(503, { retryAfter: 0 })],
  ['429 with a Retry-After that fits', status(429, { retryAfter: 0 })],
  ['429 without one', status(429)],
])('%s is tried again', async (_, behaviour) => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(behaviour, behaviour, say('ok'))
  expect(await outcome()).toBe('ok')
  expect(stub.requests).toHaveLength(3)
})

test.each([
  ['a body that broke off', drop('after-headers'), 'unreachable'],
  ['garbage', html(), 'garbled'],
  ['a refusal', status(403), 'refused'],
  ['an endpoint that itself ran out of time', status(408), 'unreachable'],
  ['500 when there is no time left for the pause', status(500, { retryAfter: 10 }), 'unreachable'],
  ['500 when the pause would leave no time for an answer', status(500, { retryAfter: 8 }), 'unreachable'],
  ['429 with a Retry-After beyond the deadline', status(429, { retryAfter: 30 }), 'throttled'],
])('%s is not tried again', async (_, behaviour, expected) => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(behaviour, say('ok'))
  expect(await outcome()).toBe(expected)
  expect(stub.requests).toHaveLength(1)
})

test('a timeout is not tried again', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(hang(), say('ok'))
  expect(await outcome({ deadlineMs: brief })).toBe('timeout')
  expect(stub.requests).toHaveLength(1)
})

test('retries end: after the third failure the call has failed', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(status(502))
  expect(await outcome()).toBe('unreachable')
  expect(stub.requests).toHaveLength(3)
})

test('the deadline covers retries and their answers together', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(drop(), status(500), hang('headers'))
  expect(await outcome({ deadlineMs: 1_000 })).toBe('timeout')
  expect(stub.requests).toHaveLength(3)
})

test.each([
  ['in seconds', '30'],
  ['as a date', 'Mon, 02 Mar 2026 02:00:30 GMT'],
])('until Retry-After (%s) has passed nobody asks the model', async (_, retryAfter) => {
  const { stub, outcome, logged } = await llmUnderTest({ clock: virtualClock('2026-03-02T10:00:00+08:00') })
  stub.reply(status(429, { retryAfter }), say('ok'))
  expect(await outcome()).toBe('throttled')
  expect(await outcome({ deadlineMs: 60_000 })).toBe('throttled')
  expect(await outcome()).toBe('throttled')
  expect(stub.requests).toHaveLength(1)
  expect(logged.find((line) => line.includes('left alone'))).toContain('"ms":30000')
})

test('after the rest the model is asked again', async () => {
  const { stub, outcome } = await llmUnderTest({ resilience: { rest: { unsaid: 50, most: 50 }, retries: 0 } })
  stub.reply(status(429, { retryAfter: 9_999_999 }), say('ok'))
  expect(await outcome()).toBe('throttled')
  await until(async () => (await outcome()) === 'ok', { what: 'the rest is over' })
  stub.reply(status(429), say('ok'))
  expect(await outcome()).toBe('throttled')
  await until(async () => (await outcome()) === 'ok', { what: 'the rest that nobody named is over' })
})

test('after failures in a row the model is left alone, then one call tries, and the next ones go through', async () => {
  const breaker = { failures: 3, halfOpenAfter: 60_000 }
  const { stub, outcome, logged } = await llmUnderTest({ resilience: { breaker, retries: 0 } })
  stub.reply(status(500))
  for (let call = 0; call < 10; call++) expect(await outcome()).toBe('unreachable')
  expect(stub.requests).toHaveLength(3)

  // One tries; the others have no time to wait for it.
  stub.reply(slow(100, say('ok')))
  moveOn(60_000)
  const many = await Promise.all(Array.from({ length: 20 }, () => outcome()))
  expect(many.filter((said) => said === 'ok')).toHaveLength(1)
  expect(many.filter((said) => said === 'unreachable')).toHaveLength(19)
  expect(await outcome()).toBe('ok')
  expect(logged.filter((line) => line.includes('again and again'))).toHaveLength(1)
  expect(logged.filter((line) => line.includes('answers again'))).toHaveLength(1)
})

test('timeouts open the breaker too, and a try that fails or hangs keeps it open', async () => {
  const breaker = { failures: 2, halfOpenAfter: 60_000 }
  const { stub, outcome } = await llmUnderTest({ resilience: { breaker, retries: 0 } })
  stub.reply(hang())
  const deadlineMs = 100
  expect(await outcome({ deadlineMs })).toBe('timeout')
  expect(await outcome({ deadlineMs })).toBe('timeout')
  expect(await outcome({ deadlineMs })).toBe('unreachable')
  moveOn(60_000)
  expect(await outcome({ deadlineMs })).toBe('timeout')
  expect(await outcome({ deadlineMs })).toBe('unreachable')
  stub.reply('ok')
  moveOn(60_000)
  expect(await outcome()).toBe('ok')
})

test('refusals and 429 open no breaker: the endpoint lives', async () => {
  const breaker = { failures: 2, halfOpenAfter: 60_000 }
  const { stub, outcome } = await llmUnderTest({ resilience: { breaker, retries: 0, rest: { unsaid: 0, most: 0 } } })
  stub.reply(status(401), status(401), status(429), status(429), html(), html(), say('ok'))
  for (let call = 0; call < 6; call++) await outcome()
  expect(await outcome()).toBe('ok')
})

test('200 questions at once are with the model at once, and each gets its own answer', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply((request) => slow(1_000, say(`to ${request.question}`)))
  const questions = Array.from({ length: 200 }, (_, index) => `question ${index}`)
  const answers = await Promise.all(
    questions.map((content) => outcome({ messages: [{ role: 'user', content }], deadlineMs: 15_000 })),
  )
  expect(answers).toEqual(questions.map((question) => `to ${question}`))
  expect(stub.mostInFlight).toBe(200)
})

test('what is under way when the process stops is over at once, and nothing is asked after', async () => {
  const { stub, outcome, close } = await llmUnderTest()
  stub.reply(hang())
  const asked = Promise.all([outcome(), outcome()])
  await until(() => stub.inFlight === 2)
  close()
  expect(await asked).toEqual(['unreachable', 'unreachable'])
  expect(await outcome()).toBe('unreachable')
  expect(stub.requests).toHaveLength(2)
})

test('texts become vectors of one length, in order, in as few requests as all endpoints take', async () => {
  const { stub, embedder } = await llmUnderTest()
  const texts = Array.from({ length: 95 }, (_, index) => `发货要多久 ${index}`)
  const vectors = await embedder?.embed(texts, 10_000)
  expect(vectors).toHaveLength(95)
  expect(new Set(vectors?.map((vector) => vector.length))).toEqual(new Set([64]))
  expect(vectors?.[42]).toEqual((await embedder?.embed([texts[42]!], 10_000))?.[0])
  expect(stub.requests).toHaveLength(11)
  expect(stub.requests[0]?.body).toMatchObject({ model: 'stub-vectors', encoding_format: 'float' })
  expect(await embedder?.embed([], 10_000)).toEqual([])
})

test('vectors in another order are put in order', async () => {
  const { stub, embedder } = await llmUnderTest()
  const data = [
    { index: 1, embedding: [0, 1] },
    { index: 0, embedding: [1, 0] },
  ]
  stub.embed(raw(JSON.stringify({ data })))
  expect(await embedder?.embed(['a', 'b'], 10_000)).toEqual([
    [1, 0],
    [0, 1],
  ])
})

test.each([
  ['a failing endpoint', status(500)],
  ['silence', hang()],
  ['a vector too few', raw('{"data":[{"index":0,"embedding":[1]}]}')],
  ['vectors of several lengths', raw('{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}')],
  ['no numbers', raw('{"data":[{"index":0,"embedding":"AAAA"},{"index":1,"embedding":null}]}')],
  ['a page', html()],
  ['a body without end', raw('9'.repeat(5_000_000))],
])('%s gives no vectors', async (_, behaviour) => {
  const { stub, embedder } = await llmUnderTest()
  stub.embed(behaviour)
  expect(await embedder?.embed(['a', 'b'], brief)).toBeUndefined()
})

test('without an embedding model there is no embedder', async () => {
  const { embedder } = await llmUnderTest({ embeddingModel: undefined })
  expect(embedder).toBeUndefined()
})
