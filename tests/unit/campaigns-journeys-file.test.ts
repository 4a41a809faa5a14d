import { beforeAll, describe, expect, test } from 'vitest'
import { journeysOf } from '../../src/domains/campaigns/index.ts'
import { loadFolder } from '../../src/content/index.ts'
import { registry } from '../../src/app/registry.ts'
import { type Files, folderWith } from '../support/content-files.ts'

/** A small shop in which journeys find what they name. */
const shop: Files = {
  'settings.yaml': 'brand: { name: 青屿 }\nprivacy: { topics: [{ id: 护肤, words: [护肤] }] }\n',
  'tags.yaml': `dimensions:
  - { id: interest, kind: byHand, several: true, values: [{ id: 护肤, saidAs: 护肤 }] }
`,
  'compliance/brand.yaml': 'senders: [小屿]\noptOut: [回复「退订」]\n',
  'segments.yaml': 'segments:\n  - { id: big-sale, title: 大促, rule: { active: { within: 60d } } }\n',
}

async function load(...yaml: string[]) {
  const files = Object.fromEntries(yaml.map((text, i) => [`journeys/${i}.yaml`, text]))
  const { content, findings } = await loadFolder(await folderWith({ ...shop, ...files }), registry, {
    tolerates: ({ file, severity }) => severity === 'warning' || !file.startsWith('journeys/'),
  })
  const told = findings
    .filter(({ file }) => file.startsWith('journeys/'))
    .map(({ severity, line, message, expected }) => `${severity} ${line} ${message} → ${expected}`)
  return { content, told }
}

/** A journey with these keys over what each must have. */
function journey(keys: Record<string, string> = {}): string {
  const all = {
    id: 'hello',
    title: '问候',
    trigger: '{ addedBot: {} }',
    purpose: 'service',
    steps: '[{ send: 你好 }]',
    ...keys,
  }
  return `- ${Object.entries(all)
    .flatMap(([key, value]) => (value === '' ? [] : [`${key}: ${value}`]))
    .join('\n  ')}\n`
}

const findings = async (keys: Record<string, string>, ...more: string[]): Promise<string[]> =>
  (await load(journey(keys), ...more)).told

