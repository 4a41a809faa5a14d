import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkContent, newSkeleton } from '../../src/content/index.ts'
import {
  type Drop,
  dropsOf,
  dueOf,
  fingerprintOf,
  FrozenDrop,
  frozenOf,
  type Split,
  variantOf,
} from '../../src/domains/campaigns/drops/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { contentFolder } from '../support/content.ts'
import { contentOfDrops, dropFile, findingsOfDrops, withCampaigns } from '../support/drops.ts'

const findings = (keys?: Record<string, string>, body?: string): Promise<string[]> =>
  findingsOfDrops({ 'campaigns/a.md': dropFile(keys, body) })

describe('the file', () => {
  test('the drops of the example brand are in order', async () => {
    const folder = contentFolder()
    try {
      expect(await checkContent(folder.dir, withCampaigns)).toEqual([])
    } finally {
      folder.dispose()
    }
  })

  test('a new drop is a draft that passes the check and is never sent', async () => {
    const folder = contentFolder()
    try {
      await newSkeleton(folder.dir, { registry: withCampaigns, kind: 'drops', id: 'spring' })
      expect(await checkContent(folder.dir, withCampaigns)).toEqual([])
    } finally {
      folder.dispose()
    }
    expect(dropsOf(await contentOfDrops({ 'campaigns/a.md': dropFile({ draft: 'true' }) }))).toEqual([])
  })

  test('a drop with nothing but what it must have has the defaults of the rest', async () => {
    const [drop] = dropsOf(await contentOfDrops({ 'campaigns/a.md': dropFile() }))
    const h = 3_600_000
    expect(drop).toMatchObject({
      late: 2 * h,
      personal: true,
      priority: 50,
      spread: 0,
      expires: 12 * h,
      holdout: 0,
      links: 'plain',
      approval: 'required',
    })
  })

  test('a drop to groups alone is not personal', async () => {
    const [drop] = dropsOf(await contentOfDrops({ 'campaigns/a.md': dropFile({ to: '{ groups: { rules: [vip] } }' }) }))
    expect(drop).toMatchObject({ personal: false })
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['a key that nobody knows', { holdut: '3' }, /`holdut`.*`holdout`/],
    ['nobody to send to', { to: '{}' }, /`segment`, `groups` or both/],
    ['a segment that does not exist', { to: '{ segment: big-sail }' }, /"big-sail".*`big-sale`/],
    ['a group rule that does not exist', { to: '{ groups: { rules: [vpi] } }' }, /"vpi".*`vip`/],
    [
      'a segment of members that does not exist',
      { to: '{ groups: { rules: [vip], members: { segment: x } } }' },
      /^error 5:\d+ "x" is not in Segments/,
    ],
    ['no group rule', { to: '{ groups: { rules: [] } }' }, /names no group rule/],
    ['a topic that nobody may choose', { topic: '优惠' }, /"优惠" is no topic.*One of 护肤/],
    ['a spread beyond the end', { spread: '13h' }, /after it has expired/],
    ['a lateness beyond the end', { expires: '1h' }, /^warning .*`late` not longer than `expires`/],
    ['percents that do not make 100', { variants: '{ A: 50 }' }, /the percents make 50/],
    ['a variant without words', { variants: '{ A: 50, B: 50 }' }, /the text has no variant B/],
    ['an approval that is waived for direct messages', { approval: 'waived' }, /nobody may waive/],
    [
      'an approval that settings do not waive',
      { to: '{ groups: { rules: [vip] } }', approval: 'waived' },
      /settings.yaml waives no approval/,
    ],
    ['tracked links that lead nowhere', { links: 'tracked' }, /campaigns\.links\.baseUrl/],
    ['a goal that nobody lends', { goal: '{ ordr: {} }' }, /`ordr`.*`order`/],
    ['two goals', { goal: '{ order: {}, reply: {} }' }, /exactly one of /],
    [
      'an account that does not speak',
      { to: '{ groups: { rules: [vip] } }', account: 'main' },
      /^warning .*its speaker/,
    ],
  ])('%s is found', async (_, keys, finding) => {
    expect(await findings(keys)).toEqual([expect.stringMatching(finding)])
  })
})

