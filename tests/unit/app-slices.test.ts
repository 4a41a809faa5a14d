import { expect, test } from 'vitest'
import { assertSlices, slices } from '../../src/app/slices.ts'
import type { Rights, Slice } from '../../src/kernel/slice.ts'

const [first, ...others] = slices
if (!first) throw new Error('there are no slices')

const done = (): Promise<void> => Promise.resolve()

/** What start-up says of these slices; '' when it accepts them. */
function complaint(given: readonly Slice[]): string {
  try {
    assertSlices(given)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

test('the slices of the house fit together', () => {
  expect(complaint(slices)).toBe('')
})

test('a slice that does not say how it keeps a right of customers is refused by name', () => {
  for (const right of ['onMerge', 'onUnlink', 'forget', 'exportOf'] as const) {
    const all = { onMerge: done, onUnlink: done, forget: done, exportOf: () => Promise.resolve({}) }
    const rights = { ...all, [right]: undefined } as unknown as Rights
    expect(complaint([...slices, { name: 'tags', rights }])).toContain(`tags does not export ${right}`)
  }
})

test('a slice that keeps nothing about customers says so', () => {
  expect(complaint([...slices, { name: 'weather', rights: 'none' }])).toBe('')
})

test('an effect has one applier: with none or two nothing starts', () => {
  const appliers = slices.filter(({ applies }) => applies?.SendMessage)
  expect(complaint(slices.filter((slice) => !appliers.includes(slice)))).toContain('SendMessage is applied by nobody')
  const second: Slice = { name: 'echo', rights: 'none', applies: { SendMessage: () => undefined } }
  expect(complaint([...slices, second])).toContain(`SendMessage is applied by ${appliers[0]?.name} and echo`)
})

test('an event, a reply and a section of the settings belong to one slice', () => {
  const twin: Slice = { ...first, name: 'twin', rights: 'none', applies: {} }
  const said = complaint([first, ...others, twin])
  expect(said).toContain(`belongs to ${first.name} and to twin`)
})
