/** How an endpoint is told what the answer shall look like, when it does not take every way of saying it. */
import { expect, test } from 'vitest'
import { llmUnderTest, schema } from '../support/llm.ts'
import { type ModelStub, say, status } from '../support/model-stub.ts'

/** What each request asked for, oldest first. */
const asked = (stub: ModelStub) =>
  stub.requests.map(({ body }) => {
    const strict = body.response_format?.json_schema?.strict ? ' strict' : ''
    return `${body.response_format?.type ?? 'plain'}${strict}`
  })

const open = {
  name: 'open',
  json: { type: 'object', properties: { proposes: { type: 'object', additionalProperties: { type: 'string' } } } },
}

test('a closed schema is asked for strictly, without what strictness does not know', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  expect(await outcome()).toBe('ok')
  const format = stub.requests[0]?.body.response_format
  expect(format).toMatchObject({ type: 'json_schema', json_schema: { name: 'answer', strict: true } })
  expect(format?.json_schema?.schema).toEqual({
    ...schema.json,
    properties: { ...schema.json.properties, answer: { type: 'string' } },
  })
  expect(stub.requests[0]?.system).toBe('You are 小屿.')
})

test('an open schema is given as it is, and says nothing about the endpoint', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  await outcome({ schema: open })
  await outcome()
  expect(asked(stub)).toEqual(['json_schema', 'json_schema strict'])
  expect(stub.requests[0]?.body.response_format?.json_schema?.schema).toEqual(open.json)
})

test('a schema with an open object within is no strict one', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  expect(
    await outcome({ schema: { ...open, json: { ...open.json, required: ['proposes'], additionalProperties: false } } }),
  ).toBe('ok')
  expect(asked(stub)).toEqual(['json_schema'])
})

test('what the endpoint refuses is asked in the next way within the same call, and remembered', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  stub.refuse('json_schema')
  expect(await outcome()).toBe('ok')
  expect(await outcome()).toBe('ok')
  expect(asked(stub)).toEqual(['json_schema strict', 'json_schema', 'json_object', 'json_object'])
  // The schema stands in words then, in the one system message.
  expect(stub.requests.at(-1)?.body.messages).toHaveLength(2)
  expect(stub.requests.at(-1)?.system).toContain(JSON.stringify(schema.json))
})

test('an endpoint that knows no format is asked in plain words', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  stub.refuse('json_schema', 'json_object')
  expect(await outcome()).toBe('ok')
  expect(await outcome({ messages: [{ role: 'user', content: 'no system message' }] })).toBe('ok')
  expect(asked(stub).slice(-2)).toEqual(['plain', 'plain'])
  expect(stub.requests.at(-1)?.system).toContain(JSON.stringify(schema.json))
})

test.each([400, 404, 422, 501])('a refusal may come as %d', async (code) => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply((request) => (request.body.response_format ? status(code) : say('ok')))
  expect(await outcome()).toBe('ok')
  expect(asked(stub)).toEqual(['json_schema strict', 'json_schema', 'json_object', 'plain'])
})

test('a refusal that had another reason teaches nothing', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(status(400, { error: { code: 'context_length_exceeded' } }), status(401), status(400))
  expect([await outcome(), await outcome()]).toEqual(['refused', 'refused'])
  // Another form would not have helped.
  expect(stub.requests).toHaveLength(2)
  expect(await outcome()).toBe('refused')
  stub.reply('ok')
  expect(await outcome()).toBe('ok')
  expect(asked(stub).at(-1)).toBe('json_schema strict')
})

test('many calls at once learn the same', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  stub.refuse('json_schema')
  expect(new Set(await Promise.all(Array.from({ length: 20 }, () => outcome())))).toEqual(new Set(['ok']))
  const before = stub.requests.length
  await outcome()
  expect(asked(stub).slice(before)).toEqual(['json_object'])
})

test('a model that wants the newer name of the cap gets it', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply('ok')
  stub.refuseCap('max_tokens')
  expect([await outcome(), await outcome()]).toEqual(['ok', 'ok'])
  const caps = stub.requests.map(({ body }) => [body.max_tokens, body.max_completion_tokens])
  expect(caps).toEqual([
    [300, undefined],
    [undefined, 300],
    [undefined, 300],
  ])
  expect(asked(stub).at(-1)).toBe('json_schema strict')
})

test('a stray refusal is not held against the endpoint for ever', async () => {
  const { stub, outcome } = await llmUnderTest({ formsKeptMs: 0 })
  stub.reply(status(400), 'ok')
  expect([await outcome(), await outcome(), await outcome()]).toEqual(['ok', 'ok', 'ok'])
  expect(asked(stub)).toEqual(['json_schema strict', 'json_schema', 'json_schema strict', 'json_schema strict'])
})

test('whoever looks whether the endpoint knows more by now gets an answer all the same', async () => {
  const { stub, outcome } = await llmUnderTest({ formsKeptMs: 0 })
  stub.reply('ok')
  stub.refuse('json_schema')
  stub.refuseCap('max_tokens')
  expect([await outcome(), await outcome()]).toEqual(['ok', 'ok'])
  stub.refuse()
  expect(await outcome()).toBe('ok')
  expect(asked(stub).at(-1)).toBe('json_schema strict')
})

test('an endpoint that knows none of it has refused: it is asked once in each form, and is not down', async () => {
  const { stub, outcome } = await llmUnderTest()
  stub.reply(status(501))
  expect(await outcome()).toBe('refused')
  expect(asked(stub)).toEqual(['json_schema strict', 'json_schema', 'json_object', 'plain'])
})
