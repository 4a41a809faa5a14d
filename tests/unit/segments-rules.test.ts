import { expect, test } from 'vitest'
import { createRegistry, checkContent } from '../../src/content/index.ts'
import { groupRules } from '../../src/domains/members/index.ts'
import { clauses } from '../../src/domains/segments/clauses/index.ts'
import { segmentsKind } from '../../src/domains/segments/schema.ts'
import { tagsKind } from '../../src/domains/tags/index.ts'
import { folderWith } from '../support/content-files.ts'

const registry = createRegistry([{ name: 'test', kinds: [segmentsKind(clauses), tagsKind, groupRules] }])

const tags = `
dimensions:
  - id: skin
    title: 肤质
    kind: byHand
    values:
      - id: 敏感肌
      - id: 干性
`

async function findings(segments: string): Promise<string[]> {
  const dir = await folderWith({
    'settings.yaml': 'brand: { name: 青屿 }\n',
    'tags.yaml': tags,
    'groups.yaml': 'groups: [{ id: vip, title: VIP, match: { topics: [青屿*] } }]\n',
    'segments.yaml': `segments:\n${segments}`,
  })
  const found = await checkContent(dir, registry)
  return found
    .filter(({ file }) => file === 'segments.yaml')
    .map(({ severity, line, message, expected }) => `${severity} ${line}: ${message} | ${expected}`)
}

const segment = (rule: string, id = 'a'): string => `  - { id: ${id}, title: A, rule: ${rule} }\n`

test('a rule that names what there is has nothing wrong with it', async () => {
  const rule =
    '{ all: [{ tag: { skin: [敏感肌, 干性] } }, { region: [华东, 浙江省, 杭州市] }, { not: { group: vip } }] }'
  expect(await findings(segment(rule) + segment('{ segment: a }', 'b'))).toEqual([])
})

test('a value, a group and a segment that do not exist are found, with what was meant', async () => {
  expect(await findings(segment('{ tag: { skin: 敏感机 } }'))).toEqual([
    expect.stringMatching(/^error 2: "skin\/敏感机" is not in .*\| .*`skin\/敏感肌`/),
  ])
  expect(await findings(segment('{ group: vipp }'))).toEqual([expect.stringMatching(/"vipp" is not in .*\| .*`vip`/)])
  expect(await findings(segment('{ group: vip }', 'first') + segment('{ segment: frist }'))).toEqual([
    expect.stringMatching(/^error 3: "frist" is not in .*\| .*`first`/),
  ])
})

test('a clause that is misspelt is found, with what was meant', async () => {
  const [finding, ...others] = await findings(segment('{ all: [{ regoin: 华东 }] }'))
  expect(finding).toMatch(/^error 2: .*regoin.*\| .*region/)
  expect(others).toEqual([])
})

test('a place that is not said by its full name is found, with its full name', async () => {
  expect(await findings(segment('{ region: 浙江 }'))).toEqual([
    expect.stringMatching(/^error 2: «浙江» is not the full name .*\| 浙江省, its full name/),
  ])
  expect(await findings(segment('{ region: [华东, 火星] }'))).toEqual([expect.stringMatching(/«火星» is not/)])
  // Streets and districts are no tags.
  expect(await findings(segment('{ region: 苏州工业园区 }'))).toEqual([
    expect.stringMatching(/\| 苏州市, its full name/),
  ])
})

test('two things in one rule belong under «all» or «any»', async () => {
  expect(await findings(segment('{ region: 华东, group: vip }'))).toEqual([
    expect.stringMatching(/^error 2: .*exactly one of all, any, not, segment, tag/),
  ])
})

test('segments that lead back to themselves are refused, with the way', async () => {
  const found = await findings(
    segment('{ any: [{ segment: b }, { group: vip }] }') +
      segment('{ not: { segment: c } }', 'b') +
      segment('{ segment: a }', 'c'),
  )
  expect(found).toHaveLength(3)
  expect(found[0]).toMatch(/^error 2: the segment a leads back to itself: a → b → c → a/)
  expect(await findings(segment('{ segment: a }'))).toEqual([expect.stringMatching(/itself: a → a/)])
})

test('two ways to the same segment are no circle', async () => {
  const both = '{ all: [{ segment: a }, { any: [{ segment: a }, { group: vip }] }] }'
  expect(await findings(segment('{ region: 华东 }') + segment(both, 'b'))).toEqual([])
})

test.each([
  ['{ all: [] }', 'everybody', '«all» of nothing'],
  ['{ any: [] }', 'nobody', '«any» of nothing'],
  ['{ not: { all: [] } }', 'nobody', '«all» of nothing'],
  ['{ any: [{ group: vip }, { not: { group: vip } }] }', 'everybody', 'a rule and its opposite'],
  ['{ all: [{ region: 华东 }, { group: vip }, { not: { group: vip } }] }', 'nobody', 'a rule and its opposite'],
  [
    '{ any: [{ all: [{ group: vip }, { region: 华东 }] }, { not: { all: [{ region: 华东 }, { group: vip }] } }] }',
    'everybody',
    'opposite',
  ],
])('%s takes in %s by its form, which is a warning', async (rule, whom, why) => {
  expect(await findings(segment(rule))).toEqual([
    expect.stringMatching(new RegExp(`^warning 2: the segment a takes in ${whom}, whoever they are: .*${why}`)),
  ])
})

test('a range that nothing lies in and a clause without a question are found', async () => {
  expect(await findings(segment('{ orders: { count: { min: 3, max: 2 } } }'))).toEqual([
    expect.stringMatching(/^error 2: .*not less than min/),
  ])
  expect(await findings(segment('{ active: {} }'))).toEqual([expect.stringMatching(/within or notWithin/)])
  expect(await findings(segment('{ rfm: { r: {} } }'))).toEqual([expect.stringMatching(/`min`, `max` or both/)])
  expect(await findings(segment('{ active: { within: soon } }'))).toEqual([expect.stringMatching(/^error 2: /)])
})