describe('the body', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /there is no message/],
    ['nothing in a variant', '# A\n\n你好\n\n# B\n\n', /^error 12:\d there is no message/],
    ['words before the first variant', '你好\n\n# A\n\n你好', /^error 8:1 these words stand before/],
    ['a variant twice', '# A\n\n你好\n\n# A\n\n再见', /^error 12:1 the variant A begins a second time/],
    ['a wrong wait', '你好\n\n---\n等 3秒\n再见', /^error 11:3 "3秒" is no time/],
    ['a picture that is not there', '你好\n\n---\n![](media/bix.png)', /media\/bix\.png.*media\/box\.png/],
    ['a placeholder that nobody lends', '你好\n\n---\n好 {{ nmae | default: "x" }}', /^error 11:6 .*`nmae`.*`name`/],
    ['a placeholder without a default', '你好\n\n---\n好，{{ name }}', /^warning 11:6 `name` may be missing/],
    ['a field without a default', '好，{{ tags.interest | first }}', /^warning 8:6 `tags\.interest` may be missing/],
    ['a field that does not exist', '{{ tags.intrest.first | default: "x" }}', /^error 8:\d .*`tags\.intrest`/],
    ['what she must agree to', '{{ tags.skin.first | default: "x" }}', /^error 8:\d .*`tags\.skin`/],
    ['what has no words for her', '{{ tags.mood.first | default: "x" }}', /^error 8:\d .*`tags\.mood`/],
    ['tags without a field', '你好\n{% if tags %}老朋友{% endif %}', /^error 9:\d+ `tags` says nothing by itself/],
    ['a template that spans messages', '{% if name %}a\n---\nb{% endif %}', /^error 8:1/],
    ['a template that is not closed', '你好\n\n---\n好 {{ name', /^error 11:3 .*not closed/],
  ])('%s is found in its line', async (_, body, finding) => {
    const [first] = await findings({}, body)
    expect(first).toMatch(finding)
  })

  test('a placeholder with a default, or under a condition, may be missing', async () => {
    const body = [
      '{{ name | default: "你好呀" }}',
      '{% if city %}{{ city }}{% else %}你那边{% endif %}',
      '{% unless name %}在吗{% endunless %}',
      '{{ tags.interest | first | default: "护肤" }}',
      '{{ tags.interest.first | default: "护肤" }}',
      '{% if tags.interest contains "护肤" %}护肤{% endif %}',
      '{{ brand }}',
    ].join('\n')
    expect(await findings({}, body)).toEqual([])
  })

  test('an account must be one of accounts.yaml, where there is such a file', async () => {
    const file = dropFile({ account: 'xiaoyu2' })
    const accounts = 'accounts:\n  - { name: xiaoyu, token: XIAOYU_TOKEN }\n  - { name: azhou, token: AZHOU_TOKEN }\n'
    expect(await findingsOfDrops({ 'campaigns/a.md': file })).toEqual([])
    expect(await findingsOfDrops({ 'campaigns/a.md': file, 'accounts.yaml': accounts })).toEqual([
      expect.stringMatching(/^error 6:\d+ accounts\.yaml has no account "xiaoyu2".* → One of xiaoyu, azhou/),
    ])
    const known = dropFile({ account: 'azhou' })
    expect(await findingsOfDrops({ 'campaigns/a.md': known, 'accounts.yaml': accounts })).toEqual([])
  })

  test('findings stand in the right line of a file with the line ends of Windows', async () => {
    const file = dropFile({}, '你好\n再见\n\n---\n好，{{ name }}').replaceAll('\n', '\r\n')
    expect(await findingsOfDrops({ 'campaigns/a.md': file })).toEqual([expect.stringMatching(/^warning 12:6 `name`/)])
  })
})

describe('what a run keeps', () => {
  let content: Content
  let drop: Drop
  const file = dropFile(
    { variants: '{ A: 30, B: 70 }', goal: '{ order: { category: 面膜 }, within: 2d }', priority: '80' },
    '# A\n\n你好\n\n---\n![](media/box.png)\n\n# B\n\n再见',
  )
  beforeAll(async () => {
    content = await contentOfDrops({ 'campaigns/a.md': file })
    drop = dropsOf(content)[0]!
  })

  test('is all that is needed to run it later, and comes back from the database as it was', () => {
    const frozen = frozenOf(drop, content)
    expect(FrozenDrop.parse(JSON.parse(JSON.stringify(frozen)))).toEqual(JSON.parse(JSON.stringify(frozen)))
    expect(frozen).toMatchObject({
      rank: 20,
      goal: { kind: 'order', args: { category: '面膜' }, within: 172_800_000 },
      variants: [
        {
          id: 'A',
          percent: 30,
          messages: [{ text: '你好' }, { type: 'image', mediaId: content.mediaId('media/box.png') }],
        },
        { id: 'B', percent: 70, messages: [{ text: '再见' }] },
      ],
    })
  })

  test('another word, title, priority or picture is another fingerprint; another order of keys is not', async () => {
    const before = fingerprintOf(drop, content)
    const of = async (text: string, files = {}): Promise<string> => {
      const changed = await contentOfDrops({ 'campaigns/a.md': text, ...files })
      return fingerprintOf(dropsOf(changed)[0]!, changed)
    }
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    expect(await of(file)).toBe(before)
    expect(await of(file.replace('variants: { A: 30, B: 70 }', 'variants: { B: 70, A: 30 }'))).toBe(before)
    for (const changed of [
      file.replace('你好', '您好'),
      file.replace('title: 问候', 'title: 早安'),
      file.replace('priority: 80', 'priority: 81'),
    ])
      expect(await of(changed)).not.toBe(before)
    expect(await of(file, { 'media/box.png': new Uint8Array([9]) })).not.toBe(before)
  })
})

