/** What `check` says of entries that are answered from the asker's own affairs. */
import { describe, expect, test } from 'vitest'
import { createRegistry, loadFolder } from '../../src/content/index.ts'
import { factsOf, plainWords } from '../../src/domains/faq/facts/index.ts'
import { faqKindWith } from '../../src/domains/faq/schema.ts'
import { slice as orders } from '../../src/domains/orders/index.ts'
import { folderWith } from '../support/content-files.ts'

const facts = factsOf([orders])

describe('content with facts', () => {
  const entry = (fact: string, answer: string): string =>
    `- { id: own, questions: [到哪了], fact: ${fact}, answer: ${JSON.stringify(answer)} }\n`
  const findings = async (fact: string, answer: string): Promise<string[]> => {
    const dir = await folderWith({ 'faq/own.yaml': entry(fact, answer) })
    const only = createRegistry([{ name: 'faq', kinds: [faqKindWith(facts)] }])
    return (await loadFolder(dir, only)).findings
      .filter(({ file }) => file === 'faq/own.yaml')
      .map(({ message, expected }) => `${message} → ${expected}`)
  }

  test('is told of a fact that nobody knows, of placeholders that it does not fill, and of states without words', async () => {
    expect(await findings('order.gone', '好')).toEqual([expect.stringMatching(/«order.gone».*One of .*order.delivery/)])
    expect(await findings('order.delivery', '{{ phone }}')).toEqual([expect.stringContaining('`phone`')])
    expect(await findings('order.delivery', "{% if state == 'paid' %}好{% endif %}")).toEqual([
      expect.stringMatching(/says nothing for .*state: shipped/),
    ])
    expect(await findings('order.delivery', '好{% for parcel in parcels %}{{ parcel.phone }}{% endfor %}')).toEqual([
      expect.stringContaining('parcel.phone'),
    ])
    expect(await findings('order.delivery', '好 {{ order }}')).toEqual([])
  })

  test('may have placeholders only in an entry with a fact', async () => {
    const dir = await folderWith({ 'faq/own.yaml': '- { id: own, questions: [到哪了], answer: "{{ order }}" }\n' })
    const { findings } = await loadFolder(dir, createRegistry([{ name: 'faq', kinds: [faqKindWith(facts)] }]))
    expect(findings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('{{ order }}')]),
    )
  })
})

test('a fact that two slices register is refused at the start', () => {
  expect(() => factsOf([orders, { ...orders, name: 'others' }])).toThrow('is registered already')
})

test('of an answer with placeholders the words remain', () => {
  expect(plainWords("{% if state == 'paid' %}待发货{% else %}在路上{{ carrier }}{% endif %}")).toMatch(
    /^ 待发货 在路上 +$/,
  )
})