describe('the file', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['a trigger that nobody lends', { trigger: '{ addedBott: {} }' }, /addedBott.*addedBot/],
    ['two triggers at once', { trigger: '{ addedBot: {}, birthday: {} }' }, /exactly one trigger: .*addedBot/],
    ['nothing that begins it', { trigger: '' }, /nothing begins it → A `trigger`/],
    ['a step that nobody lends', { steps: '[{ sent: 你好 }]' }, /`sent`.*`send`/],
    ['two things in one step', { steps: '[{ send: 你好, wait: 1d }]' }, /exactly one of .*send.*a dash each/],
    ['a message without words', { steps: '[{ send: "---" }]' }, /there is no message/],
    ['no time at all', { steps: '[{ wait: soon }]' }, /a duration such as/],
    ['no time of the day', { steps: '[{ waitUntil: { time: 25:00 } }]' }, /a time such as 20:00/],
    ['days that nobody knows', { steps: '[{ waitUntil: { time: 20:00, on: workday } }]' }, /workdays, holidays/],
    ['steps behind the end', { steps: '[{ end: true }, { send: 你好 }]' }, /^warning .*nobody comes here/],
    ['two steps of one name', { steps: '[{ id: a, send: 你好 }, { id: a, send: 在吗 }]' }, /two steps are called a/],
    ['an else without a branch', { steps: '[{ send: 你好, else: [] }]' }, /«else» beside «branch» alone/],
    ['a segment that does not exist', { entry: '{ segment: big-sail }' }, /"big-sail".*`big-sale`/],
    ['a segment to leave in that does not exist', { exit: '{ segment: x }' }, /"x" is not in Segments/],
    ['a journey to spare that does not exist', { entry: '{ unless: x }' }, /"x" is not in Journeys/],
    ['a journey to start that does not exist', { steps: '[{ start: x }]' }, /"x" is not in Journeys/],
    ['a goal that nobody lends', { exit: '{ did: { oder: {} } }' }, /`oder`.*`order`/],
    ['a tag that does not exist', { steps: '[{ tag: { interest: 口红 } }]' }, /interest\/口红/],
    [
      'a tag to ask for that does not exist',
      { steps: '[{ send: "{{ tags.mood | default: 1 }}" }]' },
      /tags\.mood.*tags\.interest/,
    ],
    ['a name that nobody fills in', { steps: '[{ send: "{{ nam }}" }]' }, /nam/],
    ['itself to stop', { steps: '[{ stop: hello }]' }, /does not stop itself/],
    ['a topic that nobody may choose', { topic: '优惠' }, /"优惠" is no topic.*护肤/],
  ])('refuses %s', async (_, keys, finding) => {
    expect((await findings(keys)).join('\n')).toMatch(finding)
  })

  test('refuses journeys that start each other round and round', async () => {
    const told = await findings(
      { steps: '[{ start: b }]' },
      journey({ id: 'b', trigger: '', steps: '[{ start: hello }]' }),
    )
    expect(told.join('\n')).toMatch(/starts itself again: hello → b → hello/)
  })

  test('warns of a draft that is to be started', async () => {
    const told = await findings({ steps: '[{ start: b }]' }, journey({ id: 'b', draft: 'true' }))
    expect(told).toMatchObject([expect.stringMatching(/^warning .*nobody enters b: it is a draft/)])
  })

  test('on every way the first message of marketing says who writes, and how to have no more of it', async () => {
    const steps = `
    - branch:
        - if: { segment: big-sale }
          steps:
            - send: 甲
            - send: 已经说过
      else:
        - branch: [{ if: { not: { segment: big-sale } }, steps: [{ send: 乙 }, { end: true }] }]
    - send: 丙
    - send: 已经说过`
    const told = await findings({ purpose: 'marketing', steps })
    expect(told.map((one) => one.split(' ', 2).join(' '))).toEqual([
      'error 9',
      'error 9',
      'error 12',
      'error 12',
      'error 13',
      'error 13',
    ])
    expect(await findings({ steps })).toEqual([])
  })
})

describe('what is read', () => {
  let read: ReturnType<typeof journeysOf>

  beforeAll(async () => {
    const steps = `
    - send: 你好
    - branch:
        - if: { not: { segment: big-sale } }
          steps: [{ id: asked, send: 在吗 }, { waitUntil: { time: '20:00', on: workdays } }]
      else: [{ untag: { interest: 护肤 } }]
    - waitFor: { did: { reply: {} }, within: 3d }`
    const { content, told } = await load(
      journey({
        trigger: '{ any: [{ addedBot: {} }, { birthday: { before: 3d } }] }',
        reentry: '{ after: 90d }',
        steps,
      }),
      journey({ id: 'other', trigger: '{ birthday: {} }', draft: 'true' }),
    )
    expect(told).toEqual([])
    read = journeysOf(content!)
  })

  test('drafts are left out, of several triggers each counts', () => {
    expect(read.map(({ id, triggers }) => [id, triggers.map(({ name }) => name)])).toEqual([
      ['hello', ['addedBot', 'birthday']],
    ])
    expect(read[0]).toMatchObject({ again: 90 * 86_400_000, priority: 50, expires: 86_400_000, exit: {} })
  })

  test('a step is called what it says, or where it stands', () => {
    expect(read[0]!.steps).toMatchObject([
      { kind: 'send', id: '1' },
      {
        kind: 'branch',
        id: '2',
        cases: [{ steps: [{ id: 'asked' }, { id: '2.1.2', on: ['workdays'] }] }],
        otherwise: [{ kind: 'lent', id: '2.else.1', step: { name: 'untag' } }],
      },
      { kind: 'waitFor', id: '3', within: 3 * 86_400_000 },
    ])
  })
})