describe('who gets which variant', () => {
  const split = (percents: Record<string, number>, holdout = 0, id = 'a'): Split => ({
    id,
    variants: Object.entries(percents).map(([one, percent]) => ({ id: one, percent })),
    holdout,
  })
  const people = Array.from({ length: 10_000 }, (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`)
  const count = (of: Split): Map<string | null, number> => {
    const counts = new Map<string | null, number>()
    for (const person of people) {
      const variant = variantOf(of, person)
      counts.set(variant, (counts.get(variant) ?? 0) + 1)
    }
    return counts
  }

  test('of ten thousand people each variant and the holdout get their percents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 98 }), fc.integer({ min: 0, max: 40 }), fc.string(), (a, holdout, id) => {
        const b = Math.max(1, Math.floor((100 - a) / 3))
        const percents = { A: a, B: b, C: 100 - a - b }
        const counts = count(split(percents, holdout, id))
        const reached = (100 - holdout) / 100
        const wanted = [
          ...Object.entries(percents).map(([one, p]) => [one, p * reached] as const),
          [null, holdout] as const,
        ]
        let chi = 0
        for (const [one, percent] of wanted) {
          if (percent === 0) expect(counts.get(one) ?? 0).toBe(0)
          else chi += ((counts.get(one) ?? 0) - percent * 100) ** 2 / (percent * 100)
        }
        // Three degrees of freedom: one in ten million is above this.
        expect(chi).toBeLessThan(36)
      }),
      { numRuns: 15 },
    )
  })

  test('who gets what is the same whoever asks, in whatever order the variants stand', () => {
    for (const person of people.slice(0, 500)) {
      const variant = variantOf(split({ A: 20, B: 30, C: 50 }, 10), person)
      expect(variantOf(split({ C: 50, A: 20, B: 30 }, 10), person)).toBe(variant)
    }
  })

  test('another holdout moves nobody between variants, and only takes in or lets go', () => {
    for (const person of people.slice(0, 2_000)) {
      const less = variantOf(split({ A: 50, B: 50 }, 5), person)
      const more = variantOf(split({ A: 50, B: 50 }, 20), person)
      expect([less, null]).toContain(more)
    }
  })

  test('a new variant takes people over, and moves nobody between the old ones', () => {
    for (const person of people.slice(0, 2_000)) {
      const before = variantOf(split({ A: 50, B: 50 }), person)
      expect([before, 'C']).toContain(variantOf(split({ A: 40, B: 40, C: 20 }), person))
    }
  })

  test('two campaigns split people each in its own way', () => {
    const same = people.filter(
      (person) =>
        variantOf(split({ A: 50, B: 50 }, 0, 'a'), person) === variantOf(split({ A: 50, B: 50 }, 0, 'b'), person),
    )
    expect(Math.abs(same.length - 5_000)).toBeLessThan(300)
  })

  test('people are spread evenly over the window, each at a moment of her own', () => {
    const slot = new Date('2026-12-10T12:00:00Z')
    const spread = 3_600_000
    const quarters = [0, 0, 0, 0]
    for (const person of people) {
      const due = dueOf(slot, spread, person)
      expect(dueOf(slot, spread, person)).toEqual(due)
      const place = (due.getTime() - slot.getTime()) / spread
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThan(1)
      quarters[Math.floor(place * 4)]! += 1
    }
    for (const quarter of quarters) expect(Math.abs(quarter - 2_500)).toBeLessThan(250)
    expect(dueOf(slot, 0, people[0]!)).toEqual(slot)
  })
})
